import { ConfigError, type ConfigProblem } from '../errors/index.js';

/**
 * The defaults, but for what is said otherwise; `undefined` says nothing.
 * @throws ConfigError for whatever is no number, or too low: it would unbound a queue, or a loop, much later
 */
export function validateLimits<Limits extends Readonly<Record<keyof Limits, number>>>(
  name: string,
  defaults: Limits,
  said: { readonly [Name in keyof Limits]?: Limits[Name] | undefined } = {},
  least: Partial<Limits> = {},
): Limits {
  const given = Object.entries<unknown>(said).filter(([, value]) => value !== undefined);
  const leastOf = new Map<string, unknown>(Object.entries(least));
  const lowest = (key: string) => Number(leastOf.get(key) ?? 0);
  const wrong = given.filter(([key, value]) => typeof value !== 'number' || !(value >= lowest(key)));
  const problems = wrong.map(([key, value]): ConfigProblem => ({
    key: `${name}.${key}`,
    found: String(value),
    expected: `a number, ${lowest(key)} or more`,
  }));
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...defaults, ...Object.fromEntries(given) };
}
