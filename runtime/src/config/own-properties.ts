/** Returns the object without a prototype, so that a polluted `Object.prototype` cannot give it values. */
export function withoutPrototype<T extends object>(object: T): T {
  Reflect.setPrototypeOf(object, null);
  return object;
}

/** Returns a property of the object itself, or undefined. Inherited properties are no configuration. */
export function ownProperty<T extends object, K extends keyof T & string>(object: T, key: K): T[K] | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
