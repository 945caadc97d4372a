import type { ClickHouseClient } from '@clickhouse/client';

const names = ['query', 'insert', 'command', 'exec', 'ping', 'close'] as const;

/**
 * Makes the methods of a service independent of `this`. Applications call them through a Proxy or an object that inherits from the service,
 * which works for the official client, but such an object has no private members. They are not enumerable, as methods of a class.
 */
export function bindMethods(service: Pick<ClickHouseClient, (typeof names)[number]>): void {
  for (const name of names) {
    const method: (...parameters: never[]) => unknown = service[name];
    Object.defineProperty(service, name, { value: method.bind(service), writable: true, configurable: true });
  }
}
