import { type ClickHouseConfig, loadClickHouseConfig } from './config/config.js';
import { ManagerInUseError } from './errors.js';
import { ClickHouseConnectionFactory, fingerprint } from './factory.js';
import { processState, type ProcessState } from './identity.js';
import { ClickHouseConnectionManager, type DrainOptions } from './manager.js';
import { forbidRecursion } from './recursion-guard.js';
import type { ClickHouseService } from './service.js';

export interface AccessorOptions {
  /** Go past the manager, straight to the factory's client: for what the manager itself depends on, health checks say. */
  readonly bypassManager?: boolean;
}

let own: ProcessState | undefined;

function state(): ProcessState {
  return (own ??= processState());
}

/** What the manager runs on now, which a rotation may have changed. */
function theConfig(): ClickHouseConfig {
  const { manager } = state();
  return manager && manager.state !== 'closed' ? manager.config : (state().config ??= loadClickHouseConfig());
}

function theFactory(): ClickHouseConnectionFactory {
  return (state().factory ??= new ClickHouseConnectionFactory());
}

/**
 * The one way in: a service that runs every statement under a permit of the process's manager.
 * @throws ConfigError; ConnectionRecursionError when called from inside the creation of the connection it asks for
 */
export async function getClickHouseClient({ bypassManager = false }: AccessorOptions = {}): Promise<ClickHouseService> {
  forbidRecursion(() => fingerprint(theConfig()), `getClickHouseClient(${bypassManager ? '{ bypassManager: true }' : ''})`);
  return bypassManager ? theFactory().create(theConfig()) : getClickHouseConnectionManager().service;
}

/** The process's connection manager, made from the environment at the first call, and anew after it was closed. @throws ConfigError */
export function getClickHouseConnectionManager(): ClickHouseConnectionManager {
  const { manager } = state();
  if (manager && manager.state !== 'closed') return manager;
  return (state().manager = new ClickHouseConnectionManager({ config: theConfig(), factory: theFactory() }));
}

/**
 * Puts an own manager in the place of the default one: configuration from code, a factory with a hook, a test.
 * @throws ManagerInUseError if the process has one that is open
 */
export function useClickHouseConnectionManager(manager: ClickHouseConnectionManager, factory: ClickHouseConnectionFactory): void {
  const { manager: current } = state();
  if (current && current !== manager && current.state !== 'closed') throw new ManagerInUseError();
  Object.assign(state(), { manager, factory, config: manager.config });
}

/** Drains the process's manager and forgets it. Who asks meanwhile is refused; who asks later starts anew, from the environment. */
export async function closeClickHouse(options?: DrainOptions): Promise<void> {
  const { manager, factory } = state();
  await manager?.drain(options);
  await factory?.close();
  if (state().manager === manager) Object.assign(state(), { manager: undefined, factory: undefined, config: undefined });
}
