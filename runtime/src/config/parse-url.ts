import { keyNames, suggestedKey } from './options.js';
import { closestMatch } from './suggest-similar.js';
import { mergeValues, readGiven, type ParseResult } from './parsed-values.js';

const schemes = ['http', 'https', 'clickhouse'];
const parameters = ['secure', 'database'];
const form = 'https://user:password@host:8443/database, with # / ? @ % in a password written as %23 %2F %3F %40 %25';

/** Several servers that are equal but for host and port, separated by commas. Everything else is said by the first, and may be repeated by the others. */
export function readUrls(text: string, name: string): ParseResult {
  const [first, ...others] = text.split(/,(?=\s*[a-z]+:\/\/)/i).map((part) => readUrl(part.trim(), name));
  if (!first) return readUrl(text, name);
  const problems = [first, ...others].flatMap((reading) => reading.problems);
  for (const { values } of others)
    for (const key of keyNames)
      if (key !== 'host' && key !== 'port' && values[key] !== undefined && values[key] !== first.values[key])
        problems.push({
          key: name,
          found: `servers that differ in ${key}`,
          expected: 'servers that are equal but for host and port; others are connections of their own',
        });
  const addresses = others.map(({ values }) => [values.host, values.port].filter((part) => part !== undefined).join(':'));
  return { ...first, values: { ...first.values, url: addresses.join(',') }, problems };
}

/** Reads `https://user:password@host:8443/database` and `clickhouse://host/database?secure=1`. */
function readUrl(text: string, name: string): ParseResult {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const authority = /:\/\/([^/?#]*)/.exec(text)?.[1];
  const unreadable = (found: string, expected = form): ParseResult => ({
    values: {},
    sources: {},
    problems: [{ key: name, found, expected }],
  });
  if (!url || authority === undefined || authority === '') return unreadable('a value that is no URL of a server');
  const scheme = url.protocol.slice(0, -1);
  if (!schemes.includes(scheme)) return unreadable(`the scheme "${scheme}"`, `one of ${schemes.join(', ')}`);
  // Such a URL parses, with one half of the password for a host and the other for a path: nothing of it may be used or shown.
  if (url.hash !== '' || (url.pathname + url.search).includes('@')) return unreadable('a user or password that ends the host too early');

  const path = decode(url.pathname.slice(1));
  const isDatabase = path?.includes('/') === false;
  const parts = readGiven(
    {
      host: url.hostname,
      // From the text: the parsed URL forgets a port that is its scheme's own, and ClickHouse's default is another one.
      port: /:(\d+)$/.exec(authority)?.[1],
      secure: scheme === 'clickhouse' ? undefined : scheme === 'https',
      username: decode(url.username),
      password: decode(url.password),
      database: isDatabase ? path : undefined,
    },
    () => name,
  );
  const asked = (parameter: string) => url.searchParams.get(parameter) ?? undefined;
  const more = readGiven({ secure: asked('secure'), database: asked('database') }, (key) => `${name}?${key}`);
  const { values, sources } = mergeValues(parts, more);
  const problems = [...parts.problems, ...more.problems];
  const problem = (found: string, expected: string) => void problems.push({ key: name, found, expected });
  if (path !== undefined && !isDatabase) problem(`the path "${path}"`, 'the name of a database');
  for (const parameter of url.searchParams.keys())
    if (!parameters.includes(parameter)) problem(`the parameter "${parameter}"`, insteadOf(parameter));
  if (scheme !== 'clickhouse' && values.secure !== (scheme === 'https'))
    problem(`secure=${String(values.secure)} beside ${scheme}://`, 'a scheme and a flag that agree');
  return { values, sources, problems };
}

function insteadOf(parameter: string): string {
  const meant = closestMatch(parameter, parameters);
  if (meant !== undefined) return `"${meant}"`;
  const key = suggestedKey(parameter, (known) => known);
  return key === 'username' || key === 'password'
    ? 'user and password before the host, as in https://user:password@host'
    : `${parameters.join(' or ')}: other settings have keys and variables of their own`;
}

function decode(text: string): string | undefined {
  if (text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
