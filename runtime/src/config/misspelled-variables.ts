import type { ConfigProblem } from '../errors/index.js';
import type { EnvironmentVariables } from './environment.js';
import { type Key, keyOfAlias, keyNames, keys, prefix, prefixOf, variableOf, variablesReadBy } from './options.js';
import { ownProperty } from './own-properties.js';
import { distance } from './suggest-similar.js';

/**
 * Yields a problem for each variable that is probably misspelled, or is another tool's name of a key without a value. Skips names that
 * probably belong to another tool or connection.
 * @param isSet whether a key has a value from any source
 */
export function* misspelledVariables(
  env: EnvironmentVariables,
  connection: string | undefined,
  isSet: (key: Key) => boolean,
): Iterable<ConfigProblem> {
  const validNames = variablesReadBy(connection);
  for (const name of Object.keys(env)) {
    if (!name.startsWith(prefix) || validNames.has(name) || env[name] === '') continue;
    const suggestion = suggestedVariable(name, env, connection, isSet);
    if (suggestion !== undefined && ownProperty(env, suggestion) === undefined)
      yield { key: name, found: 'an unknown variable', expected: `"${suggestion}"` };
  }
}

function suggestedVariable(
  name: string,
  env: EnvironmentVariables,
  connection: string | undefined,
  isSet: (key: Key) => boolean,
): string | undefined {
  const isOwn = connection !== undefined && name.startsWith(prefixOf(connection));
  const suffix = name.slice(prefixOf(isOwn ? connection : undefined).length);
  const other = isOwn ? undefined : parseOtherConnection(suffix);
  if (other)
    return connection !== undefined && isMisspelled(other.connection, connection, env) ? variableOf(other.key, connection) : undefined;
  const key = keyOfAlias(suffix) ?? keyNames.find((candidate) => isTypo(suffix, keys[candidate].variable));
  // The name of another tool for a key that is set belongs to that tool. No other tool uses the name of a connection.
  if (key === undefined || (!isOwn && keyOfAlias(suffix) && isSet(key))) return undefined;
  return variableOf(key, isOwn ? connection : undefined);
}

/** Splits the suffix of a variable that may belong to another connection into name and key. Undefined if it does not. */
function parseOtherConnection(suffix: string): { readonly connection: string; readonly key: Key } | undefined {
  const key = keyOfAlias(suffix) ? undefined : keyNames.find((candidate) => suffix.endsWith(`_${keys[candidate].variable}`));
  return key && { connection: suffix.slice(0, -keys[key].variable.length - 1).toLowerCase(), key };
}

/**
 * Whether the name is probably a misspelling of the connection. It is not if both differ only in digits, or if each has a server of its own:
 * then there are two connections.
 */
function isMisspelled(name: string, connection: string, env: EnvironmentVariables): boolean {
  if (name.length < 4 || distance(name, connection) > Math.max(1, Math.floor(name.length / 4))) return false;
  if (name.replace(/\d/g, '') === connection.replace(/\d/g, '')) return false;
  const hasServer = (each: string) => (['url', 'host'] as const).some((key) => ownProperty(env, variableOf(key, each)));
  return ![name, connection].every(hasServer);
}

/**
 * Whether the name is a misspelling: a quarter of the letters differs at most, or two letters are in another order. Short names are those of
 * other tools sooner: `CLICKHOUSE_NODE` is no `CLICKHOUSE_ROLE`.
 */
function isTypo(name: string, variable: string): boolean {
  const hasSameLetters = name.split('').sort().join('') === variable.split('').sort().join('');
  return distance(name, variable) <= (hasSameLetters ? 2 : Math.max(1, Math.floor(variable.length / 4)));
}
