import type { ts as TS } from 'ts-morph';
import type { Callable } from '../typescript/syntax.js';

/** What is known about a value without running the program. By such values, the call graph distinguishes the contexts of a callable. */
export type AbstractValue =
  /** The caller or the outside may choose the value: each value is possible. */
  | { readonly kind: 'unknown' }
  /** The interpreter did not understand the expression `node`: the value may be any one. */
  | { readonly kind: 'opaque'; readonly node: TS.Node }
  /** `isFlag`: the number is a member of an enum or a number of arguments, so it is no data. */
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null | undefined | symbol; readonly isFlag?: boolean }
  /** `isExact`: the object has no property beside the listed ones. */
  | { readonly kind: 'object'; readonly properties: ReadonlyMap<string, AbstractValue>; readonly isExact: boolean }
  /** A function of the program, with the values of the variables around it and of the arguments that `bind` gave. */
  | { readonly kind: 'closure'; readonly node: Callable; readonly env: AbstractEnv; readonly bound?: readonly AbstractValue[] };

/** Any value. */
export const unknown: AbstractValue = { kind: 'unknown' };

/** The value `undefined`. */
export const undefinedValue: AbstractValue = { kind: 'literal', value: undefined };

/** An object of which nothing else is known. */
export const truthy: AbstractValue = { kind: 'object', properties: new Map(), isExact: false };

/** The values of parameters, variables and fields, by declaration. */
export type AbstractEnv = ReadonlyMap<TS.Node, AbstractValue>;

/** Returns the abstract value of a literal. */
export function literal(value: string | number | boolean | null | undefined | symbol): AbstractValue {
  return { kind: 'literal', value };
}

/** Whether nothing is known about the value. */
export function isUnknown(value: AbstractValue): boolean {
  return value.kind === 'unknown' || value.kind === 'opaque';
}

/** Returns what the value is as a condition; undefined if that is not known. */
export function toBoolean(value: AbstractValue): boolean | undefined {
  if (value.kind === 'unknown' || value.kind === 'opaque') return undefined;
  return value.kind !== 'literal' || Boolean(value.value);
}

/** Whether the value is undefined or null; undefined if that is not known. */
export function isNullish(value: AbstractValue): boolean | undefined {
  if (isUnknown(value)) return undefined;
  return value.kind === 'literal' && (value.value === undefined || value.value === null);
}

/** Whether the value is surely neither undefined nor null. */
export function isPresent(value: AbstractValue): boolean {
  return isNullish(value) === false;
}

/** Returns the value of a property. That of undefined and null is undefined, as with `?.`. */
export function propertyValue(value: AbstractValue, name: string): AbstractValue {
  if (value.kind === 'opaque') return value;
  if (value.kind === 'object')
    return value.properties.get(name) ?? (value.isExact && !(name in Object.prototype) ? undefinedValue : unknown);
  return isNullish(value) ? undefinedValue : unknown;
}

/** Returns the object with a property that has this value, or without it. */
export function withProperty(value: AbstractValue, name: string, property: AbstractValue | undefined): AbstractValue {
  const { properties, isExact } = value.kind === 'object' ? value : { properties: new Map<string, AbstractValue>(), isExact: false };
  const changed = new Map([...properties, [name, property ?? undefinedValue]]);
  if (property === undefined && isExact) changed.delete(name);
  return { kind: 'object', properties: changed, isExact };
}

/** Returns the object after a write to a key that is not known. */
export function withUnknownWrite(value: AbstractValue, node: TS.Node): AbstractValue {
  const names = value.kind === 'object' ? [...value.properties.keys()] : [];
  return { kind: 'object', properties: new Map(names.map((name) => [name, { kind: 'opaque', node } as const])), isExact: false };
}

/** Returns what holds of both values. */
export function join(one: AbstractValue, other: AbstractValue): AbstractValue {
  if (one === other) return one;
  if (one.kind === 'opaque') return one;
  if (other.kind === 'opaque') return other;
  if (one.kind === 'literal' && other.kind === 'literal') return one.value === other.value ? one : unknown;
  if (one.kind === 'closure' && other.kind === 'closure' && one.node === other.node) return one;
  if (one.kind !== 'object' || other.kind !== 'object') return unknown;
  const names = new Set([...one.properties.keys(), ...other.properties.keys()]);
  const properties = new Map([...names].map((name) => [name, join(propertyValue(one, name), propertyValue(other, name))] as const));
  return { kind: 'object', properties, isExact: one.isExact && other.isExact };
}

/** Returns a text that is equal for equal values. `idOf` returns a number for a node. */
export function toText(value: AbstractValue, idOf: (node: TS.Node) => number): string {
  switch (value.kind) {
    case 'unknown':
      return '?';
    case 'opaque':
      return `?${String(idOf(value.node))}`;
    case 'literal':
      return typeof value.value === 'string' ? JSON.stringify(value.value) : String(value.value);
    case 'closure':
      return `f${String(idOf(value.node))}(${(value.bound ?? []).map((bound) => toText(bound, idOf)).join(',')})`;
    case 'object': {
      const properties = [...value.properties].map(([name, property]) => `${name}:${toText(property, idOf)}`).sort();
      return `{${properties.join(',')}${value.isExact ? '' : ',…'}}`;
    }
  }
}
