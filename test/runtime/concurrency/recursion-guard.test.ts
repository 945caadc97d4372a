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
import { fakeServer, deferred } from '../harness/fake-server.js';

const env = { CLICKHOUSE_URL: 'http://127.0.0.1:9' };

/** Sets a manager whose connections are created with this hook. Its only permit is held by the statement that needs the connection. */
function processWith(onCreate: NonNullable<FactoryOptions['onCreate']>): ClickHouseConnectionFactory {
  const factory = new ClickHouseConnectionFactory({ onCreate });
  useClickHouseConnectionManager(
    new ClickHouseConnectionManager({ config: loadClickHouseConfig({ maxConcurrentStatements: 1 }, env), factory }),
    factory,
  );
  return factory;
}

afterEach(() => closeClickHouse({ timeoutMs: 0 }));

describe('fault 21: a request for a connection from inside its own creation', () => {
  const cached: { service?: ReturnType<typeof getClickHouseConnectionManager>['service'] } = {};
  const requests: Record<string, () => unknown> = {
    'at once': () => getClickHouseClient(),
    'with the bypass': () => getClickHouseClient({ bypassManager: true }),
    'after a turn of the event loop': async () => {
      await new Promise(setImmediate);
      return getClickHouseClient();
    },
    'through the manager': () => getClickHouseConnectionManager().service.ping(),
    'through a service from before': () => cached.service?.ping(),
    'in Promise.all': () => Promise.all([Promise.resolve(), getClickHouseClient()]),
  };

  it.each(Object.keys(requests))('%s fails, with the path and the remedy', async (how) => {
    processWith(async () => {
      await requests[how]?.();
    });
    cached.service = await getClickHouseClient();
    const statement = cached.service.command({ query: 'SELECT 1' });
    await expect(statement).rejects.toThrow(ConnectionRecursionError);
    await expect(statement).rejects.toMatchObject({
      code: 'CONNECTION_RECURSION',
      path: [
        expect.stringMatching(/^ClickHouseConnectionFactory\.create\(\) for http:\/\/127\.0\.0\.1:9 at .*recursion-guard\.test\.ts/),
        expect.stringMatching(/^(getClickHouseClient\(.*\)|a statement of the managed service) at .*recursion-guard\.test\.ts:\d+/),
      ],
    });
    await expect(statement).rejects.toThrow('use the client that onCreate receives');
  });

  it('has a path through all creations in between', async () => {
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

  it('does not affect the next creation', async () => {
    let isRecursive = true;
    processWith(async () => {
      if (isRecursive) await getClickHouseClient();
    });
    await expect(getClickHouseClient({ bypassManager: true })).rejects.toThrow(ConnectionRecursionError);
    isRecursive = false;
    await expect(getClickHouseClient({ bypassManager: true })).resolves.toHaveProperty('query');
  });
});

describe('the guard accepts', () => {
  it('two requests at the same time', async () => {
    const creation = deferred<undefined>();
    const factory = processWith(() => creation.promise);
    const requested = Promise.all([getClickHouseClient({ bypassManager: true }), getClickHouseClient({ bypassManager: true })]);
    creation.resolve(undefined);
    const [first, second] = await requested;
    expect(first).toBe(second);
    expect(factory.created).toBe(1);
  });

  it('the creation of another connection inside a creation', async () => {
    const second = new ClickHouseConnectionFactory();
    processWith(async () => {
      await second.create(loadClickHouseConfig({ username: 'reader' }, env));
    });
    await expect(getClickHouseClient({ bypassManager: true })).resolves.toHaveProperty('query');
    await second.close();
  });

  it('a request of code that a creation started, after its end and during another creation', async () => {
    const [created, running] = [deferred<undefined>(), deferred<undefined>()];
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

it('fault 21: in a hook of the second of two servers, only the statement to that server fails', async () => {
  await using server = await fakeServer((response) => void response.end('{"n":1}\n'));
  await using other = await fakeServer((response) => void response.end('{"n":1}\n'));
  const results: unknown[] = [];
  const select = { query: 'SELECT 1 AS n', format: 'JSONEachRow' } as const;
  const read = async () => (await manager.service.query(select)).json().then(() => 'rows');
  const factory = new ClickHouseConnectionFactory({
    onCreate: async (_, { engine }) => {
      if (engine.kind === 'server' && engine.url === other.url)
        for (let statement = 0; statement < 2; statement++) results.push(await read().catch((error: unknown) => error));
    },
  });
  const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig({ url: [server.url, other.url] }, {}), factory });
  expect([await read(), await read()]).toEqual(['rows', 'rows']);
  expect(results.filter((result) => result instanceof ConnectionRecursionError)).toHaveLength(1);
  await manager.close();
});
