import { isObject } from '../config/validate-options.js';
import type { ClickHouseConnectionManager } from '../manager/manager.js';
import { type ClickHouseOptions, type ResolvedConnection, resolveConnection } from './connection-options.js';
import { connectionFor, connectionNamed, managerOf, sharedState } from './connections.js';
import { identityOf } from './identity.js';
import { type LazyClickHouseService, LazyService, type ManagerSource } from './lazy-service.js';
import type { ConnectionState } from './process-state.js';

/**
 * Returns a service for a constant of a module: `export const clickhouse = clickHouse()`. The call itself reads, makes and validates
 * nothing. The first statement does, and rejects with ConfigError if the configuration is invalid.
 * - Without options, the service uses the connection of `getClickHouseClient()`; with `connection` alone, that named connection.
 * - With other options it has a connection of its own. All services of the process whose options result in the same configuration, manager
 *   options and factory options share it. Functions count as the same if their source text is the same.
 *
 * `closeClickHouse()` drains the connection. A later statement opens it again.
 */
export function clickHouse(options: ClickHouseOptions = {}): LazyClickHouseService {
  // The first statement rejects what is no object.
  if (!isObject(options) || options instanceof URL) return new LazyService(ownConnection(options));
  const { connection, ...others } = options;
  // An undefined key counts as absent.
  const hasOptions = Object.values<unknown>(others).some((value) => value !== undefined);
  return new LazyService(hasOptions ? ownConnection({ ...options }) : sharedConnection(connection));
}

/** The connection that the accessors use as well. */
function sharedConnection(name: string | undefined): ManagerSource {
  return { ...whileOpen(() => connectionNamed(name)), existing: () => sharedState().connections.get(name)?.manager };
}

function ownConnection(options: ClickHouseOptions): ManagerSource {
  const resolve = (): ConnectionState => {
    const resolved = resolveConnection(options);
    return connectionFor(keyOf(resolved), () => resolved);
  };
  return { ...whileOpen(resolve), existing: () => sharedState().connections.get(keyOf(resolveConnection(options)))?.manager };
}

/** Keeps the manager until it is closed. Then the connection is resolved again. */
function whileOpen(resolve: () => ConnectionState): Pick<ManagerSource, 'manager'> {
  let manager: ClickHouseConnectionManager | undefined;
  return {
    manager: () => {
      if (manager === undefined || manager.state === 'closed') manager = managerOf(resolve());
      return manager;
    },
  };
}

/** Returns a key that is no name of a connection. Provenance is left out: it does not matter where a value comes from. */
function keyOf({ config, managerOptions, factoryOptions }: ResolvedConnection): string {
  return `options:${identityOf({ config: { ...config, provenance: undefined }, managerOptions, factoryOptions })}`;
}
