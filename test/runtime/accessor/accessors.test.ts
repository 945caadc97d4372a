import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  closeClickHouse,
  ConfigError,
  getClickHouseClient,
  getClickHouseConnectionManager,
  loadClickHouseConfig,
  ManagerClosedError,
  ManagerAlreadySetError,
  useClickHouseConnectionManager,
} from '../../../runtime/src/index.js';
import { fakeServer, deferred } from '../harness/fake-server.js';

beforeEach(() => vi.stubEnv('CLICKHOUSE_URL', 'http://127.0.0.1:9'));
afterEach(async () => {
  vi.unstubAllEnvs();
  await closeClickHouse({ timeoutMs: 0 });
});

function customManager(): [ClickHouseConnectionManager, ClickHouseConnectionFactory] {
  const factory = new ClickHouseConnectionFactory();
  return [new ClickHouseConnectionManager({ config: loadClickHouseConfig({ database: 'custom' }), factory }), factory];
}

describe('getClickHouseClient', () => {
  it('returns the service of the one manager to all callers', async () => {
    const [one, other] = await Promise.all([getClickHouseClient(), getClickHouseClient()]);
    expect(one).toBe(other);
    expect(one).toBe(getClickHouseConnectionManager().service);
  });

  it('with bypassManager, uses no permit and waits for none', async () => {
    await using server = await fakeServer((response) => response.end('Ok.\n'));
    vi.stubEnv('CLICKHOUSE_URL', server.url);
    vi.stubEnv('CLICKHOUSE_MAX_CONCURRENT_STATEMENTS', '1');
    const unread = await (await getClickHouseClient()).query({ query: 'SELECT 1' });
    const direct = await getClickHouseClient({ bypassManager: true });
    expect(await direct.ping()).toMatchObject({ success: true });
    expect(getClickHouseConnectionManager().stats).toMatchObject({ inUse: 1, granted: 1, created: 1 });
    unread.close();
  });

  it('rejects an invalid configuration with ConfigError', async () => {
    vi.stubEnv('CLICKHOUSE_PORT', 'many');
    await expect(getClickHouseClient()).rejects.toThrow(ConfigError);
  });

  it('rejects statements during a drain, and returns the service of a new manager after it', async () => {
    const creation = deferred<undefined>();
    const factory = new ClickHouseConnectionFactory({ onCreate: () => creation.promise });
    const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig(), factory });
    useClickHouseConnectionManager(manager, factory);
    const running = (await getClickHouseClient()).ping();
    const closed = closeClickHouse();
    await expect((await getClickHouseClient()).command({ query: 'SELECT 1' })).rejects.toThrow(ManagerClosedError);
    creation.resolve(undefined);
    await Promise.all([running, closed]);
    expect(getClickHouseConnectionManager()).not.toBe(manager);
    expect(getClickHouseConnectionManager().state).toBe('open');
  });

  it('keeps configuration and factory if only the service was closed', async () => {
    useClickHouseConnectionManager(...customManager());
    await (await getClickHouseClient()).close();
    expect(getClickHouseConnectionManager().config.database).toBe('custom');
  });
});

describe('useClickHouseConnectionManager', () => {
  it('replaces the default manager', async () => {
    const [manager, factory] = customManager();
    useClickHouseConnectionManager(manager, factory);
    expect(getClickHouseConnectionManager()).toBe(manager);
    expect(await getClickHouseClient({ bypassManager: true })).toBe(await factory.create(manager.config));
  });

  it('throws if another manager is open', async () => {
    getClickHouseConnectionManager();
    expect(() => useClickHouseConnectionManager(...customManager())).toThrow(ManagerAlreadySetError);
    await closeClickHouse();
    useClickHouseConnectionManager(...customManager());
  });
});
