import { ClickHouseConnectionFactory } from '../client/factory.js';
import { loadClickHouseConfig } from '../config/config.js';
import { ManagerClosedError } from '../errors/index.js';
import { ClickHouseConnectionManager } from '../manager/manager.js';
import type { ResolvedConnection } from './connection-options.js';
import { type ConnectionState, processState, type ProcessState } from './process-state.js';

let cachedState: ProcessState | undefined;

/** Returns the state that all copies of this package in the process share. */
export function sharedState(): ProcessState {
  return (cachedState ??= processState());
}

/** Returns the connection with this name. The first call reads its configuration from the environment. @throws ConfigError */
export function connectionNamed(name: string | undefined): ConnectionState {
  return connectionFor(name, () => ({
    config: loadClickHouseConfig(name === undefined ? {} : { connection: name }),
    managerOptions: {},
    factoryOptions: {},
  }));
}

/** Returns the connection with this key. The first call makes it. @throws the error of `resolve` */
export function connectionFor(key: string | undefined, resolve: () => ResolvedConnection): ConnectionState {
  const { connections } = sharedState();
  const cached = connections.get(key);
  if (cached) return cached;
  const { config, managerOptions, factoryOptions } = resolve();
  const created: ConnectionState = { config, managerOptions, factory: new ClickHouseConnectionFactory(factoryOptions), manager: undefined };
  connections.set(key, created);
  return created;
}

/**
 * Returns the manager of the connection. Makes it if there is none, or if the last one is closed.
 * @throws ConfigError if an option of the manager is invalid; ManagerClosedError if `closeClickHouse()` runs
 */
export function managerOf(connection: ConnectionState): ClickHouseConnectionManager {
  const { manager, config, factory, managerOptions } = connection;
  if (manager && manager.state !== 'closed') return manager;
  assertNotClosing();
  return (connection.manager = new ClickHouseConnectionManager({ ...managerOptions, config, factory }));
}

/** @throws ManagerClosedError if `closeClickHouse()` runs: it would not drain a manager that is made meanwhile */
export function assertNotClosing(): void {
  if (sharedState().closings > 0) throw new ManagerClosedError();
}
