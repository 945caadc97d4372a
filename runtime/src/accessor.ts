import { loadClickHouseConfig } from './config/config.js';
import { ClickHouseConnectionFactory, fingerprint } from './factory.js';
import { processState, type ProcessState } from './identity.js';
import { ClickHouseConnectionManager } from './manager.js';
import { forbidRecursion } from './recursion-guard.js';
import type { ClickHouseService } from './service.js';

export interface AccessorOptions {
  /** Go past the manager, straight to the factory's client: for what the manager itself runs on, health checks say. */
  readonly bypassManager?: boolean;
}

let own: ProcessState | undefined;

function state(): ProcessState {
  own ??= processState();
  return own;
}

function theFactory(): ClickHouseConnectionFactory {
  return (state().factory ??= new ClickHouseConnectionFactory());
}

/**
 * The one way in: a service that runs every statement under a permit of the process's manager.
 * @throws ConfigError; ConnectionRecursionError when called from inside the creation of the connection it asks for
 */
export async function getClickHouseClient({ bypassManager = false }: AccessorOptions = {}): Promise<ClickHouseService> {
  const manager = getClickHouseConnectionManager();
  forbidRecursion(fingerprint(manager.config), `getClickHouseClient(${bypassManager ? '{ bypassManager: true }' : ''})`);
  return bypassManager ? theFactory().create(manager.config) : manager.service;
}

/** The process's connection manager, made from the environment at the first call. @throws ConfigError */
export function getClickHouseConnectionManager(): ClickHouseConnectionManager {
  return (state().manager ??= new ClickHouseConnectionManager({ config: loadClickHouseConfig(), factory: theFactory() }));
}

/** Puts an own manager in the place of the default one: configuration from code, a factory with a hook, a test. */
export function useClickHouseConnectionManager(manager: ClickHouseConnectionManager, factory: ClickHouseConnectionFactory): void {
  state().manager = manager;
  state().factory = factory;
}

/** Drains the process's manager and forgets it; the next call of a getter starts anew. */
export async function closeClickHouse({ timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {}): Promise<void> {
  const { manager } = state();
  state().manager = undefined;
  state().factory = undefined;
  await manager?.drain({ timeoutMs });
}
