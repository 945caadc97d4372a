import { ClickHouseConnectionFactory } from '../client/factory.js';
import { ClickHouseConnectionManager } from '../manager/manager.js';
import type { DrainOptions } from '../manager/options.js';
import type { ResolvedConnection } from './connection-options.js';

/** One open tenant: its manager, and whether it is in use. */
export class Tenant {
  readonly manager: ClickHouseConnectionManager;
  readonly #factory: ClickHouseConnectionFactory;
  /** Time since which nothing runs, on the clock of `performance.now`. */
  #idleSince = performance.now();
  #isWatched = false;

  /** @throws ConfigError if an option of the manager is invalid */
  constructor(
    readonly key: string,
    { config, managerOptions, factoryOptions }: ResolvedConnection,
    private readonly onIdle: () => void,
  ) {
    this.#factory = new ClickHouseConnectionFactory(factoryOptions);
    this.manager = new ClickHouseConnectionManager({ ...managerOptions, config, factory: this.#factory });
  }

  /** Time since which nothing runs and nothing waits. Undefined if something does. */
  get idleSince(): number | undefined {
    const { inUse, waiting } = this.manager.stats;
    // While it is watched, the last statement has ended just now, and `#recordIdle` has not run yet.
    if (inUse + waiting === 0) return this.#isWatched ? performance.now() : this.#idleSince;
    // Statements of `manager` itself are noticed here.
    this.watch();
    return undefined;
  }

  /** Records the end of the statements that run now and until then. */
  watch(): void {
    if (this.#isWatched) return;
    this.#isWatched = true;
    void this.#recordIdle();
  }

  /** Drains the manager, and closes the client of a caller that bypassed it. */
  async drain(options?: DrainOptions): Promise<void> {
    await this.manager.drain(options);
    await this.#factory.close();
  }

  async #recordIdle(): Promise<void> {
    do await this.manager.whenIdle();
    while (this.manager.stats.inUse > 0);
    this.#isWatched = false;
    this.#idleSince = performance.now();
    this.onIdle();
  }
}
