/**
 * Returns a copy of a value, in which arrays, plain objects, maps and dates are copies too. Other objects are shared: an object of a class may
 * have private state, and a stream is read once.
 */
export function copyValues<Value>(value: Value): Value;
export function copyValues(value: unknown): unknown {
  return copy(value, new Map());
}

/** @param copies the copy of each object so far: an object may contain itself */
function copy(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  const prototype = Reflect.getPrototypeOf(value);
  if (prototype === Date.prototype && value instanceof Date) return new Date(value);
  if (prototype === Map.prototype && value instanceof Map) {
    const map = new Map<unknown, unknown>();
    copies.set(value, map);
    for (const [key, item] of value) map.set(copy(key, copies), copy(item, copies));
    return map;
  }
  if (prototype === Array.prototype && Array.isArray(value)) {
    const list: unknown[] = [];
    copies.set(value, list);
    for (const item of value) list.push(copy(item, copies));
    return list;
  }
  if (prototype !== null && Reflect.getPrototypeOf(prototype) !== null) return value;
  const object: Record<string, unknown> = { ...value };
  Reflect.setPrototypeOf(object, prototype);
  copies.set(value, object);
  for (const [key, item] of Object.entries(object)) object[key] = copy(item, copies);
  return object;
}
