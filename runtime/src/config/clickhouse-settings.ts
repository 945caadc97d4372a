import type { ConfigProblem } from '../errors/index.js';
import { isObject } from './validate-options.js';

/** Returns a problem for each value that is null or a function. All other values are sent to the server, which checks them. */
export function validateSettings(settings: unknown): readonly ConfigProblem[] {
  const expected = 'an object with ClickHouse settings by name';
  if (!isObject(settings)) return [{ key: 'settings', found: Array.isArray(settings) ? 'a list' : `a ${typeof settings}`, expected }];
  const values: (readonly [string, unknown])[] = Object.entries(settings);
  return values
    .filter(([, value]) => value === null || typeof value === 'function')
    .map(([name, value]) => ({ key: `settings.${name}`, found: String(value), expected: 'the value of a ClickHouse setting' }));
}

/**
 * Returns a deep, frozen copy without keys that are undefined, since the client changes its settings. Prototypes stay, since the client
 * recognises a `SettingsMap` by its class.
 */
export function frozenCopy<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  const copy = { ...value };
  Reflect.setPrototypeOf(copy, Reflect.getPrototypeOf(value));
  for (const key of Reflect.ownKeys(copy)) {
    const inner: unknown = Reflect.get(copy, key);
    if (inner === undefined) Reflect.deleteProperty(copy, key);
    else Reflect.set(copy, key, frozenCopy(inner));
  }
  return Object.freeze(copy);
}
