import type { ts as TS } from 'ts-morph';

/** What we know of a value without running the program. */
export type AbstractValue =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null | undefined }
  /** `isWhole`: a property that is not listed is not there. */
  | { readonly kind: 'object'; readonly properties: ReadonlyMap<string, AbstractValue>; readonly isExact: boolean };

export const unknown: AbstractValue = { kind: 'unknown' };
export const undefinedValue: AbstractValue = { kind: 'literal', value: undefined };

/** What is known of parameters and what was taken out of them, by declaration. */
export type AbstractEnv = ReadonlyMap<TS.Node, AbstractValue>;

export function toBoolean(known: AbstractValue): boolean | undefined {
  if (known.kind === 'unknown') return undefined;
  return known.kind === 'object' || Boolean(known.value);
}

/** Is it there: neither undefined nor null? */
export function isPresent(known: AbstractValue): boolean {
  return known.kind === 'object' || (known.kind === 'literal' && known.value !== undefined && known.value !== null);
}

export function propertyOfKnown(known: AbstractValue, name: string): AbstractValue {
  if (known.kind === 'object') return known.properties.get(name) ?? (known.isExact ? undefinedValue : unknown);
  return known.kind === 'literal' && (known.value === undefined || known.value === null) ? undefinedValue : unknown;
}

/** Something that is there, of which no more is known. */
export const truthy: AbstractValue = { kind: 'object', properties: new Map(), isExact: false };

/** What holds of both. */
export function join(one: AbstractValue, other: AbstractValue): AbstractValue {
  if (one.kind === 'literal' && other.kind === 'literal') return one.value === other.value ? one : unknown;
  if (one.kind !== 'object' || other.kind !== 'object') return unknown;
  const names = new Set([...one.properties.keys(), ...other.properties.keys()]);
  const properties = new Map([...names].map((name) => [name, join(propertyOfKnown(one, name), propertyOfKnown(other, name))] as const));
  return { kind: 'object', properties, isExact: one.isExact && other.isExact };
}
