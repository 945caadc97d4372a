import type { ClickHouseConfig } from '../config/config.js';
import { processWideValue } from '../process/process-wide-value.js';
import type { ObservedManager } from './telemetry.js';

/**
 * The managers that have run a statement, each as a pool with a name that is unique in the process: managers with the same connection, server
 * and database get the suffixes `#2`, `#3` and so on. The name of a closed manager is reused, so that its successor continues its time series.
 */
export class Pools {
  readonly #names = new Map<ObservedManager, { readonly base: string; readonly name: string }>();

  /** Returns the name of a manager's pool. Adds the manager on the first call. A rotation to another server or database changes the name. */
  nameOf(manager: ObservedManager): string {
    const base = poolNameOf(manager.config);
    const known = this.#names.get(manager);
    if (known?.base === base) return known.name;
    this.#names.delete(manager);
    const used = new Set(this.open().map(([, name]) => name));
    let name = base;
    for (let suffix = 2; used.has(name); suffix++) name = `${base}#${suffix}`;
    this.#names.set(manager, { base, name });
    return name;
  }

  /** Returns the managers that are not closed, with their names. Forgets the others. */
  open(): readonly (readonly [ObservedManager, string])[] {
    for (const manager of this.#names.keys()) if (manager.state === 'closed') this.#names.delete(manager);
    return [...this.#names].map(([manager, { name }]) => [manager, name]);
  }
}

/** Returns the pools of the process. Traces, metrics and log lines share them, so that a manager has the same name in all of them. */
export const processPools = processWideValue<Pools>(
  'pools@1',
  (value): value is Pools => 'nameOf' in value && 'open' in value,
  () => new Pools(),
);

/** Returns the pool name without a suffix, such as `analytics@host:8123/shop`. The name of several servers is that of the first one. */
export function poolNameOf({ connection, engine, database }: ClickHouseConfig): string {
  const target = engine.kind === 'server' ? `${engine.host}:${engine.port}/${database}` : `embedded/${database}`;
  return connection === undefined ? target : `${connection}@${target}`;
}
