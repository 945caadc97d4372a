import { describe, expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  loadClickHouseConfig,
  type ManagerOptions,
} from '../../runtime/src/index.js';
import { fakeServer, type FakeServer } from './fake-server.js';

const select = { query: 'SELECT n', format: 'JSONEachRow' } as const;
const oneRow = () => fakeServer((response) => void response.end('{"n":1}\n'));

function managerFor(
  server: FakeServer,
  maxConcurrentStatements: number,
  options: Partial<ManagerOptions> = {},
): ClickHouseConnectionManager {
  const config = loadClickHouseConfig({ url: server.url, maxConcurrentStatements }, {});
  return new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory(), detectNestedAcquires: true, ...options });
}

/** A body says a moment later that it is closed. */
const closed = () => new Promise(setImmediate);

/** Leaves a result unread and asks for another. */
async function nest({ service }: ClickHouseConnectionManager): Promise<unknown> {
  const outer = await service.query(select);
  try {
    return await (await service.query(select)).json();
  } finally {
    outer.close();
  }
}

describe('who waits for a permit that only he could give back', () => {
  it('is refused at once, and told where he holds it', async () => {
    await using server = await oneRow();
    const manager = managerFor(server, 1);
    await expect(nest(manager)).rejects.toMatchObject({
      code: 'NESTED_ACQUIRE',
      retryable: false,
      heldBy: expect.stringMatching(/ at nest .*nested-acquires\.test\.ts:\d+/),
    });
    await closed();
    expect(manager.stats).toMatchObject({ inUse: 0, waiting: 0, timedOut: 0 });
    // And nothing of it is remembered against who asks next.
    expect(await (await manager.service.query(select)).json()).toEqual([{ n: 1 }]);
  });

  it('is the last of several who all do: one is refused, and the others go on', async () => {
    await using server = await oneRow();
    const manager = managerFor(server, 3);
    const outcomes = await Promise.allSettled([nest(manager), nest(manager), nest(manager)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    await closed();
    expect(manager.stats).toMatchObject({ inUse: 0, waiting: 0 });
  });

  it('is found in a function that is called from elsewhere, and in the bulkhead that he holds already', async () => {
    await using server = await oneRow();
    const manager = managerFor(server, 2, { bulkheads: { ingest: { max: 1 } } });
    const ingest = manager.bulkhead('ingest');
    const load = async () => (await ingest.query(select)).json();
    const outer = await ingest.query(select);
    await expect(Promise.resolve().then(load)).rejects.toMatchObject({ code: 'NESTED_ACQUIRE' });
    await outer.json();
  });

  it('is found in a session, whose statements take turns', async () => {
    await using server = await oneRow();
    const manager = managerFor(server, 10);
    await using session = await manager.session();
    const unread = await session.query(select);
    await expect(session.query(select)).rejects.toMatchObject({ code: 'NESTED_ACQUIRE' });
    await unread.json();
    expect(await (await session.query(select)).json()).toEqual([{ n: 1 }]);
  });
});

describe('who waits for others', () => {
  it('waits in peace: statements side by side, more of them than there are permits', async () => {
    await using server = await oneRow();
    const manager = managerFor(server, 2);
    const read = async () => (await manager.service.query(select)).json();
    expect(await Promise.all(Array.from({ length: 20 }, read))).toHaveLength(20);
    expect(await Promise.all(Array.from({ length: 20 }, () => manager.service.query(select).then((result) => result.json())))).toHaveLength(
      20,
    );
  });

  it('waits in peace where he holds one, and another one is with somebody who will give it back', async () => {
    await using server = await oneRow();
    const manager = managerFor(server, 2);
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const elsewhere = (async () => {
      const result = await manager.service.query(select);
      await finished;
      return result.json();
    })();
    const nested = nest(manager);
    await new Promise(setImmediate);
    finish();
    expect(await Promise.all([elsewhere, nested])).toEqual([[{ n: 1 }], [{ n: 1 }]]);
  });

  it('waits in peace for one share while he holds one of another', async () => {
    await using server = await oneRow();
    const manager = managerFor(server, 3, { bulkheads: { ingest: { max: 1 } } });
    const ingest = manager.bulkhead('ingest');
    const elsewhere = await new Promise<Awaited<ReturnType<typeof ingest.query>>>((resolve) =>
      setImmediate(() => void ingest.query(select).then(resolve)),
    );
    const outer = await manager.service.query(select);
    const inner = ingest.query(select);
    await new Promise(setImmediate);
    await elsewhere.json();
    expect(await (await inner).json()).toEqual([{ n: 1 }]);
    await outer.json();
  });

  it('has forgotten what he has read, however often he asks', async () => {
    await using server = await oneRow();
    const manager = managerFor(server, 2);
    const outer = await manager.service.query(select);
    for (let asked = 0; asked < 50; asked++) await (await manager.service.query(select)).json();
    await outer.json();
    expect(manager.stats).toMatchObject({ inUse: 0, granted: 51 });
  });
});

it('nobody is looked at where it is off, as it is outside tests: he waits for his timeout', async () => {
  await using server = await oneRow();
  const config = loadClickHouseConfig({ url: server.url, maxConcurrentStatements: 1, acquireTimeoutMs: 20 }, { NODE_ENV: 'production' });
  const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
  await expect(nest(manager)).rejects.toMatchObject({ code: 'ACQUIRE_TIMEOUT' });
});
