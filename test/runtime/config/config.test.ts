import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type ClickHouseConfigInput, ConfigError, describeConfig, loadClickHouseConfig } from '../../../runtime/src/index.js';

type Env = Record<string, string>;

function problemsOf(input: object, env: Env = {}): { key: string; found: string; expected: string }[] {
  try {
    loadClickHouseConfig(input, env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [...error.problems];
  }
}

describe('the configuration', () => {
  it('has the precedence code, environment variable, URL, default', () => {
    const env: Env = {
      CLICKHOUSE_URL: 'https://url-user:url-pw@url-host:1/url_db',
      CLICKHOUSE_HOST: 'env-host',
      CLICKHOUSE_USER: 'env-user',
    };
    const { engine, database, provenance } = loadClickHouseConfig({ username: 'code-user' }, env);
    expect(engine).toMatchObject({ kind: 'server', url: 'https://env-host:1', username: 'code-user' });
    expect(database).toBe('url_db');
    expect(provenance).toMatchObject({
      username: 'code',
      host: 'CLICKHOUSE_HOST',
      database: 'CLICKHOUSE_URL',
      maxConcurrentStatements: 'default',
    });
  });

  it.each<[string, Env, string]>([
    ['a secure URL', { CLICKHOUSE_URL: 'https://h' }, 'https://h:8443'],
    ['a plain URL', { CLICKHOUSE_URL: 'http://h' }, 'http://h:8123'],
    ['a clickhouse URL', { CLICKHOUSE_URL: 'clickhouse://h/db?secure=1' }, 'https://h:8443'],
    ['a clickhouse URL that is not secure', { CLICKHOUSE_URL: 'clickhouse://h' }, 'http://h:8123'],
    ['a URL with the default port of its scheme', { CLICKHOUSE_URL: 'https://h:443/db' }, 'https://h:443'],
    ['an IPv6 address', { CLICKHOUSE_HOST: '::1' }, 'http://[::1]:8123'],
    ['host, port and security', { CLICKHOUSE_HOST: 'h', CLICKHOUSE_PORT: '9', CLICKHOUSE_SECURE: 'true' }, 'https://h:9'],
  ])('reads %s', (_, env, url) => {
    expect(loadClickHouseConfig({}, env).engine).toMatchObject({ url });
  });

  it('decodes percent-encoding in a URL', () => {
    const { engine } = loadClickHouseConfig({}, { CLICKHOUSE_URL: 'https://a%40b:p%2Fw@h' });
    expect(engine.kind === 'server' && [engine.username, engine.password.reveal()]).toEqual(['a@b', 'p/w']);
  });

  it('is described with each value and its source', () => {
    const rows = describeConfig(
      loadClickHouseConfig({ database: 'analytics' }, { CLICKHOUSE_URL: 'https://:hunter2@h', CLICKHOUSE_USER: 'reader' }),
    );
    expect(rows).toContainEqual({ key: 'host', value: 'h', source: 'CLICKHOUSE_URL' });
    expect(rows).toContainEqual({ key: 'port', value: '8443', source: 'default' });
    expect(rows).toContainEqual({ key: 'username', value: 'reader', source: 'CLICKHOUSE_USER' });
    expect(rows).toContainEqual({ key: 'password', value: '<redacted>', source: 'CLICKHOUSE_URL' });
    expect(rows).toContainEqual({ key: 'database', value: 'analytics', source: 'code' });
    expect(describeConfig(loadClickHouseConfig({}, {}))).toContainEqual({
      key: 'engine',
      value: 'embedded',
      source: 'no server is set and the environment is development',
    });
  });

  it('ignores variables of other tools', () => {
    const env = {
      CLICKHOUSE_URL: 'http://u:p@h/db',
      CLICKHOUSE_DB: 'db',
      CLICKHOUSE_DEFAULT_ACCESS_MANAGEMENT: '1',
      CLICKHOUSE_DATABASE: '',
    };
    expect(problemsOf({}, env)).toEqual([]);
  });

  it.each(['development', 'test'])('uses the embedded engine in %s if no server is set', (environment) => {
    expect(loadClickHouseConfig({}, { NODE_ENV: environment }).engine).toEqual({ kind: 'embedded', dataPath: ':memory:' });
  });

  it.each(['production', 'staging'])('requires a server in %s', (environment) => {
    expect(problemsOf({}, { NODE_ENV: environment })).toMatchObject([{ key: 'CLICKHOUSE_URL', found: 'nothing' }]);
  });

  it('is frozen', () => {
    const config = loadClickHouseConfig({}, {});
    expect([Object.isFrozen(config), Object.isFrozen(config.engine), Object.isFrozen(config.provenance)]).toEqual([true, true, true]);
  });

  it('hides the password in every output', () => {
    const config = loadClickHouseConfig({ password: 'hunter2' }, { CLICKHOUSE_URL: 'https://h' });
    for (const output of [
      inspect(config, { depth: 9, showHidden: true }),
      JSON.stringify(config),
      JSON.stringify(describeConfig(config)),
      String(config.engine.kind === 'server' && config.engine.password),
    ])
      expect(output).not.toContain('hunter2');
  });
});

describe('a mistake in the configuration', () => {
  it('is reported together with all others', () => {
    expect(problemsOf({ prot: 1, port: 70_000, requestTimeoutMs: Number.NaN }, { NODE_ENV: 'production' })).toHaveLength(4);
  });

  it('is reported without problems that it causes', () => {
    expect(problemsOf({}, { NODE_ENV: 'production', CLICKHOUSE_URL: 'nonsense' })).toHaveLength(1);
  });

  it.each([
    [{ prot: 1 }, {}, 'prot', '"port"'],
    [{}, { CLICKHOUSE_PASWORD: 'x' }, 'CLICKHOUSE_PASWORD', '"CLICKHOUSE_PASSWORD"'],
    [{}, { CLICKHOUSE_PORT: '10s' }, 'CLICKHOUSE_PORT', 'a port'],
    [{}, { CLICKHOUSE_SECURE: 'maybe' }, 'CLICKHOUSE_SECURE', 'true or false'],
    [{}, { CLICKHOUSE_URL: 'https://h?sceure=1' }, 'CLICKHOUSE_URL', '"secure"'],
    [{}, { CLICKHOUSE_URL: 'clickhouse://h:9000' }, 'CLICKHOUSE_URL', '8123'],
    [{}, { CLICKHOUSE_HOST: 'h', CLICKHOUSE_PORT: '9440' }, 'CLICKHOUSE_PORT', '8443'],
    [{ user: 'u' }, {}, 'user', '"username"'],
    [{}, { CLICKHOUSE_PORT: '8123' }, 'CLICKHOUSE_PORT', 'CLICKHOUSE_HOST'],
    [{ dataPath: '/data' }, { CLICKHOUSE_URL: 'http://h' }, 'dataPath', 'one of the two'],
    [{}, { CLICKHOUSE_URL: 'https://h?password=x' }, 'CLICKHOUSE_URL', 'before the host'],
    [{}, { CLICKHOUSE_URL: 'https://h?secure=0' }, 'CLICKHOUSE_URL', 'agree'],
    [{}, { CLICKHOUSE_URL: 'mysql://h' }, 'CLICKHOUSE_URL', 'https'],
    [{}, { CLICKHOUSE_URL: 'nonsense' }, 'CLICKHOUSE_URL', 'https://'],
    [{}, { NODE_ENV: 'prodction' }, 'NODE_ENV', 'production'],
    [{ maxConcurrentStatements: 0 }, {}, 'maxConcurrentStatements', '1 to 1,000,000'],
    [{ maxWaitingStatements: -1 }, {}, 'maxWaitingStatements', '0 to 1,000,000'],
    [{}, { CLICKHOUSE_DEADLINE_MS: '86400001' }, 'CLICKHOUSE_DEADLINE_MS', '1 to 86,400,000'],
    [{ nonsense: 1 }, {}, 'nonsense', 'connection, settings'],
    [{ setings: {} }, {}, 'setings', '"settings"'],
    [{ clickhouse_settings: {} }, {}, 'clickhouse_settings', '"settings"'],
    [{ compression: {} }, {}, 'compression', '"compressRequests" or "compressResponses"'],
  ])('%j with %j is reported for %s', (input, env, key, expected) => {
    expect(problemsOf(input, env)).toContainEqual({
      key,
      found: expect.any(String) as string,
      expected: expect.stringContaining(expected) as string,
    });
  });

  it.each([
    { CLICKHOUSE_URL: 'mysql://user:hunter2@h?x=1' },
    { CLICKHOUSE_URL: 'user:hunter2@h/x' },
    { CLICKHOUSE_URL: 'https://user:1#hunter2@h' },
    { CLICKHOUSE_URL: 'https://user:1/hunter2@h' },
    { CLICKHOUSE_URL: 'https://user:1?hunter2@h' },
    { CLICKHOUSE_URL: 'https://user:hunter2/x@h' },
    { CLICKHOUSE_HOST: 'user:hunter2@h' },
    { CLICKHOUSE_HOST: 'h', CLICKHOUSE_PORT: 'https://user:hunter2@h' },
    { CLICKHOUSE_HOST: 'h', CLICKHOUSE_SECURE: 'hunter2\nhunter2' },
  ])('is reported without secrets: %j', (env) => {
    const problems = problemsOf({}, env);
    expect(problems).toHaveLength(1);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
    expect(new ConfigError(problems).message).not.toContain('hunter2');
  });
});

describe('a Kubernetes service named "clickhouse"', () => {
  const links = {
    CLICKHOUSE_SERVICE_HOST: '10.1.2.3',
    CLICKHOUSE_SERVICE_PORT: '8123',
    CLICKHOUSE_SERVICE_PORT_HTTP: '8123',
    CLICKHOUSE_PORT_8123_TCP: 'tcp://10.1.2.3:8123',
    CLICKHOUSE_PORT_8123_TCP_PROTO: 'tcp',
    CLICKHOUSE_PORT_8123_TCP_PORT: '8123',
    CLICKHOUSE_PORT_8123_TCP_ADDR: '10.1.2.3',
  };

  it('sets variables that are ignored, except CLICKHOUSE_PORT', () => {
    expect(problemsOf({}, { CLICKHOUSE_URL: 'http://h', ...links })).toEqual([]);
    expect(problemsOf({}, { CLICKHOUSE_URL: 'http://h', ...links, CLICKHOUSE_PORT: 'tcp://10.1.2.3:8123' })).toEqual([
      {
        key: 'CLICKHOUSE_PORT',
        found: '"tcp://10.1.2.3:8123"',
        expected: 'a port, 1 to 65,535 (Kubernetes sets this variable for a service named "clickhouse"; set enableServiceLinks: false)',
      },
    ]);
  });

  it('with the name of a connection is named in the problem', () => {
    const env = {
      CLICKHOUSE_URL: 'http://h',
      CLICKHOUSE_ANALYTICS_PORT: 'tcp://10.1.2.3:8123',
      CLICKHOUSE_ANALYTICS_SERVICE_HOST: '10.1.2.3',
    };
    expect(problemsOf({ connection: 'analytics' }, env)).toMatchObject([{ expected: expect.stringContaining('"clickhouse-analytics"') }]);
  });
});

describe('the configuration in code', () => {
  it('ignores keys that are undefined', () => {
    const input: ClickHouseConfigInput = {
      url: process.env['NOWHERE'],
      port: undefined,
      secure: undefined,
      connection: undefined,
      settings: undefined,
    };
    expect(loadClickHouseConfig(input, { CLICKHOUSE_URL: 'http://h' }).engine).toMatchObject({ url: 'http://h:8123' });
  });
});
