import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import type { ClickHouseConfig } from './config/config.js';
import { ManagerClosedError } from './errors.js';
import { type ClickHouseConnectionFactory, fingerprint } from './factory.js';
import type { StatementCutError } from './lease-errors.js';
import { atMost } from './patience.js';
import { forbidRecursion } from './recursion-guard.js';
import type { Statement, StatementKeeper } from './statement.js';

/** What runs on a client and would end with it: a statement, a session. */
export interface Tenant {
  cut(by: StatementCutError['by']): void;
}

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
  readonly #tenants = new Set<Tenant>();
  readonly #closed = new AbortController();
  #client: ClickHouseClient | undefined;
  #creation: Promise<ClickHouseClient> | undefined;
  #failures = 0;
  #failedAt = 0;
  #idle: (() => void)[] = [];

  constructor(
    readonly config: ClickHouseConfig,
    private readonly factory: ClickHouseConnectionFactory,
  ) {}

  get client(): ClickHouseClient | undefined {
    return this.#client;
  }

  admit(statement: Statement): void {
    this.#tenants.add(statement);
    statement.keptBy(this);
  }

  ended(statement: Statement): void {
    this.leave(statement);
  }

  enter(tenant: Tenant): void {
    this.#tenants.add(tenant);
  }

  leave(tenant: Tenant): void {
    this.#tenants.delete(tenant);
    if (this.#tenants.size === 0 && this.#idle.length > 0) for (const settle of this.#idle.splice(0)) settle();
  }

  forbidRecursion(): void {
    if (!this.#client) forbidRecursion(() => fingerprint(this.config), 'a statement of the managed service');
  }

  /** One creation for all who wait, and each waits no longer than it likes. @throws what the creation throws, or what interrupted it */
  async connect(interrupted: AbortSignal): Promise<ClickHouseClient> {
    this.#creation ??= this.#create().finally(() => (this.#creation = undefined));
    const creation = this.#creation;
    // Whoever is interrupted leaves it to the others, and to nobody if there are none.
    creation.catch(() => undefined);
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(interrupted.reason instanceof Error ? interrupted.reason : new ManagerClosedError());
      if (interrupted.aborted) return giveUp();
      interrupted.addEventListener('abort', giveUp, { once: true });
      creation.then(resolve, reject).finally(() => interrupted.removeEventListener('abort', giveUp));
    });
  }

  /** Lets its statements end, cuts those that are still running after `timeoutMs`, and closes the client. */
  async retire(timeoutMs: number, by: StatementCutError['by']): Promise<void> {
    if (this.#tenants.size > 0) await atMost(timeoutMs, new Promise((resolve) => this.#idle.push(resolve)));
    this.#closed.abort();
    for (const tenant of this.#tenants) tenant.cut(by);
    this.#client = undefined;
    await this.factory.close(this.config);
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
