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
} from '../../../runtime/src/index.js';
import { fakeServer, held } from '../harness/fake-server.js';

const env = { CLICKHOUSE_URL: 'http://127.0.0.1:9' };

/** A process whose connections are created with this hook. One permit: the statement that needs the connection holds it. */
function processWith(onCreate: NonNullable<FactoryOptions['onCreate']>): ClickHouseConnectionFactory {
  const factory = new ClickHouseConnectionFactory({ onCreate });
  useClickHouseConnectionManager(
    new ClickHouseConnectionManager({ config: loadClickHouseConfig({ maxConcurrentStatements: 1 }, env), factory }),
    factory,
  );
  return factory;
}

afterEach(() => closeClickHouse({ timeoutMs: 0 }));

describe('fault 21: a getter that is called from inside the creation of its own connection', () => {
  const kept: { service?: ReturnType<typeof getClickHouseConnectionManager>['service'] } = {};
  const ask: Record<string, () => unknown> = {
    'at once': () => getClickHouseClient(),
    'with the bypass': () => getClickHouseClient({ bypassManager: true }),
    'after a turn of the event loop': async () => {
      await new Promise(setImmediate);
      return getClickHouseClient();
    },
    'through the manager': () => getClickHouseConnectionManager().service.ping(),
    'through a service that was asked for before': () => kept.service?.ping(),
    'among other things': () => Promise.all([Promise.resolve(), getClickHouseClient()]),
  };

  it.each(Object.keys(ask))('%s is refused, by name, with the path and the remedy', async (how) => {
    processWith(async () => {
      await ask[how]?.();
    });
    kept.service = await getClickHouseClient();
    const refusal = kept.service.command({ query: 'SELECT 1' });
    await expect(refusal).rejects.toThrow(ConnectionRecursionError);
    await expect(refusal).rejects.toMatchObject({
      code: 'CONNECTION_RECURSION',
      path: [
        expect.stringMatching(/^ClickHouseConnectionFactory\.create\(\) for http:\/\/127\.0\.0\.1:9 at .*recursion-guard\.test\.ts/),
        expect.stringMatching(/^(getClickHouseClient\(.*\)|a statement of the managed service) at .*recursion-guard\.test\.ts:\d+/),
      ],
    });
    await expect(refusal).rejects.toThrow('use the client that onCreate is given');
  });

  it('is told through every creation in between', async () => {
    const second = new ClickHouseConnectionFactory({
      onCreate: async () => {
        await getClickHouseClient();
      },
    });
    processWith(async () => {
      await second.create(loadClickHouseConfig({ username: 'reader' }, env));
    });
    await expect((await getClickHouseClient()).ping()).rejects.toMatchObject({ path: { length: 3 } });
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
    const creation = held<undefined>();
    const factory = processWith(() => creation.promise);
    const asked = Promise.all([getClickHouseClient({ bypassManager: true }), getClickHouseClient({ bypassManager: true })]);
    creation.resolve(undefined);
    const [one, other] = await asked;
    expect(one).toBe(other);
    expect(factory.created).toBe(1);
  });

  it('who creates a connection to somewhere else', async () => {
    const second = new ClickHouseConnectionFactory();
    processWith(async () => {
      await second.create(loadClickHouseConfig({ username: 'reader' }, env));
    });
    await expect(getClickHouseClient({ bypassManager: true })).resolves.toHaveProperty('query');
    await second.close();
  });

  it('who was started by a creation and asks when it is over, while another one is running', async () => {
    const [created, running] = [held<undefined>(), held<undefined>()];
    let later: Promise<unknown> | undefined;
    processWith(() => void (later = created.promise.then(() => getClickHouseClient({ bypassManager: true }))));
    await getClickHouseClient({ bypassManager: true });
    const second = new ClickHouseConnectionFactory({ onCreate: () => running.promise });
    const other = second.create(loadClickHouseConfig({ username: 'reader' }, env));
    created.resolve(undefined);
    await expect(later).resolves.toHaveProperty('query');
    running.resolve(undefined);
    await other;
  });
});

it('fault 21: a hook of the second of two servers that runs statements is refused the one which would go to its own', async () => {
  await using server = await fakeServer((response) => void response.end('{"n":1}\n'));
  await using other = await fakeServer((response) => void response.end('{"n":1}\n'));
  const asked: unknown[] = [];
  const select = { query: 'SELECT 1 AS n', format: 'JSONEachRow' } as const;
  const read = async () => (await manager.service.query(select)).json().then(() => 'rows');
  const factory = new ClickHouseConnectionFactory({
    onCreate: async (_, { engine }) => {
      if (engine.kind === 'server' && engine.url === other.url)
        for (let statement = 0; statement < 2; statement++) asked.push(await read().catch((error: unknown) => error));
    },
  });
  const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig({ url: [server.url, other.url] }, {}), factory });
  expect([await read(), await read()]).toEqual(['rows', 'rows']);
  expect(asked.filter((answer) => answer instanceof ConnectionRecursionError)).toHaveLength(1);
  await manager.close();
});
