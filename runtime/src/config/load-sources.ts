import type { ConfigProblem } from '../errors/index.js';
import { validateSettings } from './clickhouse-settings.js';
import type { ClickHouseConfigInput } from './config-input.js';
import { credentialsFor, isCredential, isForServers, type ScopedLayer } from './credential-scope.js';
import type { EnvironmentVariables } from './environment.js';
import { covers, mergeLayers, scopesOf } from './layers.js';
import { misspelledVariables } from './misspelled-variables.js';
import { connectionNameRule, isConnectionName } from './named-connections.js';
import { insteadOfOfficial } from './official-options.js';
import { type Key, keyNames, prefix, prefixOf, suggestedKey } from './options.js';
import { ownProperty, withoutPrototype } from './own-properties.js';
import { type Issue, mergeValues, type ParsedValues } from './parsed-values.js';
import { readCode, readVariables } from './read-layer.js';
import { serversOf } from './server-address.js';
import { closestMatch } from './suggest-similar.js';

/** The merged values of all sources. */
export interface LoadedValues extends ParsedValues {
  /** Why a value of a source is not used, by key. */
  readonly notes: Readonly<Partial<Record<Key, string>>>;
  /** ClickHouse settings in URLs. */
  readonly settings: Readonly<Record<string, string>>;
  readonly problems: readonly ConfigProblem[];
}

/**
 * Returns the merged values of code and environment, with the problems of each value that counts. Conflicts between values are not checked.
 * @param env `false`: no variable is read
 */
export function readSources(input: ClickHouseConfigInput, env: EnvironmentVariables | false): LoadedValues {
  const connection = ownProperty(input, 'connection');
  const variables = env === false ? withoutPrototype({}) : env;
  const layers = [
    readVariables(variables, undefined),
    ...(connection === undefined ? [] : [readVariables(variables, connection)]),
    readCode(input),
  ];
  const isNamed = connection !== undefined;
  const merged = mergeLayers(layers, isNamed);
  const servers = serversOf(merged);
  // An embedded engine of a named connection inherits nothing that is for a server.
  const isEmbedded = isNamed && merged.sources.dataPath !== undefined && merged.sources.dataPath !== layers[0]?.sources.dataPath;
  const scopes = scopesOf(layers, isNamed).slice(isEmbedded ? 1 : 0);
  const { notes: credentialNotes, conflict, ...credentials } = credentialsFor(servers, scopes);
  const result = mergeValues(merged, credentials);
  const hasSecret = credentials.sources.password !== undefined || credentials.sources.accessToken !== undefined;
  const notes = hasSecret ? credentialNotes : { ...passwordFileNote(variables, connection), ...credentialNotes };
  const isSet = (key: Key) =>
    layers.some(({ sources }) => sources[key] !== undefined) || (key === 'url' && result.sources.host !== undefined);
  const problems: ConfigProblem[] = [
    ...unknownKeys(input),
    ...validateSettings(ownProperty(input, 'settings') ?? {}),
    ...(isNamed ? nameProblems(connection) : []),
    ...problemsThatCount(scopes, servers, merged),
    ...(conflict ? [{ key: conflict.token, found: `a token, and ${conflict.other}`, expected: 'only one of the two' }] : []),
    ...misspelledVariables(variables, connection, isSet),
  ];
  return { ...result, notes, settings: settingsOf(scopes, servers), problems };
}

/** The image of the server reads its password from the file in this variable. Here it would be ignored without a word. */
function passwordFileNote(env: EnvironmentVariables, connection: string | undefined): Partial<Record<Key, string>> {
  const names = [prefixOf(connection), prefix].map((start) => `${start}PASSWORD_FILE`);
  const name = names.find((each) => (ownProperty(env, each) ?? '') !== '');
  return name === undefined ? {} : { password: `${name} is not read; use fileSecret()` };
}

/** The source of a part of a URL may name the parameter: `CLICKHOUSE_URL?secure`. */
const urlOf = (source: string | undefined) => source?.split('?')[0];

/** Leaves out the problems of values that no one reads: another source takes their place, or they are for another server. */
function problemsThatCount(scopes: readonly ScopedLayer[], servers: readonly string[], { sources }: ParsedValues): ConfigProblem[] {
  const problems = scopes.map((scope, level) => {
    const isCovered = (key: Key) => scopes.slice(level + 1).some(({ layer }) => covers(layer, key));
    const counts = ({ key, source }: Issue) =>
      isCredential(key)
        ? !isCovered(key) && isForServers(scope, servers)
        : key === 'url'
          ? !isCovered(key)
          : urlOf(sources[key]) === urlOf(source);
    return scope.layer.issues.filter(counts).map(({ problem }) => problem);
  });
  return problems.reverse().flat();
}

/** Returns the settings in the URLs of these servers. */
function settingsOf(scopes: readonly ScopedLayer[], servers: readonly string[]): Record<string, string> {
  const used = scopes.filter((scope) => isForServers(scope, servers));
  return withoutPrototype(Object.fromEntries(used.flatMap(({ layer }) => Object.entries(layer.settings))));
}

function nameProblems(connection: string): ConfigProblem[] {
  return isConnectionName(connection) ? [] : [{ key: 'connection', found: JSON.stringify(connection), expected: connectionNameRule }];
}

/** Keys without an environment variable. */
export const codeOnlyKeys = ['environment', 'connection', 'settings', 'client'];

function unknownKeys(input: object): readonly ConfigProblem[] {
  const names: readonly string[] = keyNames;
  const unknown = Object.keys(input).filter((name) => !names.includes(name) && !codeOnlyKeys.includes(name));
  return unknown.map((name) => {
    const suggestion = suggestedKey(name, (key) => key) ?? closestMatch(name, codeOnlyKeys);
    const expected = suggestion === undefined ? `one of ${[...names, ...codeOnlyKeys].join(', ')}` : `"${suggestion}"`;
    return { key: name, found: 'an unknown key', expected: insteadOfOfficial(name) ?? expected };
  });
}
