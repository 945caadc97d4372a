import { type ClickHouseConfig, loadClickHouseConfig } from '../config/config.js';
import { ManagerAlreadySetError } from '../errors/index.js';
import { ClickHouseConnectionFactory, configKey } from '../client/factory.js';
import { type ConnectionState, processState, type ProcessState } from './process-state.js';
import { ClickHouseConnectionManager } from '../manager/manager.js';
import { anyBoolean, anyText, assertOptions, type OptionRules } from '../config/validate-options.js';
import { type DrainOptions, drainRules } from '../manager/options.js';
import { assertNotRecursive } from '../concurrency/recursion-guard.js';
import type { ClickHouseService } from '../statement/service.js';

/** Options of `getClickHouseClient()`. */
export interface AccessorOptions {
  /**
   * Whether to return the client of the factory, which runs statements without a permit. For code that the manager depends on, and for code
   * that must not wait for a permit, such as a health check. Default: `false`.
   */
  readonly bypassManager?: boolean;
  /** Name of the connection: `analytics` reads `CLICKHOUSE_ANALYTICS_URL` and so on. Default: the connection without a name. */
  readonly connection?: string;
}

const rules: OptionRules<AccessorOptions> = { bypassManager: anyBoolean, connection: anyText };

let cachedState: ProcessState | undefined;

function state(): ProcessState {
  return (cachedState ??= processState());
}

/** Returns the connection with this name. The first call reads its configuration from the environment. @throws ConfigError */
function connectionNamed(name: string | undefined): ConnectionState {
  const { connections } = state();
  const cached = connections.get(name);
  if (cached) return cached;
  const created: ConnectionState = {
    config: loadClickHouseConfig(name === undefined ? {} : { connection: name }),
    factory: new ClickHouseConnectionFactory(),
    manager: undefined,
  };
  connections.set(name, created);
  return created;
}

/** Returns the configuration that the manager uses, which a rotation may have replaced. @throws ConfigError */
function currentConfig(name: string | undefined): ClickHouseConfig {
  const { manager, config } = connectionNamed(name);
  return manager && manager.state !== 'closed' ? manager.config : config;
}

/**
 * Resolves with the service of the process's manager, which runs every statement under a permit. This is the only function that application
 * code needs to get a client.
 * @throws ConfigError; ConnectionRecursionError if it is called inside the creation of the same connection; with `bypassManager`, the
 * errors of `ClickHouseConnectionFactory.create()`
 */
export async function getClickHouseClient(options: AccessorOptions = {}): Promise<ClickHouseService> {
  assertOptions('getClickHouseClient', rules, options);
  const { bypassManager = false, connection } = options;
  const entryPoints = [getClickHouseClient];
  const step = `getClickHouseClient(${bypassManager ? '{ bypassManager: true }' : ''})`;
  assertNotRecursive(() => configKey(currentConfig(connection)), step, entryPoints);
  return bypassManager
    ? connectionNamed(connection).factory.createFor(entryPoints, currentConfig(connection))
    : getClickHouseConnectionManager(connection).service;
}

/**
 * Returns the process's manager of this connection. The first call creates it from the environment. A call after the manager was closed
 * creates a new one.
 * @param connection name of the connection. Default: the connection without a name.
 * @throws ConfigError
 */
export function getClickHouseConnectionManager(connection?: string): ClickHouseConnectionManager {
  const cached = connectionNamed(connection);
  if (cached.manager && cached.manager.state !== 'closed') return cached.manager;
  return (cached.manager = new ClickHouseConnectionManager({ config: cached.config, factory: cached.factory }));
}

/**
 * Replaces the default manager of this connection: for a configuration from code, a factory with a hook, or a test.
 * @param factory the factory of the manager. `getClickHouseClient({ bypassManager: true })` uses it.
 * @param connection name of the connection. Default: the connection without a name.
 * @throws ManagerAlreadySetError if the connection has another manager that is not closed
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

/**
 * Drains and closes all connections of the process and removes them. New and waiting statements fail with ManagerClosedError. A later
 * `getClickHouseClient()` reads the environment again.
 */
export async function closeClickHouse(options?: DrainOptions): Promise<void> {
  assertOptions('closeClickHouse', drainRules, options);
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
