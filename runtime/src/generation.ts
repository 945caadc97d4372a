import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import type { ClickHouseConfig } from './config/config.js';
import { ManagerClosedError } from './errors.js';
import { type ClickHouseConnectionFactory, fingerprint } from './factory.js';
import type { StatementCutError } from './lease-errors.js';
import { atMost } from './patience.js';
import { forbidRecursion } from './recursion-guard.js';
import type { Statement, StatementKeeper } from './statement.js';

/** Where a statement may be sent. */
export interface Host {
  /** Undefined until it is connected. */
  readonly client: ClickHouseClient | undefined;
  connect(interrupted: AbortSignal): Promise<ClickHouseClient>;
  admit(statement: Statement): void;
  /** @throws ConnectionRecursionError if this is called by the creation of its own client */
  forbidRecursion(): void;
}

const firstPauseMs = 10;
const longestPauseMs = 5_000;

/** One client for as long as it serves, and then until its last statement has ended. */
export class Generation implements Host, StatementKeeper {
  readonly #statements = new Set<Statement>();
  readonly #closed = new AbortController();
  #client: ClickHouseClient | undefined;
  #creation: Promise<ClickHouseClient> | undefined;
  #failures = 0;
  #failedAt = 0;
  #idle: (() => void)[] = [];
  #old: { readonly close: () => Promise<void> } | undefined;

  constructor(
    readonly config: ClickHouseConfig,
    private readonly factory: ClickHouseConnectionFactory,
  ) {}

  get client(): ClickHouseClient | undefined {
    return this.#client;
  }

  admit(statement: Statement): void {
    this.#statements.add(statement);
    statement.keptBy(this);
  }

  ended(statement: Statement): void {
    this.#statements.delete(statement);
    if (this.#statements.size === 0 && this.#idle.length > 0) for (const settle of this.#idle.splice(0)) settle();
  }

  forbidRecursion(): void {
    if (!this.#client) forbidRecursion(() => fingerprint(this.config), 'a statement of the managed service');
  }

  /** One creation for all who wait, and each waits no longer than it likes. @throws what the creation throws, or what interrupted it */
  async connect(interrupted: AbortSignal): Promise<ClickHouseClient> {
    interrupted.throwIfAborted();
    this.#creation ??= this.#create().finally(() => (this.#creation = undefined));
    const creation = this.#creation;
    let giveUp = (): void => undefined;
    const givenUp = new Promise<void>((resolve) => (giveUp = resolve));
    interrupted.addEventListener('abort', giveUp, { once: true });
    await Promise.race([creation, givenUp]).finally(() => interrupted.removeEventListener('abort', giveUp));
    interrupted.throwIfAborted();
    return creation;
  }

  /** Lets its statements end, cuts those that are still running after `timeoutMs`, and closes the client. */
  async retire(timeoutMs: number, by: StatementCutError['by']): Promise<void> {
    if (this.#statements.size > 0) await atMost(timeoutMs, new Promise((resolve) => this.#idle.push(resolve)));
    this.#closed.abort(new ManagerClosedError());
    for (const statement of this.#statements) statement.cut(by);
    const isOpen = this.#client !== undefined || this.#creation !== undefined;
    this.#client = undefined;
    if (this.#old) await this.#old.close();
    else if (isOpen) await this.factory.close(this.config);
  }

  /** Makes room for another generation, of the same configuration perhaps, and goes on serving. */
  async giveWay(): Promise<void> {
    await this.#creation?.catch(() => undefined);
    if (this.#client) this.#old ??= this.factory.renew(this.config);
  }

  /** Connects, and has the server say that it would run a statement, with these credentials. @throws what keeps it from that */
  async prove(): Promise<void> {
    const client = await this.connect(this.#closed.signal);
    const answer = await client.ping({ select: true });
    if (!answer.success) throw answer.error;
  }

  /** After a failure there is a pause, longer from one to the next: a broken hook must not turn into a loop. */
  async #create(): Promise<ClickHouseClient> {
    if (this.#failures > 0) {
      const pauseMs = Math.min(firstPauseMs * 2 ** (this.#failures - 1), longestPauseMs);
      await sleep(Math.max(0, this.#failedAt + pauseMs - performance.now()), undefined, { signal: this.#closed.signal }).catch(() => undefined);
    }
    this.#mustBeOpen();
    try {
      const client = await this.factory.create(this.config);
      this.#mustBeOpen();
      this.#failures = 0;
      return (this.#client = client);
    } catch (error) {
      this.#failures++;
      this.#failedAt = performance.now();
      throw error;
    }
  }

  #mustBeOpen(): void {
    if (this.#closed.signal.aborted) throw new ManagerClosedError();
  }
}
