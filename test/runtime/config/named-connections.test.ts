import { afterEach, describe, expect, it } from 'vitest';
import {
  closeClickHouse,
  ConfigError,
  describeConfig,
  getClickHouseClient,
  getClickHouseConnectionManager,
  loadClickHouseConfig,
} from '../../../runtime/src/index.js';
import { fakeServer } from '../harness/fake-server.js';

const analytics = (env: Record<string, string>) => loadClickHouseConfig({ connection: 'analytics' }, env);
const serverOf = ({ engine }: ReturnType<typeof analytics>) =>
  engine.kind === 'server' ? { url: engine.url, username: engine.username, password: engine.password.reveal() } : undefined;
const problemsOf = (load: () => unknown) => {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
  }
  return [];
};

describe('a named connection', () => {
  it('has its own variables, and inherits the common ones that these do not set', () => {
    const config = analytics({
      CLICKHOUSE_URL: 'http://user:secret@main:8123/shop',
      CLICKHOUSE_ANALYTICS_DATABASE: 'events',
      CLICKHOUSE_MAX_CONCURRENT_STATEMENTS: '7',
    });
    expect(config).toMatchObject({ connection: 'analytics', database: 'events', maxConcurrentStatements: 7 });
    expect(serverOf(config)).toEqual({ url: 'http://main:8123', username: 'user', password: 'secret' });
    expect(config.provenance).toMatchObject({ database: 'CLICKHOUSE_ANALYTICS_DATABASE', host: 'CLICKHOUSE_URL' });
  });

  it('inherits no password that belongs to another server or user', () => {
    const env = { CLICKHOUSE_URL: 'http://user:secret@main:8123/shop', CLICKHOUSE_PASSWORD: 'secret' };
    expect(serverOf(analytics({ ...env, CLICKHOUSE_ANALYTICS_URL: 'http://other:8123' }))).toEqual({
      url: 'http://other:8123',
      username: 'default',
      password: '',
    });
    expect(serverOf(analytics({ ...env, CLICKHOUSE_ANALYTICS_USER: 'reader' }))).toEqual({
      url: 'http://main:8123',
      username: 'reader',
      password: '',
    });
    expect(serverOf(loadClickHouseConfig({ connection: 'analytics', host: 'other' }, env))).toMatchObject({
      url: 'http://other:8123',
      password: '',
    });
  });

  it('with a misspelled variable gets a suggestion', () => {
    expect(problemsOf(() => analytics({ CLICKHOUSE_URL: 'http://main', CLICKHOUSE_ANALYTCS_URL: 'http://other' }))).toEqual([
      { key: 'CLICKHOUSE_ANALYTCS_URL', found: 'an unknown variable', expected: '"CLICKHOUSE_ANALYTICS_URL"' },
    ]);
    expect(
      problemsOf(() => analytics({ CLICKHOUSE_URL: 'http://main', CLICKHOUSE_INGEST_URL: 'http://other' })),
      'a variable of another connection is ignored',
    ).toEqual([]);
  });

  it('is understood with the variable names of other tools as well', () => {
    const config = analytics({ CLICKHOUSE_URL: 'http://svc:pw@main', CLICKHOUSE_ANALYTICS_USERNAME: 'reader' });
    expect(serverOf(config)).toMatchObject({ username: 'reader', password: '' });
    expect(config.provenance).toMatchObject({ username: 'CLICKHOUSE_ANALYTICS_USERNAME' });
  });

  it('requires a server in production by its own variable', () => {
    expect(problemsOf(() => analytics({ NODE_ENV: 'production' }))[0]?.key).toBe('CLICKHOUSE_ANALYTICS_URL');
  });

  it('with an upper-case name is rejected', () => {
    expect(problemsOf(() => loadClickHouseConfig({ connection: 'Analytics' }, {}))[0]).toMatchObject({
      key: 'connection',
      found: '"Analytics"',
    });
  });

  it('is the first row of its description', () => {
    expect(describeConfig(analytics({ CLICKHOUSE_URL: 'http://main' }))[0]).toEqual({
      key: 'connection',
      value: 'analytics',
      source: 'code',
    });
  });
});

describe('the accessor of a named connection', () => {
  afterEach(async () => {
    delete process.env['CLICKHOUSE_URL'];
    delete process.env['CLICKHOUSE_ANALYTICS_URL'];
    await closeClickHouse();
  });

  it('returns a manager for each connection, and all are closed together', async () => {
    await using main = await fakeServer((response) => response.end('{"n":1}\n'));
    await using other = await fakeServer((response) => response.end('{"n":2}\n'));
    Object.assign(process.env, { CLICKHOUSE_URL: main.url, CLICKHOUSE_ANALYTICS_URL: other.url });
    const read = async (connection?: string) =>
      (
        await (
          await getClickHouseClient(connection === undefined ? {} : { connection })
        ).query({ query: 'SELECT 1 AS n', format: 'JSONEachRow' })
      ).json();
    expect([await read(), await read('analytics')]).toEqual([[{ n: 1 }], [{ n: 2 }]]);
    const managers = [getClickHouseConnectionManager(), getClickHouseConnectionManager('analytics')];
    expect(new Set(managers).size).toBe(2);
    await closeClickHouse();
    expect(managers.map(({ state }) => state)).toEqual(['closed', 'closed']);
  });
});

describe('several servers', () => {
  const endpointsOf = (url: string | readonly string[]) => {
    const { engine } = loadClickHouseConfig({ url }, {});
    return engine.kind === 'server' ? engine.endpoints : [];
  };

  it('may be one URL or a list', () => {
    expect(endpointsOf('http://user:secret@a:8123/shop,http://b:8124')).toEqual(['http://a:8123', 'http://b:8124']);
    expect(endpointsOf(['https://a', 'https://[::1]:9443'])).toEqual(['https://a:8443', 'https://[::1]:9443']);
  });

  it('are replaced by one of them that code names', () => {
    const { engine } = loadClickHouseConfig({ url: 'http://a' }, { CLICKHOUSE_URL: 'http://user:secret@a,http://b' });
    expect(engine).toMatchObject({ endpoints: ['http://a:8123'], username: 'user' });
  });

  it('that differ in another part are rejected, without their secrets', () => {
    const problems = problemsOf(() => endpointsOf('http://user:hunter2@a,http://other:hunter3@b'));
    expect(problems.map(({ found }) => found)).toEqual(['servers that differ in username', 'servers that differ in password']);
    expect(JSON.stringify(problems)).not.toContain('hunter');
  });

  it('are listed once each, and have their ports in the URL', () => {
    expect(endpointsOf('http://a,http://a:8123,http://b')).toEqual(['http://a:8123', 'http://b:8123']);
    expect(problemsOf(() => loadClickHouseConfig({ url: 'http://a,http://b', port: 9 }, {}))).toEqual([
      expect.objectContaining({ key: 'port' }),
    ]);
  });

  it('are part of the description', () => {
    expect(describeConfig(loadClickHouseConfig({ url: 'http://a,http://b' }, {}))).toContainEqual({
      key: 'endpoints',
      value: 'http://a:8123, http://b:8123',
      source: 'code (url)',
    });
  });
});
