import { type ClickHouseConfig, loadClickHouseConfig } from '../config/config.js';
import { ManagerAlreadySetError } from '../errors/index.js';
import { ClickHouseConnectionFactory, configKey } from '../client/factory.js';
import { type ConnectionState, processState, type ProcessState } from './process-state.js';
import { ClickHouseConnectionManager } from '../manager/manager.js';
import type { DrainOptions } from '../manager/options.js';
import { assertNotRecursive } from '../concurrency/recursion-guard.js';
import type { ClickHouseService } from '../statement/service.js';

export interface AccessorOptions {
  /** Go past the manager, straight to the factory's client: for what the manager itself depends on, health checks say. */
  readonly bypassManager?: boolean;
  /** Which one, where there are several: `analytics` reads `CLICKHOUSE_ANALYTICS_URL`, and so on. */
  readonly connection?: string;
}

let own: ProcessState | undefined;

function state(): ProcessState {
  return (own ??= processState());
}

/** Read from the environment when somebody first asks for it. @throws ConfigError */
function theConnection(name: string | undefined): ConnectionState {
  const { connections } = state();
  const known = connections.get(name);
  if (known) return known;
  const made: ConnectionState = {
    config: loadClickHouseConfig(name === undefined ? {} : { connection: name }),
    factory: new ClickHouseConnectionFactory(),
    manager: undefined,
  };
  connections.set(name, made);
  return made;
}

/** What the manager runs on now, which a rotation may have changed. */
function theConfig(name: string | undefined): ClickHouseConfig {
  const { manager, config } = theConnection(name);
  return manager && manager.state !== 'closed' ? manager.config : config;
}

/**
 * The one way in: a service that runs every statement under a permit of the process's manager.
 * @throws ConfigError; ConnectionRecursionError when called from inside the creation of the connection it asks for
 */
export async function getClickHouseClient({ bypassManager = false, connection }: AccessorOptions = {}): Promise<ClickHouseService> {
  const entryPoints = [getClickHouseClient];
  const step = `getClickHouseClient(${bypassManager ? '{ bypassManager: true }' : ''})`;
  assertNotRecursive(() => configKey(theConfig(connection)), step, entryPoints);
  return bypassManager
    ? theConnection(connection).factory.createFor(entryPoints, theConfig(connection))
    : getClickHouseConnectionManager(connection).service;
}

/** The process's connection manager, one for each name, made from the environment at the first call, and anew after it was closed. @throws ConfigError */
export function getClickHouseConnectionManager(connection?: string): ClickHouseConnectionManager {
  const known = theConnection(connection);
  if (known.manager && known.manager.state !== 'closed') return known.manager;
  return (known.manager = new ClickHouseConnectionManager({ config: known.config, factory: known.factory }));
}

/**
 * Puts an own manager in the place of the default one: configuration from code, a factory with a hook, a test.
 * @throws ManagerAlreadySetError if the process has one of this name that is open
 */
export function useClickHouseConnectionManager(
  manager: ClickHouseConnectionManager,
  factory: ClickHouseConnectionFactory,
  connection?: string,
): void {
  const { connections } = state();
  const current = connections.get(connection)?.manager;
  if (current && current !== manager && current.state !== 'closed') throw new ManagerAlreadySetError();
  connections.set(connection, { config: manager.config, factory, manager });
}

/** Drains all managers of the process and forgets them. Who asks meanwhile is refused; who asks later starts anew, from the environment. */
export async function closeClickHouse(options?: DrainOptions): Promise<void> {
  const { connections } = state();
  await Promise.all(
    [...connections].map(async ([name, connection]) => {
      const { manager, factory } = connection;
      await manager?.drain(options);
      await factory.close();
      if (connections.get(name) === connection && connection.manager === manager) connections.delete(name);
    }),
  );
}
