import type { ConfigProblem } from '../errors/index.js';

export function problemsOfSettings(settings: object): readonly ConfigProblem[] {
  const values: (readonly [string, unknown])[] = Object.entries(settings);
  return values
    .filter(([, value]) => value === null || typeof value === 'function')
    .map(([name, value]) => ({ key: `settings.${name}`, found: String(value), expected: 'the value of a ClickHouse setting' }));
}

/** To the last map within it, and each in its class: the client knows a `SettingsMap` by it, and would change what it was given itself. */
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
