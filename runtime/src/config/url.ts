import type { ConfigProblem } from '../errors.js';
import { type Key, meantKey } from './keys.js';
import { nearest } from './nearest.js';
import { readValue, type Value } from './values.js';

/** What a URL says, key by key. */
export interface UrlReading {
  readonly values: ReadonlyMap<Key, Value>;
  readonly problems: readonly ConfigProblem[];
}

const schemes = ['http', 'https', 'clickhouse'];
const parameters = ['secure', 'database'] as const;
const form = 'https://user:password@host:8443/database, with # / ? @ % in a password written as %23 %2F %3F %40 %25';

/** Several servers that are equal but for host and port, separated by commas. Everything else is said by the first, and may be repeated by the others. */
export function readUrls(text: string, name: string): UrlReading {
  const [first, ...others] = text.split(/,(?=\s*[a-z]+:\/\/)/i).map((part) => readUrl(part.trim(), name));
  if (!first) return readUrl(text, name);
  const problems = [first, ...others].flatMap((reading) => reading.problems);
  for (const { values } of others)
    for (const [key, value] of values)
      if (key !== 'host' && key !== 'port' && value !== first.values.get(key))
        problems.push({
          key: name,
          found: `servers that differ in ${key}`,
          expected: 'servers that are equal but for host and port; others are connections of their own',
        });
  const addresses = others.map(({ values }) => [values.get('host'), values.get('port')].filter((part) => part !== undefined).join(':'));
  return { values: addresses.length === 0 ? first.values : new Map<Key, Value>([...first.values, ['url', addresses.join(',')]]), problems };
}

/** Reads `https://user:password@host:8443/database` and `clickhouse://host/database?secure=1`. */
export function readUrl(text: string, name: string): UrlReading {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const authority = /:\/\/([^/?#]*)/.exec(text)?.[1];
  const unreadable = (found: string, expected = form): UrlReading => ({ values: new Map(), problems: [{ key: name, found, expected }] });
  if (!url || authority === undefined || authority === '') return unreadable('a value that is no URL of a server');
  const scheme = url.protocol.slice(0, -1);
  if (!schemes.includes(scheme)) return unreadable(`the scheme "${scheme}"`, `one of ${schemes.join(', ')}`);
  // Such a URL parses, with one half of the password for a host and the other for a path: nothing of it may be used or shown.
  if (url.hash !== '' || (url.pathname + url.search).includes('@')) return unreadable('a user or password that ends the host too early');

  const problems: ConfigProblem[] = [];
  const values = new Map<Key, Value>();
  const problem = (found: string, expected: string) => void problems.push({ key: name, found, expected });
  const read = (key: Key, given: string, from = name) => {
    const reading = readValue(key, given, from);
    if (reading.ok) values.set(key, reading.value);
    else problems.push(reading.problem);
  };

  read('host', url.hostname);
  // From the text: the parsed URL forgets a port that is its scheme's own, and ClickHouse's default is another one.
  const port = /:(\d+)$/.exec(authority)?.[1];
  if (port !== undefined) read('port', port);
  if (scheme !== 'clickhouse') values.set('secure', scheme === 'https');
  if (url.username !== '') read('username', decode(url.username));
  if (url.password !== '') read('password', decode(url.password));
  const path = decode(url.pathname.replace(/^\//, ''));
  if (path.includes('/')) problem(`the path "${path}"`, 'the name of a database');
  else if (path !== '') read('database', path);

  for (const [parameter, given] of url.searchParams) {
    const key = parameters.find((known) => known === parameter);
    if (key === undefined) problem(`the parameter "${parameter}"`, insteadOf(parameter));
    else read(key, given, `${name}?${parameter}`);
  }
  if (scheme !== 'clickhouse' && values.get('secure') !== (scheme === 'https'))
    problem(`secure=${String(values.get('secure'))} beside ${scheme}://`, 'a scheme and a flag that agree');
  return { values, problems };
}

function insteadOf(parameter: string): string {
  const meant = nearest(parameter, parameters);
  if (meant !== undefined) return `"${meant}"`;
  const key = meantKey(parameter, (known) => known);
  return key === 'username' || key === 'password'
    ? 'user and password before the host, as in https://user:password@host'
    : `${parameters.join(' or ')}: other settings have keys and variables of their own`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
