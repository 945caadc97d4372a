import type { Attributes } from '@opentelemetry/api';
import type { ClickHouseConfig } from '../config/config.js';
import type { ObservedManager } from '../telemetry/telemetry.js';

/**
 * Assigns each manager a pool name that is unique in the process, as the conventions require: managers with the same connection, server and
 * database get the suffixes `#2`, `#3` and so on. The name of a closed manager is reused, so that its successor continues its time series.
 */
export class PoolNames {
  /** The managers of each name. The index of a manager decides its suffix. */
  readonly #managers = new Map<string, ObservedManager[]>();

  /** Returns the pool name of a manager as an attribute. Assigns the name on the first call. */
  attributesOf(manager: ObservedManager): Attributes {
    const name = poolNameOf(manager.config);
    const managers = this.#managers.get(name) ?? [];
    this.#managers.set(name, managers);
    let index = managers.indexOf(manager);
    if (index === -1) {
      index = managers.findIndex(({ state }) => state === 'closed');
      if (index === -1) index = managers.length;
      managers[index] = manager;
    }
    return poolAttributes(index === 0 ? name : `${name}#${index + 1}`);
  }
}

/** Returns a pool name as an attribute. */
export function poolAttributes(name: string): Attributes {
  return { 'db.client.connection.pool.name': name };
}

/** Returns the pool name without a suffix, such as `analytics@host:8123/shop`. The name of several servers is that of the first one. */
export function poolNameOf({ connection, engine, database }: ClickHouseConfig): string {
  const target = engine.kind === 'server' ? `${engine.host}:${engine.port}/${database}` : `embedded/${database}`;
  return connection === undefined ? target : `${connection}@${target}`;
}
