import type { ClickHouseConfig } from './config/config.js';
import { dispatcher } from './dispatch.js';
import type { ClickHouseConnectionFactory } from './factory.js';
import { Generation } from './generation.js';
import { type LeakReport, LeakWatch } from './leaks.js';
import { atMost } from './patience.js';
import { Permits } from './permits.js';
import { type ClickHouseService, ManagedService } from './service.js';

export interface ManagerOptions {
  readonly config: ClickHouseConfig;
  /** The manager constructs nothing and asks no getter: clients come from here and from nowhere else. */
  readonly factory: ClickHouseConnectionFactory;
  /** How long a statement may take, from its call to the end of its answer, where nobody says otherwise. No limit by default. */
  readonly deadlineMs?: number;
  /** A permit that is held for longer is reported, with the call that acquired it. Off by default: capturing calls costs microseconds. */
  readonly leakAfterMs?: number;
  /** Where such reports go. To the process's warnings by default. */
  readonly onLeak?: (report: LeakReport) => void;
}

export interface ServiceOptions {
  /** How long a statement may take, its wait for a permit included, and its answer read. */
  readonly deadlineMs?: number;
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

/** Hands out the right to run a statement. It pools permits, not clients: a client is one HTTP agent, shared by all. */
export class ClickHouseConnectionManager {
  readonly #permits: Permits;
  readonly #leaks: LeakWatch | undefined;
  #generation: Generation;
  #state: 'open' | 'draining' | 'closed' = 'open';
  /** Runs every statement under a permit. Its `close()` drains the manager. */
  readonly service: ClickHouseService;

  constructor(private readonly options: ManagerOptions) {
    const { maxConcurrentStatements, maxWaitingStatements, acquireTimeoutMs } = options.config;
    this.#permits = new Permits({ max: maxConcurrentStatements, maxWaiting: maxWaitingStatements, acquireTimeoutMs });
    this.#leaks = options.leakAfterMs === undefined ? undefined : new LeakWatch({ afterMs: options.leakAfterMs, ...(options.onLeak && { report: options.onLeak }) });
    this.#generation = new Generation(options.config, options.factory);
    this.service = this.serviceWith({});
  }

  get config(): ClickHouseConfig {
    return this.#generation.config;
  }

  get state(): 'open' | 'draining' | 'closed' {
    return this.#state;
  }

  get stats(): ManagerStats {
    const { inUse, waiting, granted, timedOut, limits } = this.#permits;
    return { max: limits.max, inUse, waiting, granted, timedOut, created: this.options.factory.created };
  }

  /** The service, with limits of its own. */
  serviceWith({ deadlineMs = this.options.deadlineMs }: ServiceOptions): ClickHouseService {
    const run = dispatcher({ permits: this.#permits, host: () => this.#generation, deadlineMs, leaks: this.#leaks });
    return new ManagedService(run, () => this.drain());
  }

  /**
   * Takes no more statements, refuses who waits, lets running ones finish, and cuts those that are still running after
   * `timeoutMs` with a StatementCutError. Draining again is harmless, and the shortest timeout counts.
   */
  async drain({ timeoutMs = 10_000 }: DrainOptions = {}): Promise<void> {
    this.#permits.close();
    if (this.#state === 'open') this.#state = 'draining';
    await atMost(timeoutMs, this.#permits.whenIdle());
    await this.#generation.retire(0, 'drain');
    this.#state = 'closed';
  }

  /** Drains without patience. */
  close(): Promise<void> {
    return this.drain({ timeoutMs: 0 });
  }
}
