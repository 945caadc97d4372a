import { describe, expect, it } from 'vitest';
import { ConfigError, loadClickHouseConfig } from '../../../runtime/src/index.js';
import { codeSpans, readmeUnits, rowsBelow } from '../../docs/runtime-readme.js';

/** Returns the configuration, with the values of the server beside the others. */
function read(env: Record<string, string>, input: object = {}): Record<string, unknown> {
  const config = loadClickHouseConfig(input, env);
  return { ...config.engine, ...config };
}

describe('a boolean', () => {
  const [item] = readmeUnits().filter(({ kind, heading }) => kind === 'paragraph' && heading === 'Booleans');
  const [isTrue = [], isFalse = []] = (item?.text ?? '').split(', or ').map(codeSpans);
  const words = [...isTrue.map((word) => [word, true] as const), ...isFalse.map((word) => [word, false] as const)];

  it('has eight words', () => {
    expect(words).toHaveLength(8);
  });

  it.each(words)('%s means %s, in any case, in a variable and in a URL', (word, value) => {
    for (const text of [word, word.toUpperCase()]) {
      expect(read({ CLICKHOUSE_HOST: 'h', CLICKHOUSE_SECURE: text })['secure'] ?? value).toBe(value);
      expect(read({ CLICKHOUSE_HOST: 'h', CLICKHOUSE_COMPRESS_REQUESTS: text })).toMatchObject({ compressRequests: value });
      expect(read({ CLICKHOUSE_URL: `clickhouse://h?secure=${text}` })).toMatchObject({ url: value ? 'https://h:8443' : 'http://h:8123' });
    }
  });

  it('has no other words', () => {
    for (const word of ['y', 'n', '2', 'enabled'])
      expect(() => read({ CLICKHOUSE_HOST: 'h', CLICKHOUSE_SECURE: word })).toThrow(ConfigError);
  });
});

describe('the README has the parameter of a URL', () => {
  const effects: Readonly<Record<string, readonly [value: string, effect: object]>> = {
    secure: ['1', { url: 'https://h:8443' }],
    database: ['shop', { database: 'shop' }],
    pathname: ['/p', { pathname: '/p' }],
    role: ['reader', { role: ['reader'] }],
    application: ['app', { application: 'app' }],
    access_token: ['abc', {}],
    request_timeout: ['7', { requestTimeoutMs: 7 }],
    max_open_connections: ['7', { maxConcurrentStatements: 7 }],
    compression_request: ['1', { compressRequests: true }],
    compression_response: ['1', { compressResponses: true }],
    clickhouse_setting_NAME: ['5', { settings: { NAME: '5' } }],
    ch_NAME: ['5', { settings: { NAME: '5' } }],
  };

  it('in a row', () => {
    expect(rowsBelow('URL').flatMap(([name = '']) => codeSpans(name))).toEqual(Object.keys(effects));
  });

  it.each(Object.entries(effects))('%s', (name, [value, effect]) => {
    const config = read({ CLICKHOUSE_URL: `clickhouse://h?${name}=${encodeURIComponent(value)}` });
    expect(config).toMatchObject(effect);
    if (name === 'access_token') expect(Reflect.get(config['accessToken'] ?? {}, 'reveal')).toBeTypeOf('function');
  });
});

describe('a named connection', () => {
  const env = {
    CLICKHOUSE_URL: 'https://h:8443/shop',
    CLICKHOUSE_USER: 'common',
    CLICKHOUSE_PASSWORD: 'secret',
    CLICKHOUSE_ROLE: 'writer',
  };
  const passwordOf = (own: Record<string, string>): [username: unknown, password: unknown, role: unknown, database: unknown] => {
    const { engine, database } = loadClickHouseConfig({ connection: 'own' }, { ...env, ...own });
    return engine.kind === 'server' ? [engine.username, engine.password.reveal(), engine.role, database] : ['', '', undefined, database];
  };

  it('inherits all of them if it sets nothing', () => {
    expect(passwordOf({})).toEqual(['common', 'secret', ['writer'], 'shop']);
  });

  it.each([
    ['another server', { CLICKHOUSE_OWN_URL: 'https://other:8443' }, ['default', '', undefined, 'default']],
    ['another port', { CLICKHOUSE_OWN_PORT: '9443' }, ['default', '', undefined, 'shop']],
    ['another pathname', { CLICKHOUSE_OWN_PATHNAME: '/p' }, ['default', '', undefined, 'shop']],
    ['another user', { CLICKHOUSE_OWN_USER: 'own' }, ['own', '', undefined, 'shop']],
    ['a data folder', { CLICKHOUSE_OWN_DATA_PATH: '/data' }, ['', '', undefined, 'default']],
  ])('with %s does not inherit what belongs to the other', (_, own, expected) => {
    expect(passwordOf(own)).toEqual(expected);
  });

  it.each(['1a', '_a', 'a__b', 'a-b', 'A', 'a_', ''])('cannot have the name "%s"', (connection) => {
    expect(() => loadClickHouseConfig({ connection }, {})).toThrow(ConfigError);
  });

  it.each(['a', 'a1', 'a_b2'])('can have the name "%s"', (connection) => {
    expect(loadClickHouseConfig({ connection }, {}).connection).toBe(connection);
  });
});
