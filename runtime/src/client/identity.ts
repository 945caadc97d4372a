import type { ConfiguredClientOptions } from '../config/client-options.js';

/** The numbers of objects. All copies of this package share them, since they compare the keys of configurations. */
interface Identities {
  readonly numbers: WeakMap<object, number>;
  last: number;
}

const globalKey = Symbol.for('@clickhouse-ssot/runtime/identities');

/**
 * Returns a text that is equal for equal options: functions, classes and objects of classes are equal if they are the same, and all other
 * values if their content is.
 */
export function optionsKey(options: ConfiguredClientOptions): string {
  return JSON.stringify(comparable(options));
}

function comparable(value: unknown): unknown {
  if (typeof value === 'function') return ['function', identityOf(value)];
  if (typeof value !== 'object' || value === null) return value;
  const prototype = Reflect.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return ['object', identityOf(value)];
  const entries: [string, unknown][] = Object.entries(value);
  return entries.map(([name, inner]) => [name, comparable(inner)] as const).sort(([one], [other]) => (one < other ? -1 : 1));
}

function identityOf(object: object): number {
  const { numbers } = identities();
  const known = numbers.get(object);
  if (known !== undefined) return known;
  const number = ++identities().last;
  numbers.set(object, number);
  return number;
}

function identities(): Identities {
  const existing: unknown = Reflect.get(globalThis, globalKey);
  if (isIdentities(existing)) return existing;
  const created: Identities = { numbers: new WeakMap(), last: 0 };
  Reflect.set(globalThis, globalKey, created);
  return created;
}

function isIdentities(value: unknown): value is Identities {
  return typeof value === 'object' && value !== null && 'numbers' in value && value.numbers instanceof WeakMap && 'last' in value;
}
