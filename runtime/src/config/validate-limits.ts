import { ConfigError, type ConfigProblem } from '../errors/index.js';

/**
 * Returns the input, completed by the defaults. A key that is undefined in the input gets its default.
 * @param name prefix of the keys in the error
 * @param minimums the smallest valid value of each key. Default: 0.
 * @throws ConfigError for each value that is not a number or is too low. Without the check, it would disable a limit silently.
 */
export function validateLimits<Limits extends Readonly<Record<keyof Limits, number>>>(
  name: string,
  defaults: Limits,
  input: { readonly [Name in keyof Limits]?: Limits[Name] | undefined } = {},
  minimums: Partial<Limits> = {},
): Limits {
  const values = Object.entries<unknown>(input).filter(([, value]) => value !== undefined);
  const minimumsByKey = new Map<string, unknown>(Object.entries(minimums));
  const minimum = (key: string) => Number(minimumsByKey.get(key) ?? 0);
  const invalid = values.filter(([key, value]) => typeof value !== 'number' || !(value >= minimum(key)));
  const problems = invalid.map(([key, value]): ConfigProblem => ({
    key: `${name}.${key}`,
    found: String(value),
    expected: `a number, ${minimum(key)} or more`,
  }));
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...defaults, ...Object.fromEntries(values) };
}
