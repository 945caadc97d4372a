import type { ConfigProblem } from '../errors/index.js';

const credentials = '"username" and "password", whose values are hidden in logs and can be renewed';
const compression = '"client.compression"';
const framing = 'no such header: the client sets it for each request';

/** Headers that belong to a key or to the client, in lower case, with what to write instead. */
const reserved: ReadonlyMap<string, string> = new Map([
  ['authorization', `${credentials}; or "accessToken"`],
  ['x-clickhouse-user', credentials],
  ['x-clickhouse-key', credentials],
  ['x-clickhouse-ssl-certificate-auth', '"certFile" and "keyFile" without a password'],
  ['x-clickhouse-database', '"database"'],
  ['user-agent', '"application"'],
  ['connection', '"client.keep_alive"'],
  ['accept-encoding', compression],
  ['content-encoding', compression],
  ['content-length', framing],
  ['content-type', framing],
  ['transfer-encoding', framing],
]);

/** What Node.js and `fetch` accept. */
const headerName = /^[\w!#$%&'*+.^`|~-]+$/;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Yields a problem for each header that cannot be sent with every request. No problem shows a value, which may be a secret. */
export function* validateHeaders(headers: object, key: string): Iterable<ConfigProblem> {
  const seen = new Set<string>();
  const entries: (readonly [string, unknown])[] = Object.entries(headers);
  for (const [name, value] of entries) {
    if (value === undefined) continue;
    const problem = (found: string, expected: string): ConfigProblem => ({ key: `${key}[${JSON.stringify(name)}]`, found, expected });
    const lower = name.toLowerCase();
    const instead = reserved.get(lower);
    if (!headerName.test(name)) yield problem('a name that no HTTP header can have', 'a token, as in "X-Proxy-Token"');
    else if (instead !== undefined) yield problem('a header that is not free', instead);
    else if (seen.has(lower)) yield problem('a header that is there in another case already', 'each header once');
    else if (typeof value !== 'string') yield problem('a value that is not a text', 'a text');
    else if (!headerValue.test(value))
      yield problem('a value that no HTTP header can have, and that is not shown', 'a text without line breaks and control characters');
    seen.add(lower);
  }
}
