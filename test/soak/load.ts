import { setTimeout as sleep } from 'node:timers/promises';
import { type ClickHouseService, ClickHouseSsotError } from '../../runtime/src/index.js';
import type { InsertLedger } from './insert-ledger.js';

export interface LoadOptions {
  readonly readers: number;
  readonly writers: number;
}

const pauseMs = { read: 40, insert: 200 };
const streamed = 50_000;

/** Readers and writers that run until they are stopped, and count successes and failures. */
export class Load {
  readonly failures = new Map<string, number>();
  readonly unclassified = new Set<string>();
  readonly ended: Promise<unknown>;
  started = 0;
  settled = 0;
  reads = 0;
  #isStopped = false;
  #successes: Record<'read' | 'insert', number> = { read: 0, insert: 0 };

  constructor(
    private readonly service: ClickHouseService,
    private readonly ledger: InsertLedger,
    { readers, writers }: LoadOptions,
  ) {
    const reading = Array.from({ length: readers }, (_, reader) =>
      this.#repeat('read', () => (reader % 2 === 0 ? this.#count() : this.#stream())),
    );
    const writing = Array.from({ length: writers }, (_, writer) => this.#repeat('insert', () => this.ledger.insert(writer)));
    this.ended = Promise.all([...reading, ...writing]);
  }

  get failed(): number {
    return [...this.failures.values()].reduce((sum, count) => sum + count, 0);
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Resolves when a read and an insert that started after this call have succeeded. */
  async nextSuccesses(signal: AbortSignal): Promise<void> {
    this.#successes = { read: 0, insert: 0 };
    while (this.#successes.read === 0 || this.#successes.insert === 0) await sleep(5, undefined, { signal });
  }

  async #repeat(kind: 'read' | 'insert', statement: () => Promise<void>): Promise<void> {
    while (!this.#isStopped) {
      this.started++;
      const counter = this.#successes;
      try {
        await statement();
        counter[kind]++;
        if (kind === 'read') this.reads++;
      } catch (error) {
        this.#note(error);
      }
      this.settled++;
      await sleep(pauseMs[kind] * (0.5 + Math.random()));
    }
  }

  #note(error: unknown): void {
    const code = error instanceof ClickHouseSsotError ? error.code : 'UNCLASSIFIED';
    this.failures.set(code, (this.failures.get(code) ?? 0) + 1);
    if (code === 'UNCLASSIFIED') this.unclassified.add(String(error));
  }

  async #count(): Promise<void> {
    const result = await this.service.query({ query: 'SELECT toUInt32(count()) AS n FROM soak', format: 'JSONEachRow' });
    const [row] = await result.json<{ n: number }>();
    if (row === undefined) throw new Error('Expected one row of count(), found none.');
  }

  async #stream(): Promise<void> {
    const result = await this.service.query({ query: `SELECT toUInt32(number) AS n FROM numbers(${streamed})`, format: 'JSONEachRow' });
    let rows = 0;
    for await (const chunk of result.stream<{ n: number }>()) rows += chunk.length;
    if (rows !== streamed) throw new Error(`Expected ${streamed} rows, found a clean end after ${rows}.`);
  }
}
