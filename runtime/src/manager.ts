import type { ClickHouseClient } from '@clickhouse/client';
import type { ClickHouseConfig } from './config/config.js';
import { AbortedError, ManagerClosedError } from './errors.js';
import { type ClickHouseConnectionFactory, fingerprint } from './factory.js';
import { once } from './held-results.js';
import { Permits } from './permits.js';
import { forbidRecursion } from './recursion-guard.js';
import { type ClickHouseService, ManagedService } from './service.js';

export interface ManagerOptions {
  readonly config: ClickHouseConfig;
  /** The manager constructs nothing and asks no getter: clients come from here and from nowhere else. */
  readonly factory: ClickHouseConnectionFactory;
}

export interface ManagerStats {
  readonly max: number;
  readonly inUse: number;
  readonly waiting: number;
  /** Permits granted since the manager exists. */
  readonly granted: number;
  readonly timedOut: number;
  /** Clients constructed by the factory. */
  readonly created: number;
}

export interface DrainOptions {
  /** How long running statements may take to finish. */
  readonly timeoutMs?: number;
}

/** Node fires a longer timer at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Hands out the right to run a statement. It pools permits, not clients: a client is one HTTP agent, shared by all. */
export class ClickHouseConnectionManager {
  readonly #permits: Permits;
  readonly #cut = new AbortController();
  #client: ClickHouseClient | undefined;
  #state: 'open' | 'draining' | 'closed' = 'open';
  /** Runs every statement under a permit. Its `close()` drains the manager. */
  readonly service: ClickHouseService;

  constructor(private readonly options: ManagerOptions) {
    const { maxConcurrentStatements, maxWaitingStatements, acquireTimeoutMs } = options.config;
    this.#permits = new Permits({ max: maxConcurrentStatements, maxWaiting: maxWaitingStatements, acquireTimeoutMs });
    this.service = new ManagedService(
      (signal, statement) => this.#run(signal, statement),
      () => this.drain(),
    );
  }

  get config(): ClickHouseConfig {
    return this.options.config;
  }

  get state(): 'open' | 'draining' | 'closed' {
    return this.#state;
  }

  get stats(): ManagerStats {
    const { inUse, waiting, granted, timedOut, limits } = this.#permits;
    return { max: limits.max, inUse, waiting, granted, timedOut, created: this.options.factory.created };
  }

  /**
   * Takes no more statements, refuses who waits, lets running ones finish, and closes the client, under those that are still
   * running after `timeoutMs`. Draining again is harmless, and the shortest timeout counts.
   */
  async drain({ timeoutMs = 10_000 }: DrainOptions = {}): Promise<void> {
    this.#permits.close();
    if (this.#state === 'open') this.#state = 'draining';
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.min(timeoutMs, longestTimerMs))));
    await Promise.race([this.#permits.whenIdle(), timeout]);
    clearTimeout(timer);
    this.#cut.abort();
    await this.options.factory.close(this.config);
    this.#state = 'closed';
  }

  /** Drains without patience. */
  close(): Promise<void> {
    return this.drain({ timeoutMs: 0 });
  }

  async #run<Result>(signal: AbortSignal | undefined, statement: (client: ClickHouseClient, release: () => void) => Promise<Result>): Promise<Result> {
    // Before the queue: a creation that runs a statement would wait there for the permit of the statement that it is created for.
    if (!this.#client) forbidRecursion(() => fingerprint(this.config), 'a statement of the managed service');
    const permit = this.#permits.tryAcquire() ?? (await this.#permits.acquire(signal));
    const release = once(() => permit.release());
    try {
      const client = this.#client ?? (await this.#connect(signal));
      this.#mayBeSent(signal);
      return await statement(client, release);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Waits for the creation no longer than the caller and a drain do. */
  async #connect(signal: AbortSignal | undefined): Promise<ClickHouseClient> {
    this.#mayBeSent(signal);
    const given = AbortSignal.any(signal ? [this.#cut.signal, signal] : [this.#cut.signal]);
    let giveUp = (): void => undefined;
    const givenUp = new Promise<undefined>((resolve) => (giveUp = () => resolve(undefined)));
    given.addEventListener('abort', giveUp);
    const client = await Promise.race([this.options.factory.create(this.config), givenUp]).finally(() => given.removeEventListener('abort', giveUp));
    this.#mayBeSent(signal);
    if (!client) throw new ManagerClosedError();
    return (this.#client = client);
  }

  /** The client sends what was aborted before it was asked; we do not. */
  #mayBeSent(signal: AbortSignal | undefined): void {
    if (this.#cut.signal.aborted) throw new ManagerClosedError();
    if (signal?.aborted) throw new AbortedError(signal.reason);
  }
}
