import { ConfigError, type ConfigProblem } from '../errors/index.js';
import { closestMatch } from './suggest-similar.js';

/** The valid values of one option. An option that is undefined counts as absent. */
export interface OptionRule {
  /** A description of the valid values, for the error. */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** Whether the option must be given. Default: false. */
  readonly isRequired?: boolean;
}

/** Some of the options. One that is undefined counts as absent. */
export type SomeOptions<Options> = { readonly [Name in keyof Options]?: Options[Name] | undefined };

/** All of the options, with a value. */
export type CompleteOptions<Options> = { readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined> };

/** A rule for each option. The type makes a new option without a rule an error of the compiler. */
export type OptionRules<Options> = { readonly [Name in keyof Required<Options>]: OptionRule };

/** A number. `Infinity` is valid, `NaN` is not: it would disable a limit silently. */
export function atLeast(min: number): OptionRule {
  return { expected: `a number, ${min} or more`, accepts: (value) => typeof value === 'number' && value >= min };
}

/** A number of things, without fractions. `Infinity` is valid. */
export function countFrom(min: number): OptionRule {
  const accepts = (value: unknown) => typeof value === 'number' && value >= min && (value === Infinity || Number.isInteger(value));
  return { expected: `a whole number, ${min} or more`, accepts };
}

export const anyText: OptionRule = { expected: 'text', accepts: (value) => typeof value === 'string' };
export const anyList: OptionRule = { expected: 'a list', accepts: Array.isArray };
export const anyBoolean: OptionRule = { expected: 'true or false', accepts: (value) => typeof value === 'boolean' };
export const anyFunction: OptionRule = { expected: 'a function', accepts: (value) => typeof value === 'function' };
export const anyObject: OptionRule = { expected: 'an object', accepts: isObject };
export const objectOrFalse: OptionRule = { expected: 'an object or false', accepts: (value) => value === false || isObject(value) };

/** An object with these methods. */
export function objectWith(expected: string, ...methods: readonly string[]): OptionRule {
  const accepts = (value: unknown) => isObject(value) && methods.every((method) => typeof Reflect.get(value, method) === 'function');
  return { expected, accepts };
}

/**
 * Returns a problem for each option that is unknown or has an invalid value.
 * @param name prefix of the keys in the problems. Empty: none.
 * @param input undefined counts as no options
 */
export function findOptionProblems<Options>(name: string, rules: OptionRules<Options>, input: unknown): ConfigProblem[] {
  const known = new Map(Object.entries<OptionRule>(rules));
  const names = [...known.keys()];
  const keyOf = (option: string) => (name === '' ? option : `${name}.${option}`);
  if (input !== undefined && !isObject(input))
    return [{ key: name === '' ? 'options' : name, found: withoutContent(input), expected: `an object with ${names.join(', ')}` }];
  const problems: ConfigProblem[] = [];
  const given = new Map<string, unknown>(Object.entries(input ?? {}));
  const values = new Map([...given].filter(([, value]) => value !== undefined));
  for (const [option, value] of values) {
    const rule = known.get(option);
    if (!rule) problems.push({ key: keyOf(option), found: 'an unknown option', expected: meantOptions(option, names) });
    else if (!rule.accepts(value)) problems.push({ key: keyOf(option), found: describe(value), expected: rule.expected });
  }
  for (const [option, { isRequired = false, expected }] of known)
    if (isRequired && !values.has(option)) problems.push({ key: keyOf(option), found: 'nothing', expected });
  return problems;
}

/** @throws ConfigError with each option that is unknown or has an invalid value */
export function assertOptions<Options>(name: string, rules: OptionRules<Options>, input: unknown): void {
  const problems = findOptionProblems(name, rules, input);
  if (problems.length > 0) throw new ConfigError(problems);
}

/** @throws ConfigError if a parameter has an invalid value */
export function assertParameter(key: string, { expected, accepts }: OptionRule, value: unknown): void {
  if (!accepts(value)) throw new ConfigError([{ key, found: withoutContent(value), expected }]);
}

/** Returns the options, completed by the defaults. An option that is undefined gets its default. @throws ConfigError as `assertOptions` */
export function completeOptions<Options extends object>(
  name: string,
  rules: OptionRules<Options>,
  defaults: Options,
  input: SomeOptions<Options> = {},
): Options {
  assertOptions(name, rules, input);
  return { ...defaults, ...givenOptions(input) };
}

/** Returns the options without those that are undefined, so that a spread keeps the defaults of these. */
export function givenOptions(input: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Describes what stands in place of an object. A text may be a URL with a password. */
export function withoutContent(value: unknown): string {
  return typeof value === 'string' ? 'text' : describe(value);
}

/** Describes a value without its content, except for short values. */
function describe(value: unknown): string {
  if (typeof value === 'string') return value.length <= 40 ? JSON.stringify(value) : 'a long text';
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'a list';
  return isObject(value) ? 'an object' : String(value);
}

/** Returns the option that an unknown name probably means. Undefined if there is none. */
export function meantOption(name: string, names: readonly string[]): string | undefined {
  const [word, lower] = [name.toLowerCase(), (text: string) => text.toLowerCase()];
  const related = names.filter((each) => lower(each).includes(word) || word.includes(lower(each)));
  return closestMatch(name, names) ?? (related.length === 1 ? related[0] : undefined);
}

/** Returns the option that an unknown name probably means, or all options. */
function meantOptions(name: string, names: readonly string[]): string {
  const meant = meantOption(name, names);
  return meant === undefined ? `one of ${names.join(', ')}` : `"${meant}"`;
}
