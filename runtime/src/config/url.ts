import type { ConfigProblem } from '../errors.js';
import type { Key } from './keys.js';
import { nearest } from './nearest.js';
import { readValue, type Value } from './values.js';

/** What a URL says, key by key. */
export interface UrlReading {
  readonly values: ReadonlyMap<Key, Value>;
  readonly problems: readonly ConfigProblem[];
}

const schemes = ['http', 'https', 'clickhouse'];
const nativePorts: ReadonlyMap<string, string> = new Map([
  ['9000', '8123'],
  ['9440', '8443'],
]);

/** Reads `https://user:password@host:8443/database` and `clickhouse://host/database?secure=1`. */
export function readUrl(text: string, name: string): UrlReading {
  const url = parse(text);
  if (!url) return { values: new Map(), problems: [{ key: name, found: 'a value that is no URL', expected: 'https://user:password@host:8443/database' }] };
  const scheme = url.protocol.slice(0, -1);
  const problems: ConfigProblem[] = [];
  const values = new Map<Key, Value>();
  const problem = (found: string, expected: string) => void problems.push({ key: name, found, expected });

  if (!schemes.includes(scheme)) problem(`the scheme "${scheme}"`, `one of ${schemes.join(', ')}`);
  if (url.hostname === '') problem('no host', 'https://host:8443');
  else values.set('host', url.hostname);
  const http = nativePorts.get(url.port);
  if (http !== undefined) problem(`port ${url.port}, which speaks the native protocol`, `the port of the HTTP interface, usually ${http}`);
  else if (url.port !== '') values.set('port', Number(url.port));
  if (scheme !== 'clickhouse') values.set('secure', scheme === 'https');
  if (url.username !== '') values.set('username', decode(url.username));
  if (url.password !== '') values.set('password', decode(url.password));
  const path = decode(url.pathname.replace(/^\//, ''));
  if (path.includes('/')) problem(`the path "${path}"`, 'the name of a database');
  else if (path !== '') values.set('database', path);

  for (const [parameter, given] of url.searchParams) {
    if (parameter !== 'secure' && parameter !== 'database') {
      const meant = nearest(parameter, ['secure', 'database']);
      problem(`the parameter "${parameter}"`, `secure or database${meant === undefined ? '' : `; did you mean "${meant}"?`}`);
      continue;
    }
    const reading = readValue(parameter, given, `${name}?${parameter}`);
    if (!reading.ok) problems.push(reading.problem);
    else if (parameter === 'secure' && scheme !== 'clickhouse' && reading.value !== (scheme === 'https')) problem(`secure=${given} beside ${scheme}://`, 'a scheme and a flag that agree');
    else values.set(parameter, reading.value);
  }
  return { values, problems };
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
