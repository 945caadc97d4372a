import { setTimeout as sleep } from 'node:timers/promises';
import { type ClickHouseService, ClickHouseSsotError } from '../../runtime/src/index.js';
import type { InsertLedger } from './insert-ledger.js';

/** Numbers of concurrent loops. */
export interface LoadOptions {
  /** Half of the readers count the rows of the table, and the others read a stream. */
  readonly readers: number;
  readonly writers: number;
}

/** Mean pause between two statements of a loop, in milliseconds. */
const pauseMs = { read: 40, insert: 200 };
/** Number of rows of a stream. */
const streamedRows = 50_000;

/** Readers and writers that run until they are stopped, and count successes and failures. */
export class Load {
  /** Number of failures by error code. */
  readonly failures = new Map<string, number>();
  /** Texts of the errors that are not of the runtime. */
  readonly unclassified = new Set<string>();
  /** Resolves when all loops have ended. */
  readonly ended: Promise<unknown>;
  /** Number of started statements. */
  started = 0;
  /** Number of statements that have succeeded or failed. */
  settled = 0;
  /** Number of successful reads. */
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

  /** Number of failed statements. */
  get failed(): number {
    return [...this.failures.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Ends each loop after its current statement. */
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
        this.#recordFailure(error);
      }
      this.settled++;
      await sleep(pauseMs[kind] * (0.5 + Math.random()));
    }
  }

  #recordFailure(error: unknown): void {
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
    const result = await this.service.query({ query: `SELECT toUInt32(number) AS n FROM numbers(${streamedRows})`, format: 'JSONEachRow' });
    let rows = 0;
    for await (const chunk of result.stream<{ n: number }>()) rows += chunk.length;
    if (rows !== streamedRows) throw new Error(`Expected ${streamedRows} rows, found a regular end after ${rows}.`);
  }
}
