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
import { fakeServer, held } from '../harness/fake-server.js';

beforeEach(() => vi.stubEnv('CLICKHOUSE_URL', 'http://127.0.0.1:9'));
afterEach(async () => {
  vi.unstubAllEnvs();
  await closeClickHouse({ timeoutMs: 0 });
});

function ownManager(): [ClickHouseConnectionManager, ClickHouseConnectionFactory] {
  const factory = new ClickHouseConnectionFactory();
  return [new ClickHouseConnectionManager({ config: loadClickHouseConfig({ database: 'own' }), factory }), factory];
}

describe('getClickHouseClient', () => {
  it('gives everybody the service of the one manager', async () => {
    const [one, other] = await Promise.all([getClickHouseClient(), getClickHouseClient()]);
    expect(one).toBe(other);
    expect(one).toBe(getClickHouseConnectionManager().service);
  });

  it('goes past the manager when asked to: no permit, and no wait for one', async () => {
    await using server = await fakeServer((response) => response.end('Ok.\n'));
    vi.stubEnv('CLICKHOUSE_URL', server.url);
    vi.stubEnv('CLICKHOUSE_MAX_CONCURRENT_STATEMENTS', '1');
    const unread = await (await getClickHouseClient()).query({ query: 'SELECT 1' });
    const direct = await getClickHouseClient({ bypassManager: true });
    expect(await direct.ping()).toMatchObject({ success: true });
    expect(getClickHouseConnectionManager().stats).toMatchObject({ inUse: 1, granted: 1, created: 1 });
    unread.close();
  });

  it('says what is wrong with the configuration', async () => {
    vi.stubEnv('CLICKHOUSE_PORT', 'many');
    await expect(getClickHouseClient()).rejects.toThrow(ConfigError);
  });

  it('refuses while the manager drains, and gives the service of a new one when it is closed', async () => {
    const creation = held<undefined>();
    const factory = new ClickHouseConnectionFactory({ onCreate: () => creation.promise });
    const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig(), factory });
    useClickHouseConnectionManager(manager, factory);
    const running = (await getClickHouseClient()).ping();
    const closed = closeClickHouse();
    await expect((await getClickHouseClient()).ping()).rejects.toThrow(ManagerClosedError);
    creation.resolve(undefined);
    await Promise.all([running, closed]);
    expect(getClickHouseConnectionManager()).not.toBe(manager);
    expect(getClickHouseConnectionManager().state).toBe('open');
  });

  it('keeps configuration and factory where only the service was closed', async () => {
    useClickHouseConnectionManager(...ownManager());
    await (await getClickHouseClient()).close();
    expect(getClickHouseConnectionManager().config.database).toBe('own');
  });
});

describe('useClickHouseConnectionManager', () => {
  it('puts an own manager in the place of the default one', async () => {
    const [manager, factory] = ownManager();
    useClickHouseConnectionManager(manager, factory);
    expect(getClickHouseConnectionManager()).toBe(manager);
    expect(await getClickHouseClient({ bypassManager: true })).toBe(await factory.create(manager.config));
  });

  it('refuses to be a second way in beside an open one', async () => {
    getClickHouseConnectionManager();
    expect(() => useClickHouseConnectionManager(...ownManager())).toThrow(ManagerAlreadySetError);
    await closeClickHouse();
    useClickHouseConnectionManager(...ownManager());
  });
});
