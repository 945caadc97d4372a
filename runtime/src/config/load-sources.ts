import type { ClickHouseSettings } from '@clickhouse/client';
import type { ConfigProblem } from '../errors/index.js';
import { isConnectionName, withoutForeign, withoutForeignUrl } from './named-connections.js';
import type { EnvironmentVariables } from './environment.js';
import { type Key, keyNames, suggestedKey, type ValueTypes, variableOf } from './options.js';
import { closestMatch } from './suggest-similar.js';
import { type RawValues, mergeValues, readGiven, type ParseResult, type ParsedValues } from './parsed-values.js';
import { problemsOfSettings } from './clickhouse-settings.js';
import { misspelledVariables } from './misspelled-variables.js';
import { readUrls } from './parse-url.js';

/** What code may say. Anything left out, or undefined, comes from the environment, from a URL, or from the defaults, in this order. */
export type ClickHouseConfigInput = { readonly [K in Exclude<Key, 'url'>]?: ValueTypes[K] | undefined } & {
  readonly url?: string | readonly string[] | undefined;
  /** Lower-case name of a connection with variables of its own: `analytics` reads `CLICKHOUSE_ANALYTICS_URL`. */
  readonly connection?: string | undefined;
  /** ClickHouse settings of every statement; its own go before them. */
  readonly settings?: Readonly<ClickHouseSettings> | undefined;
};

/** What all sources say, before it is judged as a whole. */
export function readSources({ connection, settings = {}, ...input }: ClickHouseConfigInput, env: EnvironmentVariables): ParseResult {
  const problems: ConfigProblem[] = [...unknownKeys(input), ...problemsOfSettings(settings)];
  if (connection !== undefined && !isConnectionName(connection))
    problems.push({
      key: 'connection',
      found: JSON.stringify(connection),
      expected: 'a lower-case name of letters, digits and single underscores, as in "analytics"',
    });
  const read = (given: RawValues, nameOf: (key: Key) => string): ParsedValues => {
    const { values: all, sources, problems: found } = readGiven(given, nameOf);
    const { url, ...values } = all;
    problems.push(...found);
    if (url === undefined) return { values, sources };
    const parts = readUrls(url, nameOf('url'));
    problems.push(...parts.problems);
    // What has a key of its own goes before what a URL says.
    return mergeValues(parts, { values, sources });
  };
  const code = read(input, (key) => key);
  const readVariables = (name: string | undefined): ParsedValues => {
    const nameOf = (key: Key) => variableOf(key, name);
    // An empty variable is how shells and compose files say "not set".
    const given = keyNames.map((key) => [key, env[nameOf(key)]] as const).filter(([, value]) => value !== '');
    return withoutForeignUrl(read(Object.fromEntries(given), nameOf), code, nameOf('url'));
  };
  const common = readVariables(undefined);
  const own = connection === undefined ? code : mergeValues(readVariables(connection), code);
  const said = mergeValues(connection === undefined ? common : withoutForeign(common, own), own);
  problems.push(...misspelledVariables(env, connection, (key) => said.sources[key] !== undefined));
  return { ...said, problems };
}

/** What code alone may say. */
const codeOnlyKeys = ['connection', 'settings'];

/** What the official client has by names of its own, in another form. */
const officialNames: ReadonlyMap<string, string> = new Map([
  ['clickhouse_settings', '"settings"'],
  ['compression', '"compressRequests" or "compressResponses"'],
]);

function unknownKeys(input: object): readonly ConfigProblem[] {
  const names: readonly string[] = keyNames;
  const unknown = Object.keys(input).filter((name) => !names.includes(name));
  return unknown.map((name) => {
    const meant = suggestedKey(name, (key) => key) ?? closestMatch(name, codeOnlyKeys);
    const known = meant === undefined ? `one of ${[...names, ...codeOnlyKeys].join(', ')}` : `"${meant}"`;
    return { key: name, found: 'a key that does not exist', expected: officialNames.get(name) ?? known };
  });
}
