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

/** A body emits `close` in a later turn of the event loop. */
const bodyClosed = () => new Promise(setImmediate);

/** Leaves a result unread and runs another statement. */
async function nest({ service }: ClickHouseConnectionManager): Promise<unknown> {
  const outer = await service.query(select);
  try {
    return await (await service.query(select)).json();
  } finally {
    outer.close();
  }
}

describe('a caller that waits for a permit that only it can release', () => {
  it('is rejected at once, with the call that holds the permit', async () => {
    await using server = await oneRow();
    const manager = managerFor(server, 1);
    await expect(nest(manager)).rejects.toMatchObject({
      code: 'NESTED_ACQUIRE',
      retryable: false,
      heldBy: expect.stringMatching(/ at nest .*nested-acquires\.test\.ts:\d+/),
    });
    await bodyClosed();
    expect(manager.stats).toMatchObject({ inUse: 0, waiting: 0, timedOut: 0 });
    // The rejected statement does not affect later ones.
    expect(await (await manager.service.query(select)).json()).toEqual([{ n: 1 }]);
  });

  it('is rejected only if it is the last of several: the others continue', async () => {
    await using server = await oneRow();
    const manager = managerFor(server, 3);
    const outcomes = await Promise.allSettled([nest(manager), nest(manager), nest(manager)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    await bodyClosed();
    expect(manager.stats).toMatchObject({ inUse: 0, waiting: 0 });
  });

  it('is detected in an asynchronous call, and in a bulkhead', async () => {
    await using server = await oneRow();
    const manager = managerFor(server, 2, { bulkheads: { ingest: { max: 1 } } });
    const ingest = manager.bulkhead('ingest');
    const load = async () => (await ingest.query(select)).json();
    const outer = await ingest.query(select);
    await expect(Promise.resolve().then(load)).rejects.toMatchObject({ code: 'NESTED_ACQUIRE' });
    await outer.json();
  });

  it('is detected in a session, whose statements run one after the other', async () => {
    await using server = await oneRow();
    const manager = managerFor(server, 10);
    await using session = await manager.session();
    const unread = await session.query(select);
    await expect(session.query(select)).rejects.toMatchObject({ code: 'NESTED_ACQUIRE' });
    await unread.json();
    expect(await (await session.query(select)).json()).toEqual([{ n: 1 }]);
  });
});

describe('a caller that waits for other callers', () => {
  it('is not rejected for more concurrent statements than permits', async () => {
    await using server = await oneRow();
    const manager = managerFor(server, 2);
    const read = async () => (await manager.service.query(select)).json();
    expect(await Promise.all(Array.from({ length: 20 }, read))).toHaveLength(20);
    expect(await Promise.all(Array.from({ length: 20 }, () => manager.service.query(select).then((result) => result.json())))).toHaveLength(
      20,
    );
  });

  it('is not rejected while it holds one permit and another caller releases the other', async () => {
    await using server = await oneRow();
    const manager = managerFor(server, 2);
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const other = (async () => {
      const result = await manager.service.query(select);
      await finished;
      return result.json();
    })();
    const nested = nest(manager);
    await new Promise(setImmediate);
    finish();
    expect(await Promise.all([other, nested])).toEqual([[{ n: 1 }], [{ n: 1 }]]);
  });

  it('is not rejected for a permit of one partition while it holds one of another', async () => {
    await using server = await oneRow();
    const manager = managerFor(server, 3, { bulkheads: { ingest: { max: 1 } } });
    const ingest = manager.bulkhead('ingest');
    const other = await new Promise<Awaited<ReturnType<typeof ingest.query>>>((resolve) =>
      setImmediate(() => void ingest.query(select).then(resolve)),
    );
    const outer = await manager.service.query(select);
    const inner = ingest.query(select);
    await new Promise(setImmediate);
    await other.json();
    expect(await (await inner).json()).toEqual([{ n: 1 }]);
    await outer.json();
  });

  describe('is not rejected while its result is being read', () => {
    const slowServer = () =>
      fakeServer((response) => {
        response.write('{"n":1}\n');
        setTimeout(() => response.end('{"n":2}\n'), 100);
      });
    const bothRows = [{ n: 1 }, { n: 2 }];
    const next = async ({ service }: ClickHouseConnectionManager) => (await service.query(select)).json();

    it('by json() and text(), in either order', async () => {
      await using server = await slowServer();
      const manager = managerFor(server, 1);
      const [first, second, third] = [
        await manager.service.query(select),
        () => next(manager),
        () => manager.service.query(select).then((result) => result.text()),
      ];
      expect(await Promise.all([first.json(), second()])).toEqual([bothRows, bothRows]);
      const result = await manager.service.query(select);
      expect(await Promise.all([third(), result.text()])).toEqual(['{"n":1}\n{"n":2}\n', '{"n":1}\n{"n":2}\n']);
      await bodyClosed();
      expect(manager.stats).toMatchObject({ inUse: 0, waiting: 0 });
    });

    it('as a stream, and by the body of exec()', async () => {
      await using server = await slowServer();
      const manager = managerFor(server, 1);
      const result = await manager.service.query(select);
      const [batches, rows] = await Promise.all([result.stream().toArray(), next(manager)]);
      expect([batches.flat().length, rows]).toEqual([2, bothRows]);
      const { stream } = await manager.service.exec({ query: 'SELECT n' });
      const [chunks, others] = await Promise.all([stream.toArray(), next(manager)]);
      expect([Buffer.concat(chunks).toString(), others]).toEqual(['{"n":1}\n{"n":2}\n', bothRows]);
    });

    it('batch by batch, with a further statement for each, if all bytes arrive in time', async () => {
      await using server = await slowServer();
      const manager = managerFor(server, 1);
      const results: unknown[] = [];
      for await (const batch of (await manager.service.query(select)).stream()) results.push(batch.length, await next(manager));
      expect(results).toEqual([1, bothRows, 1, bothRows]);
    });

    it('but is rejected if the body is unread for so long that its reader must be the caller that waits', async () => {
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

  it('does not count results that were read', async () => {
    await using server = await oneRow();
    const manager = managerFor(server, 2);
    const outer = await manager.service.query(select);
    for (let count = 0; count < 50; count++) await (await manager.service.query(select)).json();
    await outer.json();
    expect(manager.stats).toMatchObject({ inUse: 0, granted: 51 });
  });
});

it('outside tests the detection is off: a nested statement waits for its timeout', async () => {
  await using server = await oneRow();
  const config = loadClickHouseConfig({ url: server.url, maxConcurrentStatements: 1, acquireTimeoutMs: 20 }, { NODE_ENV: 'production' });
  const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
  await expect(nest(manager)).rejects.toMatchObject({ code: 'ACQUIRE_TIMEOUT' });
});
