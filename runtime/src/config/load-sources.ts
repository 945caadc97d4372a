import type { ClickHouseSettings } from '@clickhouse/client';
import type { ConfigProblem } from '../errors/index.js';
import { dropForeignUrlValues, dropForeignValues, isConnectionName } from './named-connections.js';
import type { EnvironmentVariables } from './environment.js';
import { type Key, keyNames, type keys, suggestedKey, type ValueTypes, variableOf } from './options.js';
import { closestMatch } from './suggest-similar.js';
import type { ClickHouseClientOptions } from './client-options.js';
import { insteadOfOfficial } from './official-options.js';
import { type RawValues, mergeValues, type ParseResult, type ParsedValues, parseValues } from './parsed-values.js';
import { validateSettings } from './clickhouse-settings.js';
import { misspelledVariables } from './misspelled-variables.js';
import { parseUrls } from './parse-url.js';

/**
 * The configuration in code. A key that is absent or undefined comes from `url`, else from its environment variable, else from the URL in the
 * environment, else it has its default. The mapped keys are those of `keys` in options.ts.
 */
export type ClickHouseConfigInput = {
  readonly [K in keyof typeof keys]?: (K extends 'url' ? string | readonly string[] : ValueTypes[K]) | undefined;
} & {
  /**
   * Name of a connection with environment variables of its own: `analytics` reads `CLICKHOUSE_ANALYTICS_URL`. Lower-case letters, digits and
   * single underscores. Default: none, the unnamed connection.
   */
  readonly connection?: string | undefined;
  /** ClickHouse settings of every statement, by name. The settings of a statement override them. Default: none. */
  readonly settings?: Readonly<ClickHouseSettings> | undefined;
  /** Options of the official client that have no key of their own, such as `json` and `http_headers`. Default: none. */
  readonly client?: ClickHouseClientOptions | undefined;
};

/** Returns the merged values of code and environment, with the problems of each value. Conflicts between values are not checked. */
export function readSources(
  { connection, settings = {}, ...input }: Omit<ClickHouseConfigInput, 'client'>,
  env: EnvironmentVariables,
): ParseResult {
  const problems: ConfigProblem[] = [...unknownKeys(input), ...validateSettings(settings)];
  if (connection !== undefined && !isConnectionName(connection))
    problems.push({
      key: 'connection',
      found: JSON.stringify(connection),
      expected: 'a lower-case name of letters, digits and single underscores, as in "analytics"',
    });
  const parse = (raw: RawValues, nameOf: (key: Key) => string): ParsedValues => {
    const result = parseValues(raw, nameOf);
    const { url, ...values } = result.values;
    const { sources } = result;
    problems.push(...result.problems);
    if (url === undefined) return { values, sources };
    const parts = parseUrls(url, nameOf('url'));
    problems.push(...parts.problems);
    // The key of a part overrides that part of the URL.
    return mergeValues(parts, { values, sources });
  };
  const code = parse(input, (key) => key);
  const readVariables = (name: string | undefined): ParsedValues => {
    const nameOf = (key: Key) => variableOf(key, name);
    // Shells and compose files set a variable to an empty text to unset it.
    const variables = keyNames.map((key) => [key, env[nameOf(key)]] as const).filter(([, value]) => value !== '');
    return dropForeignUrlValues(parse(Object.fromEntries(variables), nameOf), code, nameOf('url'));
  };
  const common = readVariables(undefined);
  const own = connection === undefined ? code : mergeValues(readVariables(connection), code);
  const merged = mergeValues(connection === undefined ? common : dropForeignValues(common, own), own);
  problems.push(...misspelledVariables(env, connection, (key) => merged.sources[key] !== undefined));
  return { ...merged, problems };
}

/** Keys without an environment variable. */
const codeOnlyKeys = ['connection', 'settings', 'client'];

function unknownKeys(input: object): readonly ConfigProblem[] {
  const names: readonly string[] = keyNames;
  const unknown = Object.keys(input).filter((name) => !names.includes(name));
  return unknown.map((name) => {
    const suggestion = suggestedKey(name, (key) => key) ?? closestMatch(name, codeOnlyKeys);
    const expected = suggestion === undefined ? `one of ${[...names, ...codeOnlyKeys].join(', ')}` : `"${suggestion}"`;
    return { key: name, found: 'an unknown key', expected: insteadOfOfficial(name) ?? expected };
  });
}
