import type { ConfigProblem } from '../errors/index.js';
import type { EnvironmentVariables } from './environment.js';
import { type Key, keyOfAlias, keyNames, keys, suggestedKey, prefix, prefixOf, variableOf } from './options.js';
import { distance } from './suggest-similar.js';

/**
 * Variables that nobody reads and somebody meant. Other tools have variables of this prefix too, and so have other
 * connections: they stay unmentioned.
 */
export function* misspelledVariables(
  env: EnvironmentVariables,
  connection: string | undefined,
  isSet: (key: Key) => boolean,
): Iterable<ConfigProblem> {
  const known = new Set([`${prefix}ENV`, ...keyNames.flatMap((key) => [variableOf(key), variableOf(key, connection)])]);
  for (const name of Object.keys(env)) {
    if (!name.startsWith(prefix) || known.has(name)) continue;
    const meant = meantVariable(name, env, connection, isSet);
    if (meant !== undefined && env[meant] === undefined) yield { key: name, found: 'a variable that nobody reads', expected: `"${meant}"` };
  }
}

function meantVariable(
  name: string,
  env: EnvironmentVariables,
  connection: string | undefined,
  isSet: (key: Key) => boolean,
): string | undefined {
  const isOwn = connection !== undefined && name.startsWith(prefixOf(connection));
  const suffix = name.slice(prefixOf(isOwn ? connection : undefined).length);
  const other = isOwn ? undefined : ofAnother(suffix);
  if (other)
    return connection !== undefined && isMisspelt(other.connection, connection, env) ? variableOf(other.key, connection) : undefined;
  const key = suggestedKey(suffix, (candidate) => keys[candidate].variable);
  // The name of another tool, for something that is set: that tool's business. None of them knows the connection, though.
  if (key === undefined || (!isOwn && keyOfAlias(suffix) && isSet(key))) return undefined;
  return variableOf(key, isOwn ? connection : undefined);
}

/** The name and the key in what may be a variable of some connection. */
function ofAnother(suffix: string): { readonly connection: string; readonly key: Key } | undefined {
  const key = keyOfAlias(suffix) ? undefined : keyNames.find((candidate) => suffix.endsWith(`_${keys[candidate].variable}`));
  return key && { connection: suffix.slice(0, -keys[key].variable.length - 1).toLowerCase(), key };
}

/** Near, and no connection beside this one: those are told apart by their numbers, or each has a server of its own. */
function isMisspelt(name: string, connection: string, env: EnvironmentVariables): boolean {
  if (name.length < 4 || distance(name, connection) > Math.max(1, Math.floor(name.length / 4))) return false;
  if (name.replace(/\d/g, '') === connection.replace(/\d/g, '')) return false;
  return ![name, connection].every((each) => env[variableOf('url', each)] ?? env[variableOf('host', each)]);
}
