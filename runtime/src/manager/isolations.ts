import type { EndpointPool } from '../endpoint/endpoint-pool.js';
import { ConfigError } from '../errors/index.js';

/** One isolated server. A rotation replaces the handle by one of the new pool. */
interface Isolation {
  readonly url: string;
  handle: Disposable;
}

/** The servers that the caller has isolated by `manager.isolate`. They outlive the pools that rotations replace. */
export class Isolations {
  readonly #active = new Set<Isolation>();

  /**
   * Isolates a server until the returned handle is disposed of.
   * @throws ConfigError if no server has this URL, or if the pool has no circuit breakers
   */
  add(url: string, pool: EndpointPool): Disposable {
    const handle = pool.isolate(url);
    if (!handle) throw unknownServer(url, pool);
    const isolation: Isolation = { url, handle };
    this.#active.add(isolation);
    const end = (): void => {
      if (this.#active.delete(isolation)) isolation.handle[Symbol.dispose]();
    };
    return { [Symbol.dispose]: end };
  }

  /** Isolates the same servers in the pool that a rotation has made. A server that it does not have is left out. */
  moveTo(pool: EndpointPool): void {
    for (const isolation of this.#active) isolation.handle = pool.isolate(isolation.url) ?? isolation.handle;
  }
}

function unknownServer(url: string, pool: EndpointPool): ConfigError {
  return new ConfigError([
    {
      key: 'isolate',
      found: JSON.stringify(url),
      expected: `one of ${pool.endpoints.map((endpoint) => endpoint.url).join(', ')}, in a manager with circuit breakers`,
    },
  ]);
}
