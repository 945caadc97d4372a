import { ClickHouseError } from '@clickhouse/client';

export { ClickHouseError };

/**
 * Returns a prototype with the members of this one and of its base classes, in front of that of the official `ClickHouseError`. So an
 * instance is an `instanceof ClickHouseError`. The `instanceof` of this package compares a brand, and is not affected.
 */
export function officialErrorPrototype(prototype: object): object {
  const members: PropertyDescriptorMap = {};
  for (let type: object | null = prototype; type && type !== Error.prototype; type = Reflect.getPrototypeOf(type))
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(type))) members[name] ??= descriptor;
  const bridge: object = {};
  Reflect.setPrototypeOf(bridge, ClickHouseError.prototype);
  return Object.defineProperties(bridge, members);
}
