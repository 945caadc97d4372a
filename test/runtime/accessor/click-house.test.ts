import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  clickHouse,
  type ClickHouseOptions,
  closeClickHouse,
  ConfigError,
  ConnectionRecursionError,
  getClickHouseClient,
  getClickHouseConnectionManager,
  ManagerClosedError,
} from '../../../runtime/src/index.js';
import { deferred, type FakeServer, fakeServer } from '../harness/fake-server.js';

afterEach(async () => {
  vi.unstubAllEnvs();
  await closeClickHouse({ timeoutMs: 0 });
});

const select = { query: 'SELECT 1 AS n', format: 'JSONEachRow' } as const;
const ok = (): Promise<FakeServer> => fakeServer((response) => void response.end('{"n":1}\n'));

describe('clickHouse()', () => {
  it('reads nothing before the first statement, which rejects if the configuration is invalid', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    vi.stubEnv('CLICKHOUSE_PORT', 'many');
    const clickhouse = clickHouse();
    const inCode = clickHouse({ maxConcurrentStatements: -1 });
    await expect(clickhouse.query(select)).rejects.toThrow(ConfigError);
    await expect(clickhouse.insert({ table: 'events', values: [{}] })).rejects.toThrow(ConfigError);
    expect(await clickhouse.ping()).toEqual({ success: false, error: expect.any(ConfigError) });
    await expect(inCode.command({ query: 'A' })).rejects.toThrow('maxConcurrentStatements');
    expect(() => clickhouse.manager).toThrow(ConfigError);
    await clickhouse.close();
  });

  it('tries again with the next statement', async () => {
    await using server = await ok();
    vi.stubEnv('NODE_ENV', 'production');
    const clickhouse = clickHouse();
    await expect(clickhouse.query(select)).rejects.toThrow('CLICKHOUSE_URL');
    vi.stubEnv('CLICKHOUSE_URL', server.url);
    expect(await (await clickhouse.query(select)).json()).toEqual([{ n: 1 }]);
  });

  it('without options, uses the connection of getClickHouseClient()', async () => {
    await using server = await ok();
    vi.stubEnv('CLICKHOUSE_URL', server.url);
    vi.stubEnv('CLICKHOUSE_ANALYTICS_DATABASE', 'analytics');
    const clickhouse = clickHouse();
    await clickhouse.ping();
    expect(clickhouse.manager).toBe(getClickHouseConnectionManager());
    expect(clickHouse({ connection: 'analytics' }).manager).toBe(getClickHouseConnectionManager('analytics'));
    // An undefined key counts as absent.
    expect(clickHouse({ connection: undefined, database: undefined }).manager).toBe(getClickHouseConnectionManager());
  });

  it('with options, has a connection of its own, which services with the same options share', async () => {
    await using server = await ok();
    vi.stubEnv('CLICKHOUSE_URL', server.url);
    const options = (): ClickHouseOptions => ({ database: 'shop', retry: { maxAttempts: 2 }, settings: { max_threads: 2 } });
    const clickhouse = clickHouse(options());
    await clickhouse.ping();
    expect(clickhouse.manager.config).toMatchObject({ database: 'shop', settings: { max_threads: 2 } });
    expect(clickHouse(options()).manager).toBe(clickhouse.manager);
    // It does not matter where a value comes from.
    expect(clickHouse({ ...options(), url: server.url }).manager).toBe(clickhouse.manager);
    const others = [
      getClickHouseConnectionManager(),
      clickHouse({ ...options(), password: 'secret' }).manager,
      clickHouse({ ...options(), password: 'other' }).manager,
      clickHouse({ ...options(), retry: false }).manager,
      clickHouse({ ...options(), maxConcurrentStatements: 3 }).manager,
      clickHouse({ ...options(), settings: { max_threads: 3 } }).manager,
      clickHouse({ ...options(), onLeak: () => undefined }).manager,
    ];
    expect(new Set([clickhouse.manager, ...others]).size).toBe(others.length + 1);
  });

  it('shares the connection with a second evaluation of its module, hooks included', async () => {
    await using server = await ok();
    let created = 0;
    const evaluateModule = () =>
      clickHouse({
        url: server.url,
        env: false,
        onCreate: () => {
          created++;
        },
      });
    await evaluateModule().ping();
    await evaluateModule().ping();
    expect(created).toBe(1);
  });

  it('keeps the options of the manager after the service was closed', async () => {
    await using server = await ok();
    const clickhouse = clickHouse({ url: server.url, env: false, bulkheads: { reports: { max: 1 } } });
    await clickhouse.ping();
    await clickhouse.close();
    expect(await clickhouse.ping()).toEqual({ success: true });
    expect(await clickhouse.manager.bulkhead('reports').ping()).toEqual({ success: true });
  });

  it('with env: false, sends no credentials of the environment', async () => {
    const users: IncomingMessage['headers'][] = [];
    await using server = await fakeServer((response, { headers }) => {
      users.push(headers);
      response.end('Ok.\n');
    });
    vi.stubEnv('CLICKHOUSE_USER', 'own');
    vi.stubEnv('CLICKHOUSE_PASSWORD', 'OWN-SECRET');
    await clickHouse({ url: server.url, username: 'guest', env: false }).ping();
    await clickHouse({ env: { CLICKHOUSE_URL: server.url, CLICKHOUSE_USER: 'other' } }).ping();
    expect(users.map(({ authorization = '' }) => Buffer.from(authorization.slice('Basic '.length), 'base64').toString())).toEqual([
      'guest:',
      'other:',
    ]);
  });

  it('sends an insert without progress headers, although the settings ask for them', async () => {
    await using server = await ok();
    const clickhouse = clickHouse({ url: server.url, env: false, settings: { send_progress_in_http_headers: 1 } });
    await clickhouse.insert({ table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' });
    expect(server.requests[0]).toContain('send_progress_in_http_headers=0');
  });

  it('makes nothing when a service is closed that ran no statement', async () => {
    await using clickhouse = clickHouse({ url: 'http://127.0.0.1:9', env: false });
    await clickhouse.close();
    await clickHouse({ port: 9000 }).close();
  });
});

describe('closeClickHouse()', () => {
  it('drains the connections of clickHouse(), and a later statement opens them again', async () => {
    const responses: (() => void)[] = [];
    await using server = await fakeServer((response) => void responses.push(() => response.end('Ok.\n')));
    const [clickhouse, other] = [clickHouse({ url: server.url, env: false }), clickHouse({ url: server.url, database: 'b', env: false })];
    const running = clickhouse.command({ query: 'A' });
    await server.received(1);
    const { manager } = clickhouse;
    const closed = closeClickHouse();
    await expect(clickhouse.command({ query: 'B' })).rejects.toThrow(ManagerClosedError);
    await expect(other.command({ query: 'C' })).rejects.toThrow(ManagerClosedError);
    expect(await other.ping()).toEqual({ success: false, error: expect.any(ManagerClosedError) });
    responses[0]?.();
    await Promise.all([running, closed]);
    const later = clickhouse.command({ query: 'D' });
    await server.received(2);
    responses[1]?.();
    await later;
    expect(clickhouse.manager).not.toBe(manager);
  });

  it('lets clickHouse() read the environment again', async () => {
    await using one = await ok();
    await using two = await ok();
    vi.stubEnv('CLICKHOUSE_URL', one.url);
    const services = [clickHouse(), clickHouse({ database: 'shop' })];
    for (const service of services) await service.ping();
    await closeClickHouse();
    vi.stubEnv('CLICKHOUSE_URL', two.url);
    for (const service of services) await service.ping();
    expect([one.requests.length, two.requests.length]).toEqual([2, 2]);
  });
});

describe('a hook that uses the service whose connection it creates', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['by a statement', () => recursive.service.ping()],
    ['by its manager', () => recursive.service.manager.service.ping()],
    ['by a second service with the same options', () => clickHouse(recursive.options).ping()],
  ])('fails with the path, %s', async (_, request) => {
    recursive.request = request;
    const statement = recursive.service.command({ query: 'SELECT 1' });
    await expect(statement).rejects.toThrow(ConnectionRecursionError);
    await expect(statement).rejects.toMatchObject({
      path: [
        expect.stringMatching(/^ClickHouseConnectionFactory\.create\(\) for http:\/\/127\.0\.0\.1:9 at .*click-house\.test\.ts:\d+/),
        expect.stringMatching(/^a statement of the managed service at .*click-house\.test\.ts:\d+/),
      ],
    });
  });

  it('fails for the connection of the process too', async () => {
    vi.stubEnv('CLICKHOUSE_URL', 'http://127.0.0.1:9');
    const clickhouse = clickHouse({
      retry: false,
      onCreate: async () => {
        await getClickHouseClient();
      },
    });
    await expect(clickhouse.ping()).rejects.toThrow(ConnectionRecursionError);
  });
});

const recursive = (() => {
  const state: { request: () => Promise<unknown> } = { request: () => Promise.resolve() };
  const options: ClickHouseOptions = {
    url: 'http://127.0.0.1:9',
    env: false,
    onCreate: async () => {
      await state.request();
    },
  };
  return Object.assign(state, { options, service: clickHouse(options) });
})();

it('a leak is reported with the call of the user', async () => {
  await using server = await ok();
  const reported = deferred<string>();
  const clickhouse = clickHouse({
    url: server.url,
    env: false,
    leakDetectionThresholdMs: 1,
    onLeak: (report) => reported.resolve(report.acquiredAt),
  });
  const unread = await clickhouse.query(select);
  const [frame] = (await reported.promise).trim().split('\n');
  expect(frame).toContain('click-house.test.ts');
  unread.close();
});
