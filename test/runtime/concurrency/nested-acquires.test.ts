import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  loadClickHouseConfig,
  type ManagerOptions,
} from '../../../runtime/src/index.js';
import { fakeServer, type FakeServer } from '../harness/fake-server.js';

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

  describe('where what he holds is being read meanwhile, which ends without him', () => {
    const slowly = () =>
      fakeServer((response) => {
        response.write('{"n":1}\n');
        setTimeout(() => response.end('{"n":2}\n'), 100);
      });
    const both = [{ n: 1 }, { n: 2 }];
    const next = async ({ service }: ClickHouseConnectionManager) => (await service.query(select)).json();

    it('by json() and text(), whichever comes first', async () => {
      await using server = await slowly();
      const manager = managerFor(server, 1);
      const [first, second, third] = [
        await manager.service.query(select),
        () => next(manager),
        () => manager.service.query(select).then((result) => result.text()),
      ];
      expect(await Promise.all([first.json(), second()])).toEqual([both, both]);
      const result = await manager.service.query(select);
      expect(await Promise.all([third(), result.text()])).toEqual(['{"n":1}\n{"n":2}\n', '{"n":1}\n{"n":2}\n']);
      await closed();
      expect(manager.stats).toMatchObject({ inUse: 0, waiting: 0 });
    });

    it('as a stream, and by the body of exec()', async () => {
      await using server = await slowly();
      const manager = managerFor(server, 1);
      const result = await manager.service.query(select);
      const [batches, rows] = await Promise.all([result.stream().toArray(), next(manager)]);
      expect([batches.flat().length, rows]).toEqual([2, both]);
      const { stream } = await manager.service.exec({ query: 'SELECT n' });
      const [chunks, others] = await Promise.all([stream.toArray(), next(manager)]);
      expect([Buffer.concat(chunks).toString(), others]).toEqual(['{"n":1}\n{"n":2}\n', both]);
    });

    it('batch by batch, with a further statement for each, as long as all of it has arrived by then', async () => {
      await using server = await slowly();
      const manager = managerFor(server, 1);
      const found: unknown[] = [];
      for await (const batch of (await manager.service.query(select)).stream()) found.push(batch.length, await next(manager));
      expect(found).toEqual([1, both, 1, both]);
    });

    it('but not where he lets it lie for so long that it must be he himself who waits', async () => {
      const body = Readable.from(Array.from({ length: 200 }, () => '{"n":1}\n'.repeat(1_000)));
      await using server = await fakeServer((response) => void body.pipe(response));
      const manager = managerFor(server, 1);
      const since = performance.now();
      const nested = async () => {
        await (await manager.service.query(select)).stream().forEach(async () => {
          await next(manager);
        });
      };
      await expect(nested()).rejects.toMatchObject({ code: 'NESTED_ACQUIRE' });
      expect(performance.now() - since).toBeLessThan(5_000);
      await expect.poll(() => manager.stats).toMatchObject({ inUse: 0, waiting: 0, timedOut: 0 });
    });
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
