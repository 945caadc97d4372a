import { type AbstractValue, literal } from './abstract-value.js';

/** Functions of the language that give another primitive value for a primitive value, by the name under which code calls them. */
export type Conversion = 'String' | 'Number' | 'toString' | 'stringify' | 'trim' | 'toLowerCase' | 'toUpperCase';

const conversions: Readonly<Record<Conversion, (value: Primitive) => Primitive>> = {
  String,
  Number: (value) => (typeof value === 'symbol' ? undefined : Number(value)),
  toString: String,
  stringify: (value) => JSON.stringify(value),
  trim: (value) => String(value).trim(),
  toLowerCase: (value) => String(value).toLowerCase(),
  toUpperCase: (value) => String(value).toUpperCase(),
};

type Primitive = string | number | boolean | null | undefined | symbol;

export function isConversion(name: string): name is Conversion {
  return Object.hasOwn(conversions, name);
}

/** Returns the converted value; undefined if the value is no known primitive. An unknown value stays unknown. */
export function convert(name: Conversion, value: AbstractValue): AbstractValue | undefined {
  if (value.kind === 'unknown' || value.kind === 'opaque') return value;
  return value.kind === 'literal' ? literal(conversions[name](value.value)) : undefined;
}
