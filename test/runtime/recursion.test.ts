import { afterEach, describe, expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  closeClickHouse,
  ConnectionRecursionError,
  type FactoryOptions,
  getClickHouseClient,
  getClickHouseConnectionManager,
  loadClickHouseConfig,
  useClickHouseConnectionManager,
} from '../../runtime/src/index.js';

const config = loadClickHouseConfig({}, { CLICKHOUSE_URL: 'http://127.0.0.1:9' });

/** A process whose connections are created with this hook. */
function processWith(onCreate: NonNullable<FactoryOptions['onCreate']>): ClickHouseConnectionFactory {
  const factory = new ClickHouseConnectionFactory({ onCreate });
  useClickHouseConnectionManager(new ClickHouseConnectionManager({ config, factory }), factory);
  return factory;
}

afterEach(() => closeClickHouse({ timeoutMs: 0 }));

describe('a getter that is called from inside the creation of its own connection', () => {
  const ask: Record<string, () => unknown> = {
    'at once': () => getClickHouseClient(),
    'with the bypass': () => getClickHouseClient({ bypassManager: true }),
    'after a turn of the event loop': async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return getClickHouseClient();
    },
    'through the manager': () => getClickHouseConnectionManager().service.ping(),
  };

  it.each(Object.keys(ask))('%s is refused, by name, with the path and the remedy', async (how) => {
    processWith(async () => {
      await ask[how]?.();
    });
    const refusal = (await getClickHouseClient()).command({ query: 'SELECT 1' });
    await expect(refusal).rejects.toThrow(ConnectionRecursionError);
    await expect(refusal).rejects.toMatchObject({ code: 'CONNECTION_RECURSION', path: [expect.stringContaining('create() for http://127.0.0.1:9'), expect.stringMatching(/getClickHouse|Factory/)] });
    await expect(refusal).rejects.toThrow(/must not ask for one/);
  });

  it('leaves the process usable: the next creation starts anew', async () => {
    let asks = true;
    processWith(async () => {
      if (asks) await getClickHouseClient();
    });
    await expect(getClickHouseClient({ bypassManager: true })).rejects.toThrow(ConnectionRecursionError);
    asks = false;
    await expect(getClickHouseClient({ bypassManager: true })).resolves.toHaveProperty('query');
  });
});

describe('nobody else is accused', () => {
  it('of two who ask at the same time', async () => {
    const factory = processWith(() => new Promise((resolve) => setTimeout(resolve, 5)));
    const [one, other] = await Promise.all([getClickHouseClient({ bypassManager: true }), getClickHouseClient({ bypassManager: true })]);
    expect(one).toBe(other);
    expect(factory.created).toBe(1);
  });

  it('who creates a connection to somewhere else', async () => {
    const other = loadClickHouseConfig({ username: 'reader' }, { CLICKHOUSE_URL: 'http://127.0.0.1:9' });
    const second = new ClickHouseConnectionFactory();
    processWith(async () => {
      await second.create(other);
    });
    await expect(getClickHouseClient({ bypassManager: true })).resolves.toHaveProperty('query');
    await second.close();
  });
});
