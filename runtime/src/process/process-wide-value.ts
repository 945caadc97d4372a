/** Prefix of the keys in `globalThis`. */
const prefix = '@clickhouse-ssot/runtime/';

/**
 * Returns a function that reads a value that all copies of this package in the process share: an ES module and a CommonJS module, a bundle of
 * each page, several versions. The first call looks it up, so that an import has no effect, and the first copy creates it. The value is a
 * contract between versions: if its type changes, its name must change, too.
 * @param name with a version, such as `creations@1`
 * @param isValue whether a value in `globalThis` has the type
 */
export function processWideValue<Value extends object>(
  name: string,
  isValue: (value: object) => value is Value,
  create: () => Value,
): () => Value {
  let value: Value | undefined;
  return () => (value ??= findOrCreate(name, isValue, create));
}

function findOrCreate<Value extends object>(name: string, isValue: (value: object) => value is Value, create: () => Value): Value {
  const key = Symbol.for(prefix + name);
  const existing: unknown = Reflect.get(globalThis, key);
  const value: unknown = isGetter(existing) ? existing() : undefined;
  if (typeof value === 'object' && value !== null && isValue(value)) return value;
  const created = create();
  // A function: at the end of a test file, Jest deletes the properties of all objects in `globalThis`, which running code may still use.
  Reflect.set(globalThis, key, () => created);
  return created;
}

function isGetter(value: unknown): value is () => unknown {
  return typeof value === 'function';
}
