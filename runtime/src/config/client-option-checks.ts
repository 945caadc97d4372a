import type { ConfigProblem } from '../errors/index.js';
import { validateHeaders } from './http-headers.js';
import { closestMatch } from './suggest-similar.js';

/** Yields the problems of a value. */
export type Check = (value: unknown, key: string) => Iterable<ConfigProblem>;

export const isRecord = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isFunction = (value: unknown) => typeof value === 'function';
export const isWhole = (min: number, max: number) => (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;

export function valueThat(isValid: (value: unknown) => boolean, expected: string): Check {
  return (value, key) => (isValid(value) ? [] : [{ key, found: describe(value), expected }]);
}

/** Checks an object of options. A key that is undefined counts as absent. */
export function objectOf(fields: Readonly<Record<string, Check>>): Check {
  const checks = new Map(Object.entries(fields));
  const names = [...checks.keys()];
  return function* (value, key) {
    if (!isRecord(value)) {
      yield { key, found: describe(value), expected: `an object with ${names.join(', ')}` };
      return;
    }
    const entries: (readonly [string, unknown])[] = Object.entries(value);
    for (const [name, field] of entries) {
      const check = checks.get(name);
      if (check && field !== undefined) yield* check(field, `${key}.${name}`);
      else if (!check) yield unknownKey(name, `${key}.${name}`, names);
    }
  };
}

function unknownKey(name: string, key: string, names: readonly string[]): ConfigProblem {
  const similar = closestMatch(name, names);
  return { key, found: 'an unknown key', expected: similar === undefined ? `one of ${names.join(', ')}` : `"${similar}"` };
}

export const flag = valueThat((value) => typeof value === 'boolean', 'true or false');

function* json(value: unknown, key: string): Iterable<ConfigProblem> {
  const handling: object = isRecord(value) || typeof value === 'function' ? value : {};
  const isValid = 'parse' in handling || 'stringify' in handling;
  if (!isValid) {
    yield { key, found: describe(value), expected: 'an object with the functions parse and stringify, or one of them' };
    return;
  }
  const check = valueThat((field) => field === undefined || isFunction(field), 'a function');
  for (const name of ['parse', 'stringify']) yield* check(Reflect.get(handling, name), `${key}.${name}`);
  // Other objects are those of classes and modules, which have members of their own.
  if (Reflect.getPrototypeOf(handling) === Object.prototype) yield* objectOf({ parse: () => [], stringify: () => [] })(value, key);
}

function* headers(value: unknown, key: string): Iterable<ConfigProblem> {
  if (isRecord(value)) yield* validateHeaders(value, key);
  else yield { key, found: describe(value), expected: 'an object with a text for each header' };
}

/** The options of `PortableClientOptions`. */
export const portableChecks = {
  json,
  http_headers: headers,
  use_multipart_params: flag,
  use_multipart_params_auto: flag,
} as const satisfies Readonly<Record<string, Check>>;

/**
 * Yields a problem for each invalid or unknown option of the key `client`. An option that is undefined counts as absent.
 * @param instead returns what to write in place of an option that is not passed on. Undefined: nothing better is known.
 */
export function* findClientOptionProblems(
  options: unknown,
  checks: ReadonlyMap<string, Check>,
  instead: (name: string) => string | undefined,
): Iterable<ConfigProblem> {
  if (!isRecord(options)) {
    yield { key: 'client', found: describe(options), expected: `an object with ${[...checks.keys()].join(', ')}` };
    return;
  }
  const entries: (readonly [string, unknown])[] = Object.entries(options);
  for (const [name, value] of entries) {
    if (value === undefined) continue;
    const check = checks.get(name);
    const expected = instead(name);
    if (check) yield* check(value, `client.${name}`);
    else if (expected !== undefined) yield { key: `client.${name}`, found: 'an option that is not passed to the client', expected };
    else yield unknownKey(name, `client.${name}`, [...checks.keys()]);
  }
}

/** A text may be a secret in the wrong place. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return value.length <= 8 ? JSON.stringify(value) : 'a text';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'an object') : String(value);
}
