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
