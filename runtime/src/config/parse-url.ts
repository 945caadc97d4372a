import { keyNames, suggestedKey } from './options.js';
import { closestMatch } from './suggest-similar.js';
import { mergeValues, type ParseResult, parseValues } from './parsed-values.js';

const schemes = ['http', 'https', 'clickhouse'];
const parameters = ['secure', 'database'];
const urlFormat = 'https://user:password@host:8443/database, with # / ? @ % in a password written as %23 %2F %3F %40 %25';

/**
 * Parses the URLs of one or several servers, separated by commas. Servers may differ only in host and port. The first URL has all other
 * parts; the others may repeat them.
 * @param source name of the URL in problems, such as `CLICKHOUSE_URL`
 * @returns the parts of the first URL; `values.url` holds the addresses of the other servers
 */
export function parseUrls(text: string, source: string): ParseResult {
  const [first, ...others] = text.split(/,(?=\s*[a-z]+:\/\/)/i).map((part) => parseUrl(part.trim(), source));
  if (!first) return parseUrl(text, source);
  const problems = [first, ...others].flatMap((result) => result.problems);
  for (const { values } of others)
    for (const key of keyNames)
      if (key !== 'host' && key !== 'port' && values[key] !== undefined && values[key] !== first.values[key])
        problems.push({
          key: source,
          found: `servers that differ in ${key}`,
          expected: 'servers that differ only in host and port; use a named connection for each other server',
        });
  const addresses = others.map(({ values }) => [values.host, values.port].filter((part) => part !== undefined).join(':'));
  return { ...first, values: { ...first.values, url: addresses.join(',') }, problems };
}

/** Parses `https://user:password@host:8443/database` and `clickhouse://host/database?secure=1`. */
function parseUrl(text: string, source: string): ParseResult {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const authority = /:\/\/([^/?#]*)/.exec(text)?.[1];
  const invalid = (found: string, expected = urlFormat): ParseResult => ({
    values: {},
    sources: {},
    problems: [{ key: source, found, expected }],
  });
  if (!url || authority === undefined || authority === '') return invalid('a value that is not the URL of a server');
  const scheme = url.protocol.slice(0, -1);
  if (!schemes.includes(scheme)) return invalid(`the scheme "${scheme}"`, `one of ${schemes.join(', ')}`);
  // Such a text parses as a URL with one half of the password as host and the other half as path. No part of it may be used or shown.
  if (url.hash !== '' || (url.pathname + url.search).includes('@'))
    return invalid('a fragment, or an unescaped # / ? in the user or password');

  const path = decode(url.pathname.slice(1));
  const isDatabase = path?.includes('/') === false;
  const parts = parseValues(
    {
      host: url.hostname,
      // From the text: the parsed URL omits the default port of its scheme, which is not ClickHouse's default port.
      port: /:(\d+)$/.exec(authority)?.[1],
      secure: scheme === 'clickhouse' ? undefined : scheme === 'https',
      username: decode(url.username),
      password: decode(url.password),
      database: isDatabase ? path : undefined,
    },
    () => source,
  );
  const parameter = (name: string) => url.searchParams.get(name) ?? undefined;
  const query = parseValues({ secure: parameter('secure'), database: parameter('database') }, (key) => `${source}?${key}`);
  const { values, sources } = mergeValues(parts, query);
  const problems = [...parts.problems, ...query.problems];
  const addProblem = (found: string, expected: string) => void problems.push({ key: source, found, expected });
  if (path !== undefined && !isDatabase) addProblem(`the path "${path}"`, 'the name of a database');
  for (const name of url.searchParams.keys()) if (!parameters.includes(name)) addProblem(`the parameter "${name}"`, alternativeTo(name));
  if (scheme !== 'clickhouse' && values.secure !== (scheme === 'https'))
    addProblem(`secure=${String(values.secure)} with ${scheme}://`, 'a scheme and a flag that agree');
  return { values, sources, problems };
}

/** Describes what to write instead of an unknown parameter. */
function alternativeTo(parameter: string): string {
  const suggestion = closestMatch(parameter, parameters);
  if (suggestion !== undefined) return `"${suggestion}"`;
  const key = suggestedKey(parameter, (name) => name);
  return key === 'username' || key === 'password'
    ? 'user and password before the host, as in https://user:password@host'
    : `${parameters.join(' or ')}; all other options have their own keys and variables`;
}

/** Decodes percent-encoding. Returns undefined for an empty text, and an invalid text unchanged. */
function decode(text: string): string | undefined {
  if (text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
