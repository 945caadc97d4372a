import { type Key, suggestedKey } from './options.js';
import { withoutPrototype } from './own-properties.js';
import { type Issue, type ParseResult, parseValues } from './parsed-values.js';
import { closestMatch } from './suggest-similar.js';

/** The parameters of a URL, those of the official client included, with their keys. */
const keysByParameter: ReadonlyMap<string, Key> = new Map<string, Key>([
  ['secure', 'secure'],
  ['database', 'database'],
  ['pathname', 'pathname'],
  ['access_token', 'accessToken'],
  ['role', 'role'],
  ['application', 'application'],
  ['request_timeout', 'requestTimeoutMs'],
  ['max_open_connections', 'maxConcurrentStatements'],
  ['compression_request', 'compressRequests'],
  ['compression_response', 'compressResponses'],
]);

/** `ch_max_threads=4` and `clickhouse_setting_max_threads=4`, as the official client reads them. */
const settingPrefix = /^(clickhouse_setting_|ch_)(?=.)/;

/** Parameters that are refused, with what to write instead. */
const replacements: readonly (readonly [pattern: RegExp, expected: string])[] = [
  [/^compression$/, 'compression_request=1 or compression_response=1'],
  [/^session_id$/, 'no session in a URL, since its statements would wait for each other; use manager.session()'],
  [/^http_header_/, 'the key client.http_headers in code'],
  [/^keep_alive_/, 'the key client.keep_alive in code'],
  [/^log_level$/, 'the key client.log in code'],
  [/^(clickhouse_)?settings?(\[.*)?$/, 'clickhouse_setting_NAME=VALUE for each setting, or the key settings in code'],
  [/^(user|username|password|pass)$/, 'user and password before the host, as in https://user:password@host'],
];

/** The parameters of one URL. */
export interface UrlParameters extends ParseResult {
  /** ClickHouse settings. */
  readonly settings: Readonly<Record<string, string>>;
}

/** @param source name of the URL in problems, such as `CLICKHOUSE_URL` */
export function readParameters(parameters: URLSearchParams, source: string): UrlParameters {
  const settings: Record<string, string> = withoutPrototype({});
  const unknown: Issue[] = [];
  const raw = [...new Set(parameters.keys())].flatMap((name) => {
    const key = keysByParameter.get(name);
    const value = parameters.get(name) ?? '';
    if (key !== undefined) return [{ key, value, name: `${source}?${name}` }];
    if (settingPrefix.test(name)) settings[name.replace(settingPrefix, '')] = value;
    else unknown.push({ key: 'url', source, problem: { key: source, found: `the parameter "${name}"`, expected: expectedFor(name) } });
    return [];
  });
  const parsed = parseValues(raw);
  return { ...parsed, settings, issues: [...parsed.issues, ...unknown] };
}

/** Describes what to write instead of an unknown parameter. */
function expectedFor(parameter: string): string {
  const replacement = replacements.find(([pattern]) => pattern.test(parameter))?.[1];
  if (replacement !== undefined) return replacement;
  const names = [...keysByParameter.keys()];
  const key = suggestedKey(parameter, (name) => name);
  const suggestion = closestMatch(parameter, names) ?? names.find((name) => keysByParameter.get(name) === key);
  return suggestion === undefined
    ? `${names.join(', ')} or clickhouse_setting_NAME; all other options have their own keys and variables`
    : `"${suggestion}"`;
}
