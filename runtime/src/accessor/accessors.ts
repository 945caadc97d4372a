import type { ClickHouseConfig } from '../config/config.js';
import { ManagerAlreadySetError } from '../errors/index.js';
import { configKey } from '../client/config-key.js';
import type { ClickHouseConnectionFactory } from '../client/factory.js';
import { connectionNamed, managerOf, sharedState } from './connections.js';
import type { ClickHouseConnectionManager } from '../manager/manager.js';
import { openManagers } from '../manager/open-managers.js';
import { anyBoolean, anyText, assertOptions, isObject, type OptionRules } from '../config/validate-options.js';
import { closeIngestsFirst } from '../manager/close-ingests-first.js';
import { type DrainOptions, drainRules } from '../manager/options.js';
import { assertNotRecursive } from '../concurrency/recursion-guard.js';
import type { ManagedClient } from '../statement/service.js';

/** Options of `getClickHouseClient()`. */
export interface AccessorOptions {
  /**
   * Whether to return the client of the factory, which runs statements without a permit. For code that the manager depends on, and for code
   * that must not wait for a permit, such as a health check. Default: `false`.
   */
  readonly bypassManager?: boolean | undefined;
  /** Name of the connection: `analytics` reads `CLICKHOUSE_ANALYTICS_URL` and so on. Default: the connection without a name. */
  readonly connection?: string | undefined;
}

const rules: OptionRules<AccessorOptions> = { bypassManager: anyBoolean, connection: anyText };

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
export async function getClickHouseClient(options: AccessorOptions = {}): Promise<ManagedClient> {
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
 * @throws ConfigError; ManagerClosedError while `closeClickHouse()` runs, unless the manager is not closed yet
 */
export function getClickHouseConnectionManager(connection?: string): ClickHouseConnectionManager {
  return managerOf(connectionNamed(connection));
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
  setManager(manager, factory, connection);
}

/**
 * Implements `useClickHouseConnectionManager`.
 * @param call the call of the user, for the error
 * @throws ManagerAlreadySetError
 */
export function setManager(
  manager: ClickHouseConnectionManager,
  factory: ClickHouseConnectionFactory,
  connection: string | undefined,
  call?: string,
): void {
  const { connections } = sharedState();
  const current = connections.get(connection)?.manager;
  if (current && current !== manager && current.state !== 'closed') throw new ManagerAlreadySetError(call);
  connections.set(connection, { config: manager.config, factory, managerOptions: {}, manager });
}

/**
 * Closes all ingests, and then drains and closes all connections of the process and removes them: those of the accessors, of
 * `clickHouse()` and of tenants, and every manager that code has constructed. New and waiting statements fail with ManagerClosedError once
 * the ingests are closed. After it, `getClickHouseClient()` and the services of `clickHouse()` and of tenants open their connections again,
 * and read the environment again.
 * @throws IngestUndeliveredError if an ingest without a directory has rows left, or an AggregateError for several. The connections are
 * closed all the same. ConfigError, before anything is closed, if an option is unknown or invalid.
 * @param options an object without methods. All else is ignored, so that a signal or a hook of a framework may call the function with
 * arguments of its own, such as the name of the signal or the application.
 */
export async function closeClickHouse(options?: DrainOptions): Promise<void> {
  const drainOptions = isPlainData(options) ? options : {};
  assertOptions('closeClickHouse', drainRules, drainOptions);
  const { timeoutMs = 10_000 } = drainOptions;
  await closeIngestsFirst(timeoutMs, (leftMs) => closeConnections({ timeoutMs: leftMs }));
}

/** Whether a value is an object literal without methods. An application of Fastify is a literal with methods. */
function isPlainData(value: unknown): value is object {
  if (!isObject(value)) return false;
  const prototype: unknown = Reflect.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every((each) => typeof each !== 'function');
}

async function closeConnections(drainOptions: DrainOptions): Promise<void> {
  const state = sharedState();
  const connections = [...state.connections];
  state.closings++;
  try {
    await Promise.all(openManagers().map((manager) => manager.drain(drainOptions)));
    // Also the clients of callers that bypass the manager.
    await Promise.all(connections.map(([, { factory }]) => factory.close()));
    for (const [name, connection] of connections) {
      const isReplaced = state.connections.get(name) !== connection || (connection.manager && connection.manager.state !== 'closed');
      if (!isReplaced) state.connections.delete(name);
    }
  } finally {
    state.closings--;
  }
}
