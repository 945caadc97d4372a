import type { EnvironmentVariables } from '../config/environment.js';
import { variablesReadBy } from '../config/options.js';
import { anyObject, assertParameter } from '../config/validate-options.js';
import type { ConfigProblem } from '../errors/index.js';

/** The variables of a run time without Node.js. */
export interface WebVariables {
  /** The values as texts. */
  readonly texts: EnvironmentVariables;
  /** A problem for each variable of a key that has another kind of value. */
  readonly problems: readonly ConfigProblem[];
}

/**
 * Reads the variables in an object, such as `env` of a Worker. A number and a boolean count as their text. Other values are bindings and are left
 * out, except under the name of a key: there, the configuration would miss a value that seems to be set.
 * @param connection name of the connection whose variables are read
 * @throws ConfigError if `env` is no object
 */
export function readVariables(env: object, connection: string | undefined): WebVariables {
  assertParameter('env', { ...anyObject, expected: 'an object of variables' }, env);
  const names = variablesReadBy(connection);
  const texts: (readonly [string, string])[] = [];
  const problems: ConfigProblem[] = [];
  const entries: readonly (readonly [string, unknown])[] = Object.entries(env);
  for (const [name, value] of entries) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') texts.push([name, String(value)]);
    else if (value !== undefined && names.has(name)) problems.push({ key: name, found: kindOf(value), expected });
  }
  return { texts: Object.fromEntries(texts), problems };
}

const expected = 'a text, a number or a boolean; await the get() of a secret in a store, and pass its value in code';

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a value of the type ${typeof value}`;
}
