import { clickHouse } from '../accessor/click-house.js';
import { ConfigError } from '../errors/index.js';
import type { ClickHouseConnectionManager } from '../manager/manager.js';
import { closeIngestsFirst } from '../manager/close-ingests-first.js';
import type { DrainOptions } from '../manager/options.js';
import { processWideValue } from '../process/process-wide-value.js';
import type { HttpService, AppServiceOptions } from './options.js';
import { withLazySignal } from './with-signal.js';

/** An application that is open. */
interface OpenApp {
  /** Whether a service of the application has this manager. */
  uses(manager: object): boolean;
}

/** The open applications of the process. Two of them may have one connection. */
const openApps = processWideValue<Set<OpenApp>>(
  'open-apps@1',
  (value): value is Set<OpenApp> => value instanceof Set,
  () => new Set(),
);

/** The services of one application, from its start to its end. */
export class AppServices implements OpenApp {
  /** The service without a name. */
  readonly main: HttpService;
  readonly #named: ReadonlyMap<string, HttpService>;

  constructor({ service = clickHouse(), connections = {} }: AppServiceOptions) {
    this.main = service;
    this.#named = new Map(Object.entries(connections));
  }

  /** Adds the application to those that keep their connections open. */
  open(): this {
    openApps().add(this);
    return this;
  }

  /** Returns all services by name. That without a name is `default`. */
  get all(): readonly (readonly [name: string, service: HttpService])[] {
    return [['default', this.main], ...this.#named];
  }

  /** @throws ConfigError if the application has no service of this name */
  named(name: string): HttpService {
    const service = this.#named.get(name);
    if (service) return service;
    const known = [...this.#named.keys()].map((each) => `"${each}"`).join(', ');
    const expected = `${known === '' ? 'a name in "connections", which has none' : `one of ${known}`}. Add it to "connections"`;
    throw new ConfigError([{ key: 'connections', found: `no "${name}"`, expected }]);
  }

  /** Returns the services of one request. Their statements are aborted with the signal, which is read at the first statement. */
  forRequest(signalOf: () => AbortSignal): RequestServices {
    return { clickhouse: withLazySignal(this.main, signalOf), clickhouseOf: (name) => withLazySignal(this.named(name), signalOf) };
  }

  uses(manager: object): boolean {
    return this.all.some(([, service]) => existingManager(service) === manager);
  }

  /** Ends the application: drains the managers that no other open application uses. The last application closes all ingests before. */
  async drain({ timeoutMs = 10_000 }: DrainOptions): Promise<void> {
    openApps().delete(this);
    const drainAll = (leftMs: number): Promise<unknown> =>
      Promise.all(this.all.map(([, service]) => drainService(service, { timeoutMs: leftMs })));
    await (openApps().size === 0 ? closeIngestsFirst(timeoutMs, drainAll) : drainAll(timeoutMs));
  }
}

/** The services of one request. */
export interface RequestServices {
  /** The service without a name. Its statements are aborted if the client of the request goes away. */
  readonly clickhouse: HttpService;
  /** Returns the service of `connections` with this name. Its statements are aborted in the same way. @throws ConfigError */
  readonly clickhouseOf: (name: string) => HttpService;
}

async function drainService(service: HttpService, options: DrainOptions): Promise<void> {
  const manager = existingManager(service);
  if (manager === undefined) return 'manager' in service ? undefined : service.close();
  if (![...openApps()].some((app) => app.uses(manager))) await manager.drain(options);
}

/** Returns the manager, or undefined if there is none: the configuration is invalid, or `closeClickHouse()` drains it already. */
function existingManager(service: HttpService): ClickHouseConnectionManager | undefined {
  try {
    return service.manager;
  } catch {
    return undefined;
  }
}
