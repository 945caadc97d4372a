import type { ts as TS } from 'ts-morph';

/** What we know of a value without running the program. */
export type Known =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null | undefined }
  /** `isWhole`: a property that is not listed is not there. */
  | { readonly kind: 'object'; readonly properties: ReadonlyMap<string, Known>; readonly isWhole: boolean };

export const unknown: Known = { kind: 'unknown' };
export const absent: Known = { kind: 'literal', value: undefined };

/** What is known of parameters and what was taken out of them, by declaration. */
export type Bindings = ReadonlyMap<TS.Node, Known>;

export function truthOf(known: Known): boolean | undefined {
  if (known.kind === 'unknown') return undefined;
  return known.kind === 'object' || Boolean(known.value);
}

/** Is it there: neither undefined nor null? */
export function isPresent(known: Known): boolean {
  return known.kind === 'object' || (known.kind === 'literal' && known.value !== undefined && known.value !== null);
}

export function propertyOfKnown(known: Known, name: string): Known {
  if (known.kind === 'object') return known.properties.get(name) ?? (known.isWhole ? absent : unknown);
  return known.kind === 'literal' && (known.value === undefined || known.value === null) ? absent : unknown;
}

/** Something that is there, of which no more is known. */
export const something: Known = { kind: 'object', properties: new Map(), isWhole: false };

/** What holds of both. */
export function common(one: Known, other: Known): Known {
  if (one.kind === 'literal' && other.kind === 'literal') return one.value === other.value ? one : unknown;
  if (one.kind !== 'object' || other.kind !== 'object') return unknown;
  const names = new Set([...one.properties.keys(), ...other.properties.keys()]);
  const properties = new Map([...names].map((name) => [name, common(propertyOfKnown(one, name), propertyOfKnown(other, name))] as const));
  return { kind: 'object', properties, isWhole: one.isWhole && other.isWhole };
}
