import { ClickHouseLogLevel } from '@clickhouse/client';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type ClickHouseConfigInput, ConfigError, describeConfig, loadClickHouseConfig } from '../../../runtime/src/index.js';
import { officialOptions } from '../../../runtime/src/config/official-options.js';
import { SilentLogger } from '../harness/silent-logger.js';

const url = 'http://127.0.0.1:9';

/** The input is not typed, since JavaScript callers have no types. */
function problemsOf(input: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string>> = {}) {
  try {
    loadClickHouseConfig(input, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const inClient = (client: unknown) => problemsOf({ url, client });

describe('the options of the official client', () => {
  it('are in the configuration as they were given, frozen, and without keys that are undefined', () => {
    const json = { parse: JSON.parse, stringify: JSON.stringify };
    const agent = new HttpAgent();
    const { client } = loadClickHouseConfig(
      {
        url,
        client: {
          json,
          log: { level: ClickHouseLogLevel.ERROR, LoggerClass: SilentLogger },
          http_headers: { 'X-Proxy': 'a' },
          keep_alive: { enabled: true, idle_socket_ttl: 100, eagerly_destroy_stale_sockets: true },
          http_agent: agent,
          compression: { request: { codec: 'br', quality: 3 } },
          max_response_headers_size: 65_536,
          use_multipart_params: undefined,
        },
      },
      {},
    );
    expect(Object.keys(client)).not.toContain('use_multipart_params');
    expect([client.json, { ...client.http_headers }, client.keep_alive?.idle_socket_ttl]).toEqual([json, { 'X-Proxy': 'a' }, 100]);
    expect(client.http_agent).toBe(agent);
    expect(client.log?.LoggerClass).toBe(SilentLogger);
    expect(agent).not.toSatisfy(Object.isFrozen);
    for (const part of [client, client.json, client.log, client.http_headers, client.keep_alive, client.compression?.request])
      expect(part).toSatisfy(Object.isFrozen);
  });

  it('take the functions of a class or of a built-in object as JSON handling', () => {
    class Handling {
      readonly parse = JSON.parse;
      get stringify(): (value: unknown) => string {
        return JSON.stringify;
      }
    }
    for (const json of [new Handling(), JSON]) {
      const { json: taken } = loadClickHouseConfig({ client: { json } }, {}).client;
      expect([taken?.parse === json.parse, taken?.stringify === json.stringify]).toEqual([true, true]);
    }
  });

  it('of a header are shown in no log', () => {
    const config = loadClickHouseConfig({ url, client: { http_headers: { 'X-Token': 'hunter2' } } }, {});
    expect(describeConfig(config)).toContainEqual({ key: 'client.http_headers.X-Token', value: '<redacted>', source: 'code' });
    expect(`${inspect(config, { depth: 9, showHidden: true })}${JSON.stringify(config)}`).not.toContain('hunter2');
  });

  it('turn compression on by a codec, also against a variable, since code goes first', () => {
    const { engine, provenance } = loadClickHouseConfig(
      { url, client: { compression: { request: { codec: 'gzip', level: 1 }, response: false } } },
      { CLICKHOUSE_COMPRESS_REQUESTS: 'false', CLICKHOUSE_COMPRESS_RESPONSES: 'true' },
    );
    expect(engine).toMatchObject({ compressRequests: true, compressResponses: false });
    expect(provenance).toMatchObject({ compressRequests: 'client.compression.request' });
  });

  it('are passed without a server if the embedded engine uses them', () => {
    expect(problemsOf({ client: { json: { parse: JSON.parse }, log: { level: ClickHouseLogLevel.OFF } } })).toEqual([]);
  });

  it.each<Readonly<Record<string, unknown>>>([
    { http_headers: { a: 'b' } },
    { keep_alive: { enabled: false } },
    { http_agent: new HttpAgent() },
    { max_response_headers_size: 1 },
    { use_multipart_params: true },
    { use_multipart_params_auto: true },
    { set_basic_auth_header: false },
    { capture_enhanced_stack_trace: true },
  ])('are rejected without a server if the embedded engine ignores them: %j', (client) => {
    expect(problemsOf({ client })).toMatchObject([
      { key: `client.${Object.keys(client).join()}`, found: 'an option for a server, and no server' },
    ]);
  });

  it('with a codec are rejected without a server', () => {
    expect(problemsOf({ client: { compression: { response: { codec: 'br' } } } })).toMatchObject([{ key: 'client.compression.response' }]);
  });
});

describe('a mistake in the options of the official client', () => {
  it.each<[unknown, string, RegExp | string]>([
    [[], 'client', /^an object with json, /],
    ['x', 'client', /^an object with json, /],
    [{ htp_headers: {} }, 'client.htp_headers', '"http_headers"'],
    [{ json: 5 }, 'client.json', /^an object with the functions parse and stringify/],
    [{ json: {} }, 'client.json', /^an object with the functions parse and stringify/],
    [{ json: { parse: 'x' } }, 'client.json.parse', 'a function'],
    [{ json: { parse: JSON.parse, stringfy: JSON.stringify } }, 'client.json.stringfy', '"stringify"'],
    [{ log: { level: 'WARN' } }, 'client.log.level', /^a ClickHouseLogLevel: TRACE \(0\), .*OFF \(127\)$/],
    [{ log: { LoggerClass: new SilentLogger() } }, 'client.log.LoggerClass', /^a class/],
    [{ keep_alive: false }, 'client.keep_alive', /^an object with enabled/],
    [{ keep_alive: { idle_socket_ttl: Infinity } }, 'client.keep_alive.idle_socket_ttl', /^a whole number of milliseconds/],
    [{ keep_alive: { idle_socket_ttl: -1 } }, 'client.keep_alive.idle_socket_ttl', /^a whole number of milliseconds/],
    [{ keep_alive: { enabled: 'no' } }, 'client.keep_alive.enabled', 'true or false'],
    [{ http_agent: {} }, 'client.http_agent', /^an Agent/],
    [{ max_response_headers_size: 0 }, 'client.max_response_headers_size', /^a whole number of bytes/],
    [{ max_response_headers_size: '64kb' }, 'client.max_response_headers_size', /^a whole number of bytes/],
    [{ use_multipart_params: 1 }, 'client.use_multipart_params', 'true or false'],
    [{ compression: { request: 'gzip' } }, 'client.compression.request', /^\{ codec: "gzip" \}/],
    [{ compression: { request: { codec: 'lz4' } } }, 'client.compression.request', /^\{ codec: "gzip" \}/],
    [{ compression: { request: { codec: 'constructor' } } }, 'client.compression.request', /^\{ codec: "gzip" \}/],
    [{ compression: { request: { codec: 'gzip', level: 99 } } }, 'client.compression.request.level', /^a whole number, -1 to 9$/],
    [{ compression: { response: { codec: 'gzip', level: 9 } } }, 'client.compression.response.level', 'one of codec'],
    [{ compression: { requests: true } }, 'client.compression.requests', '"request"'],
  ])('is reported with its key and what is expected: %j', (client, key, expected) => {
    const matcher: unknown = expected instanceof RegExp ? expect.stringMatching(expected) : expected;
    expect(inClient(client)).toMatchObject([{ key, expected: matcher }]);
  });

  it.each<[string, RegExp]>([
    ['Authorization', /^"username" and "password".*"accessToken"/],
    ['x-clickhouse-user', /^"username" and "password"/],
    ['X-ClickHouse-Key', /^"username" and "password"/],
    ['X-ClickHouse-SSL-Certificate-Auth', /"certFile"/],
    ['X-ClickHouse-Database', /^"database"$/],
    ['User-Agent', /^"application"$/],
    ['connection', /^"client\.keep_alive"$/],
    ['Accept-Encoding', /^"client\.compression"$/],
    ['Content-Length', /the client sets it/],
    ['spaces are invalid', /^a token/],
    ['', /^a token/],
  ])('in a header is reported with the key to use, and without its value: %s', (name, expected) => {
    const problems = inClient({ http_headers: { [name]: 'hunter2' } });
    expect(problems).toMatchObject([
      { key: `client.http_headers[${JSON.stringify(name)}]`, expected: expect.stringMatching(expected) as unknown },
    ]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  it.each(['line\nbreak', 'nul\0', 5, null])('in the value of a header is reported: %j', (value) => {
    expect(inClient({ http_headers: { 'X-Token': value } })).toMatchObject([{ key: 'client.http_headers["X-Token"]' }]);
  });

  it('in two headers that differ in case only is reported', () => {
    expect(inClient({ http_headers: { 'X-Token': 'a', 'x-token': 'b' } })).toHaveLength(1);
  });

  it('is reported together with all others', () => {
    expect(problemsOf({ url, prot: 1, client: { json: 5, keep_alive: { enabled: 1 } } })).toHaveLength(3);
  });
});

describe('an option of the official client that contradicts a key', () => {
  it('is reported: compression', () => {
    expect(problemsOf({ url, compressRequests: false, client: { compression: { request: { codec: 'br' } } } })).toMatchObject([
      { key: 'client.compression.request', found: 'compression that is on, and compressRequests: false' },
    ]);
    expect(problemsOf({ url, compressRequests: true, client: { compression: { request: { codec: 'br' } } } })).toEqual([]);
  });

  it('is reported: a password that nothing would send', () => {
    const client = { set_basic_auth_header: false };
    expect(problemsOf({ url, client }, { CLICKHOUSE_PASSWORD: 'x' })).toMatchObject([{ key: 'client.set_basic_auth_header' }]);
    expect(problemsOf({ url, client })).toEqual([]);
  });

  it('is reported: limits and files of connections that an agent of the caller opens', () => {
    const client = { http_agent: new HttpAgent() };
    expect(problemsOf({ url, client }, { CLICKHOUSE_CONNECT_TIMEOUT_MS: '5' })).toMatchObject([{ key: 'CLICKHOUSE_CONNECT_TIMEOUT_MS' }]);
  });

  it('is reported: an agent for another protocol than that of the server', () => {
    expect(problemsOf({ url, client: { http_agent: new HttpsAgent() } })).toMatchObject([{ key: 'client.http_agent' }]);
    expect(problemsOf({ url: 'https://h', client: { http_agent: new HttpAgent() } })).toMatchObject([{ key: 'client.http_agent' }]);
    expect(problemsOf({ url: 'https://h', client: { http_agent: new HttpsAgent() } })).toEqual([]);
    // An agent of another class chooses its protocol itself.
    class ProxyAgent extends HttpAgent {}
    expect(problemsOf({ url: 'https://h', client: { http_agent: new ProxyAgent() } })).toEqual([]);
  });
});

describe('a name of the official client in the wrong place', () => {
  const options: readonly (readonly [string, (typeof officialOptions)[keyof typeof officialOptions]])[] = Object.entries(officialOptions);
  const known = ['url', 'host', 'username', 'password', 'database', 'application', 'connection', 'pathname', 'role'];

  it.each(options.filter(([name]) => !known.includes(name)))('at the top level is reported with the key to use: %s', (name, place) => {
    const [problem, ...others] = problemsOf({ url, [name]: {} });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ key: name, found: 'an unknown key' });
    if (place.kind === 'passed') expect(problem?.expected).toContain(`"client.${name}"`);
    else expect(problem?.expected).toBe(place.instead);
  });

  it.each(options.filter(([, { kind }]) => kind !== 'passed'))('in "client" is reported with the key to use: %s', (name, place) => {
    expect(inClient({ [name]: {} })).toMatchObject([{ key: `client.${name}`, expected: 'instead' in place ? place.instead : '' }]);
  });

  it('is reported for the hook "connection", which has a key of the same name', () => {
    const hook: Record<string, unknown> = {};
    hook['self'] = hook;
    expect(problemsOf({ url, connection: hook })).toMatchObject([{ key: 'connection', found: 'a value that is not a text' }]);
  });
});

it('the type of the input has the official types', () => {
  const inputs: readonly ClickHouseConfigInput[] = [
    { client: { json: { stringify: (value: unknown) => String(value) } } },
    { client: { compression: { request: { codec: 'zstd', level: 3 }, response: { codec: 'br' } } } },
    // @ts-expect-error a header has a text
    { client: { http_headers: { a: 1 } } },
    // @ts-expect-error the own key is "url"
    { client: { url } },
  ];
  expect(inputs).toHaveLength(4);
});
