import { ConfigError, type ConfigProblem } from './errors.js';

/**
 * The defaults, but for what is said otherwise; `undefined` says nothing.
 * @throws ConfigError for whatever is no number, or one below 0: it would unbound a queue, or a loop, much later
 */
export function limitsOf<Limits extends Readonly<Record<keyof Limits, number>>>(
  name: string,
  defaults: Limits,
  said: { readonly [Name in keyof Limits]?: Limits[Name] | undefined } = {},
): Limits {
  const given = Object.entries<unknown>(said).filter(([, value]) => value !== undefined);
  const wrong = given.filter(([, value]) => typeof value !== 'number' || !(value >= 0));
  const problems = wrong.map(([key, value]): ConfigProblem => ({
    key: `${name}.${key}`,
    found: String(value),
    expected: 'a number, 0 or more',
  }));
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...defaults, ...Object.fromEntries(given) };
}
