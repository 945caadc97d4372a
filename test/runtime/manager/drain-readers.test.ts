import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ResultSet } from '@clickhouse/client';
import { describe, expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  type ClickHouseService,
  loadClickHouseConfig,
  type ManagerOptions,
  StatementTerminatedError,
} from '../../../runtime/src/index.js';
import { deferred, fakeServer } from '../harness/fake-server.js';

const select = { query: 'SELECT n', format: 'JSONEachRow' } as const;
const rows = 3_000;
const body = `{"n":"${'x'.repeat(100)}"}\n`.repeat(rows);

function managerFor(url: string, options: Partial<ManagerOptions> = {}): ClickHouseConnectionManager {
  const config = loadClickHouseConfig({ url }, {});
  return new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory(), detectNestedAcquires: false, ...options });
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const slowly = async () => {
  for (let turns = 0; turns < 5; turns++) await turn();
};

/** A stream that writes slowly, and counts the lines. */
function slowSink(): { readonly stream: Writable; readonly count: () => number } {
  let lines = 0;
  const stream = new Writable({
    highWaterMark: 1,
    write: (chunk: Buffer, _, done) => {
      void slowly().then(() => {
        lines += chunk.toString().split('\n').length - 1;
        done();
      });
    },
  });
  return { stream, count: () => lines };
}

const toLines = () =>
  new Transform({
    writableObjectMode: true,
    transform: (batch: readonly { readonly text: string }[], _, done) => done(null, batch.map(({ text }) => `${text}\n`).join('')),
  });

type Read = (service: ClickHouseService) => Promise<() => number>;

/** Starts to read the result. Returns the number of rows that the reader has so far. */
const readers: Record<string, Read> = {
  'json()': async (service) => {
    let count = 0;
    const result = await service.query(select);
    void result.json().then((all) => (count = all.length));
    return () => count;
  },
  'text()': async (service) => {
    let count = 0;
    const result = await service.query(select);
    void result.text().then((text) => (count = text.split('\n').length - 1));
    return () => count;
  },
  'a slow loop over stream()': async (service) => {
    let count = 0;
    const result = await service.query(select);
    void (async () => {
      for await (const batch of result.stream()) {
        await slowly();
        count += batch.length;
      }
    })();
    return () => count;
  },
  'data events of stream()': async (service) => {
    let count = 0;
    const stream = (await service.query(select)).stream();
    stream.on('data', (batch: readonly unknown[]) => {
      stream.pause();
      count += batch.length;
      void slowly().then(() => stream.resume());
    });
    return () => count;
  },
  'readable events of stream()': async (service) => {
    let count = 0;
    const stream = (await service.query(select)).stream();
    stream.on('readable', () => {
      for (let batch: unknown = stream.read(); Array.isArray(batch); batch = stream.read()) count += batch.length;
    });
    return () => count;
  },
  'a pipe to a slow stream': async (service) => {
    const sink = slowSink();
    (await service.query(select)).stream().pipe(toLines()).pipe(sink.stream);
    return sink.count;
  },
  'a pipeline to a slow stream': async (service) => {
    const sink = slowSink();
    void pipeline((await service.query(select)).stream(), toLines(), sink.stream);
    return sink.count;
  },
  'a slow loop over exec().stream': async (service) => {
    let count = 0;
    const { stream } = await service.exec({ query: 'SELECT n FORMAT JSONEachRow' });
    void (async () => {
      for await (const chunk of stream) {
        await slowly();
        count += String(chunk).split('\n').length - 1;
      }
    })();
    return () => count;
  },
  'a pipe of exec().stream': async (service) => {
    const sink = slowSink();
    (await service.exec({ query: 'SELECT n FORMAT JSONEachRow' })).stream.pipe(sink.stream);
    return sink.count;
  },
};

describe('a drain waits until the reader has all rows that the server has sent', () => {
  it.each(Object.keys(readers))('with %s', async (name) => {
    await using server = await fakeServer((response) => void response.end(body));
    const manager = managerFor(server.url);
    const count = await (readers[name] ?? (() => Promise.reject(new Error(name))))(manager.service);
    await manager.drain({ timeoutMs: Infinity });
    expect(count()).toBe(rows);
  });

  it('with a session that is released before its last result is read', async () => {
    await using server = await fakeServer((response) => void response.end(body));
    const manager = managerFor(server.url);
    const session = await manager.session();
    const stream = (await session.query(select)).stream();
    await expect.poll(() => stream.readableLength).toBeGreaterThan(0);
    let count = 0;
    const read = (async () => {
      for await (const batch of stream) {
        await slowly();
        count += batch.length;
      }
    })();
    await expect.poll(() => count).toBeGreaterThan(0);
    const drained = manager.drain({ timeoutMs: Infinity });
    await read;
    session.release();
    await drained;
    expect(count).toBe(rows);
  });

  it('and terminates a reader that stops, after the timeout', async () => {
    await using server = await fakeServer((response) => void response.end('{"n":1}\n'));
    const manager = managerFor(server.url);
    const result = await manager.service.query(select);
    const stream = result.stream();
    await expect.poll(() => manager.stats.inUse).toBe(0);
    await manager.drain({ timeoutMs: 10 });
    await expect(stream.toArray()).rejects.toThrow(StatementTerminatedError);
  });
});

describe('a result that is complete and unread', () => {
  const reads: Record<string, (result: ResultSet<'JSONEachRow'>) => Promise<unknown>> = {
    'json()': (result) => result.json(),
    'text()': (result) => result.text(),
    'stream()': (result) => result.stream().toArray(),
  };

  it.each(Object.keys(reads))('is not waited for by a drain, and %s fails later', async (name) => {
    await using server = await fakeServer((response) => void response.end('{"n":1}\n'));
    const manager = managerFor(server.url);
    const result = await manager.service.query(select);
    await manager.drain({ timeoutMs: Infinity });
    await expect(reads[name]?.(result)).rejects.toThrow(StatementTerminatedError);
    expect(manager.stats.inUse).toBe(0);
  });

  it('of exec() is not waited for either', async () => {
    await using server = await fakeServer((response) => void response.end('{"n":1}\n'));
    const manager = managerFor(server.url);
    const { stream } = await manager.service.exec({ query: 'SELECT n' });
    await manager.drain({ timeoutMs: Infinity });
    await expect(stream.toArray()).rejects.toThrow(StatementTerminatedError);
  });

  it('of the embedded engine is not waited for either', async () => {
    const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig({}, {}), factory: new ClickHouseConnectionFactory() });
    const result = await manager.service.query({ query: 'SELECT 1 AS n', format: 'JSONEachRow' });
    await manager.drain({ timeoutMs: Infinity });
    await expect(result.json()).rejects.toThrow(StatementTerminatedError);
  });

  it('can still be read while another statement runs during the drain', async () => {
    const pending = deferred<ServerResponse>();
    await using server = await fakeServer((response, { url = '' }) => {
      if (url.includes('query_id=slow')) pending.resolve(response);
      else response.end('{"n":1}\n');
    });
    const manager = managerFor(server.url);
    const result = await manager.service.query(select);
    const other = manager.service.query({ ...select, query_id: 'slow' });
    const slow = await pending.promise;
    const drained = manager.drain({ timeoutMs: Infinity });
    slow.end('{"n":2}\n');
    const second = await other;
    expect(await Promise.all([result.json(), second.json()])).toEqual([[{ n: 1 }], [{ n: 2 }]]);
    await drained;
  });

  it('does not hold a permit if it has no rows, and may be read', async () => {
    await using server = await fakeServer((response) => void response.end());
    const manager = managerFor(server.url);
    const results = await Promise.all([1, 2, 3].map(() => manager.service.query({ query: 'CREATE TABLE a', format: 'JSONEachRow' })));
    await expect.poll(() => manager.stats).toMatchObject({ inUse: 0, sockets: { busy: 0 } });
    const [first, second, third] = results;
    expect([await first?.json(), await second?.text(), await third?.stream().toArray()]).toEqual([[], '', []]);
    await manager.close();
  });
});

describe('a drain that waits for longer than a second', () => {
  it('says once which statements it waits for, without their SQL', async () => {
    await using server = await fakeServer((response) => void response.write('{"n":1}\n'));
    const manager = managerFor(server.url, { leakDetectionThresholdMs: 60_000 });
    await manager.service.query({ query: "SELECT 'secret'", format: 'JSONEachRow', query_id: 'unread' });
    const session = await manager.session();
    const warned = once(process, 'warning');
    const drained = manager.drain({ timeoutMs: 60_000 });
    const [warning]: unknown[] = await warned;
    expect(warning).toMatchObject({ name: 'ClickHouseSsotWarning' });
    const text = String(warning);
    expect(text).toContain('2 statements');
    expect(text).toMatch(/- SELECT, query id unread, its result is not read to its end, called at .*drain-readers\.test\.ts:\d+/);
    expect(text).toContain(`- session ${session.id}`);
    expect(text).not.toContain('secret');
    await manager.close();
    await drained;
  });
});

describe('a session whose result is unread', () => {
  it('names it when the next statement waits in vain', async () => {
    await using server = await fakeServer((response) => void response.end('{"n":1}\n'));
    const config = loadClickHouseConfig({ url: server.url, acquireTimeoutMs: 20 }, {});
    const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory(), detectNestedAcquires: false });
    await using session = await manager.session();
    const result = await session.query({ ...select, query_id: 'first' });
    const failure: unknown = await session.query(select).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'ACQUIRE_TIMEOUT' });
    expect(String(failure)).toContain('the result of the previous statement of the session (query id first) is unread');
    expect(String(failure)).not.toContain('maxConcurrentStatements');
    result.close();
  });
});
