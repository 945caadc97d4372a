import type { ts as TS } from 'ts-morph';

/** What is known about a value without running the program. By such values, the call graph distinguishes the contexts of a callable. */
export type AbstractValue =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null | undefined }
  /** `isExact`: the object has no property beside the listed ones. */
  | { readonly kind: 'object'; readonly properties: ReadonlyMap<string, AbstractValue>; readonly isExact: boolean };

/** Any value. */
export const unknown: AbstractValue = { kind: 'unknown' };

/** The value `undefined`. */
export const undefinedValue: AbstractValue = { kind: 'literal', value: undefined };

/** An object of which nothing else is known. */
export const truthy: AbstractValue = { kind: 'object', properties: new Map(), isExact: false };

/** The values of parameters and of the names that are destructured from them, by declaration. */
export type AbstractEnv = ReadonlyMap<TS.Node, AbstractValue>;

/** Returns what the value is as a condition; undefined if that is not known. */
export function toBoolean(value: AbstractValue): boolean | undefined {
  if (value.kind === 'unknown') return undefined;
  return value.kind === 'object' || Boolean(value.value);
}

/** Whether the value is surely neither undefined nor null. */
export function isPresent(value: AbstractValue): boolean {
  return value.kind === 'object' || (value.kind === 'literal' && value.value !== undefined && value.value !== null);
}

/** Returns the value of a property. That of undefined and null is undefined, as with `?.`. */
export function propertyValue(value: AbstractValue, name: string): AbstractValue {
  if (value.kind === 'object') return value.properties.get(name) ?? (value.isExact ? undefinedValue : unknown);
  return value.kind === 'literal' && (value.value === undefined || value.value === null) ? undefinedValue : unknown;
}

/** Returns what holds of both values. */
export function join(one: AbstractValue, other: AbstractValue): AbstractValue {
  if (one.kind === 'literal' && other.kind === 'literal') return one.value === other.value ? one : unknown;
  if (one.kind !== 'object' || other.kind !== 'object') return unknown;
  const names = new Set([...one.properties.keys(), ...other.properties.keys()]);
  const properties = new Map([...names].map((name) => [name, join(propertyValue(one, name), propertyValue(other, name))] as const));
  return { kind: 'object', properties, isExact: one.isExact && other.isExact };
}
