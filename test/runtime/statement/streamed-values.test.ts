import { createReadStream, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, pipeline, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type ClickHouseConfigInput,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  type ManagerOptions,
  loadClickHouseConfig,
  outcomeOf,
  parseFailure,
} from '../../../runtime/src/index.js';
import { fakeServer } from '../harness/fake-server.js';
import { rawServer } from '../harness/raw-server.js';

function managerAt(input: ClickHouseConfigInput, options: Partial<ManagerOptions> = {}): ClickHouseConnectionManager {
  return new ClickHouseConnectionManager({
    config: loadClickHouseConfig(input, {}),
    factory: new ClickHouseConnectionFactory(),
    retry: { initialDelayMs: 0 },
    ...options,
  });
}

const into = { table: 't', format: 'JSONEachRow' } as const;
const deduplicated = { ...into, clickhouse_settings: { insert_deduplication_token: 'batch' } };
/** Nothing listens on this port. */
const refusing = 'http://127.0.0.1:1';

/** A stream of rows that delivers one row and then waits. */
function open(): Readable {
  const stream = new Readable({ objectMode: true, read: () => undefined });
  stream.push({ a: 1 });
  return stream;
}

function destroyedLater(error?: Error): Readable {
  const stream = open();
  stream.once('resume', () => setImmediate(() => stream.destroy(error)));
  return stream;
}

// The official client would print each failure.
const print = vi.spyOn(console, 'error');
beforeEach(() => void print.mockClear());
afterEach(() => {
  expect(print).not.toHaveBeenCalled();
});

const cause = new Error('mine');

describe("a failure of the caller's stream", () => {
  it.each<[string, () => Readable]>([
    ['destroyed without an error', () => destroyedLater()],
    ['destroyed with an error', () => destroyedLater(cause)],
    ['destroyed with an error like one of the network', () => destroyedLater(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }))],
    [
      'the source of a pipeline was destroyed',
      () => {
        const source = destroyedLater();
        return pipeline(source, new PassThrough({ objectMode: true }), () => undefined);
      },
    ],
    [
      'a generator threw an error',
      () =>
        Readable.from(
          (async function* () {
            yield { a: 1 };
            await new Promise(setImmediate);
            throw cause;
          })(),
        ),
    ],
    [
      'a web stream has failed',
      () =>
        Readable.fromWeb(
          new ReadableStream({
            start(controller) {
              controller.enqueue({ a: 1 });
              setImmediate(() => controller.error(cause));
            },
          }),
          { objectMode: true },
        ),
    ],
    ['its own signal was aborted', () => Readable.from([{ a: 1 }, { a: 2 }], { signal: AbortSignal.abort() })],
    ['a row cannot be encoded', () => Readable.from([{ a: 1 }, { a: 1n }])],
    ['it was destroyed before the call', () => open().destroy()],
  ])('does not count for the breaker and is not repeated: %s', async (_, values) => {
    await using server = await fakeServer((response) => void response.end());
    const manager = managerAt({ url: server.url });
    for (let inserts = 0; inserts < 12; inserts++) {
      const stream = values();
      const failure = await manager.service.insert({ ...into, values: stream }).catch(parseFailure);
      expect(failure).toMatchObject({ attempts: 1, retryable: false });
      expect(['AMBIGUOUS_WRITE', 'INVALID_ARGUMENT']).toContain(Reflect.get(failure, 'code'));
      expect(stream.destroyed).toBe(true);
    }
    expect(manager.health().status).toBe('unknown');
    await manager.service.command({ query: 'SELECT 1' });
    expect(manager.health().status).toBe('ready');
    await manager.close();
  });

  it('is never sent if it happens before the first byte', async () => {
    await using server = await rawServer(() => undefined);
    const manager = managerAt({ url: server.url });
    const values = new Readable({ objectMode: true, read: () => void values.destroy(cause) });
    await expect(manager.service.insert({ ...into, values })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', cause });
    expect(server.receivedBytes).toBe(0);
    await manager.close();
  });

  it('is never sent and rejects the promise if an iterable cannot be iterated', async () => {
    await using server = await fakeServer((response) => void response.end());
    const manager = managerAt({ url: server.url });
    const values = {
      [Symbol.asyncIterator]: (): AsyncIterator<never> => {
        throw cause;
      },
    };
    const calls = [
      () => manager.service.insert({ ...into, values }),
      () => manager.service.exec({ query: 'INSERT INTO t FORMAT CSV', values }),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', cause });
    await manager.close();
  });

  it('is the fault of a stream that delivers nothing within the request timeout', async () => {
    await using server = await rawServer(() => undefined);
    const manager = managerAt({ url: server.url, requestTimeoutMs: 50 });
    const values = open();
    const failure = await manager.service.insert({ ...into, values }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'AMBIGUOUS_WRITE', cause: { code: 'UNCLASSIFIED', message: /stream of the values/ } });
    await manager.close();
  });

  it('does not end the process while the statement waits for a permit', async () => {
    await using server = await fakeServer(() => undefined);
    const manager = managerAt({ url: server.url, maxConcurrentStatements: 1 });
    const controller = new AbortController();
    const running = manager.service.command({ query: 'SELECT 1', abort_signal: controller.signal }).catch((error: unknown) => error);
    const values = open();
    const waiting = manager.service.insert({ ...into, values }).catch((error: unknown) => error);
    values.destroy(cause);
    await server.received(1);
    controller.abort();
    await running;
    expect(await waiting).toMatchObject({ code: 'INVALID_ARGUMENT', cause });
    await manager.close();
  });
});

describe('a connection that breaks while a stream is inserted', () => {
  it('is the fault of the server, and counts for its breaker', async () => {
    await using server = await rawServer((socket, chunk) => {
      if (chunk.includes('row')) socket.resetAndDestroy();
    });
    const manager = managerAt({ url: server.url });
    for (let inserts = 0; inserts < 10; inserts++) {
      const values = new Readable({ objectMode: true, read: () => void setImmediate(() => values.push({ a: 'row' })) });
      await expect(manager.service.insert({ ...into, values })).rejects.toMatchObject({
        code: 'AMBIGUOUS_WRITE',
        cause: { code: 'CONNECTION_LOST' },
      });
      expect(values.destroyed).toBe(true);
    }
    expect(manager.health().status).toBe('down');
    await manager.close();
  });
});

describe('the insert of a stream of which nothing was sent', () => {
  it('goes to another server, with all rows, as an array does', async () => {
    const received: string[] = [];
    await using server = await fakeServer((response) => void response.end());
    const manager = managerAt({ url: [refusing, server.url] });
    for (let inserts = 0; inserts < 4; inserts++) {
      received.length = 0;
      const values = Readable.from([{ a: inserts }, { a: inserts + 1 }]);
      await manager.service.insert({ ...into, values });
      expect(values.readableEnded).toBe(true);
    }
    expect(server.requests).toHaveLength(4);
    await manager.service.exec({ query: 'INSERT INTO t FORMAT CSV', values: Readable.from(['1\n'], { objectMode: false }) });
    await manager.close();
  });

  it('is repeated at the same server, and leaves no stream open when it fails', async () => {
    const manager = managerAt({ url: refusing });
    const values = Readable.from([{ a: 1 }]);
    await expect(manager.service.insert({ ...into, values })).rejects.toMatchObject({ code: 'CONNECT_FAILED', attempts: 3 });
    expect(values.destroyed).toBe(true);
    await manager.close();
  });

  it('leaves the stream to the caller if the statement got no permit', async () => {
    await using server = await fakeServer(() => undefined);
    const manager = managerAt({ url: server.url, maxConcurrentStatements: 1, maxWaitingStatements: 1 });
    const controller = new AbortController();
    const select = { query: 'SELECT 1', abort_signal: controller.signal };
    const running = Promise.allSettled([manager.service.command(select), manager.service.command(select)]);
    const values = Readable.from([{ a: 1 }]);
    await expect(manager.service.insert({ ...into, values })).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    expect(await values.toArray()).toEqual([{ a: 1 }]);
    controller.abort();
    await running;
    await manager.close();
  });
});

describe('a function that makes the values', () => {
  /** A server that closes the connection of the first insert, and answers the later ones. */
  function flaky() {
    let inserts = 0;
    return fakeServer((response) => {
      if (++inserts === 1) response.destroy();
      else response.end();
    });
  }

  it('is called again for each attempt of an insert with a token', async () => {
    await using server = await flaky();
    const manager = managerAt({ url: server.url });
    const make = vi.fn(() => Readable.from([{ a: 1 }, { a: 2 }]));
    await manager.service.insert({ ...deduplicated, values: make });
    expect([make.mock.calls.length, server.requests.length]).toEqual([2, 2]);
    await manager.close();
  });

  it('is called once for a write that may have happened', async () => {
    await using server = await flaky();
    const manager = managerAt({ url: server.url });
    const make = vi.fn(() => Readable.from([{ a: 1 }]));
    await expect(manager.service.insert({ ...into, values: make })).rejects.toMatchObject({ code: 'AMBIGUOUS_WRITE' });
    expect(make).toHaveBeenCalledTimes(1);
    await manager.close();
  });

  it('is not called without a connection', async () => {
    const manager = managerAt({ url: refusing });
    const make = vi.fn(() => Readable.from([{ a: 1 }]));
    await expect(manager.service.insert({ ...into, values: make })).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
    expect(make).not.toHaveBeenCalled();
    await manager.close();
  });

  const file = join(mkdtempSync(join(tmpdir(), 'values-')), 'rows.csv');
  writeFileSync(file, '1\n2\n');

  it('may return a stream, an array, a generator or a promise, and so may an async iterable be passed itself', async () => {
    const manager = managerAt({});
    const { service } = manager;
    await service.command({ query: 'CREATE TABLE made (a UInt8) ENGINE = Memory' });
    const insert = { table: 'made', format: 'JSONEachRow' } as const;
    await service.insert({ ...insert, values: () => Readable.from([{ a: 1 }]) });
    await service.insert({ ...insert, values: () => [{ a: 2 }] });
    await service.insert({
      ...insert,
      values: async function* () {
        yield { a: 3 };
      },
    });
    await service.insert({ ...insert, values: () => Promise.resolve(new Set([{ a: 4 }])) });
    await service.insert({
      ...insert,
      values: (async function* () {
        yield { a: 5 };
      })(),
    });
    await service.insert({ table: 'made', format: 'CSV', values: () => createReadStream(file) });
    const result = await service.query({ query: 'SELECT a FROM made ORDER BY a', format: 'JSONEachRow' });
    expect((await result.json<{ a: number }>()).map(({ a }) => a)).toEqual([1, 1, 2, 2, 3, 4, 5]);
    await manager.close();
  });

  it.each<[string, () => unknown]>([
    [
      'throws an error',
      () => {
        throw cause;
      },
    ],
    ['rejects', () => Promise.reject(cause)],
    ['returns no stream', () => 5],
    ['returns nothing', () => undefined],
    ['returns a stream of bytes for rows', () => Readable.from(['{"a":1}'], { objectMode: false })],
    [
      'returns a stream that fails',
      () =>
        new Readable({
          objectMode: true,
          read() {
            this.destroy(cause);
          },
        }),
    ],
  ])('that %s is an invalid argument, and nothing is sent', async (_, values) => {
    await using server = await rawServer(() => undefined);
    const manager = managerAt({ url: server.url });
    const untyped: { values: () => never[] } = JSON.parse('{}');
    Reflect.set(untyped, 'values', values);
    const failure = await manager.service.insert({ ...into, ...untyped }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect([outcomeOf(parseFailure(failure)), server.receivedBytes, manager.health().status]).toEqual(['never-sent', 0, 'unknown']);
    await manager.close();
  });
});

describe('an insert with a token whose first attempt was lost and whose second was refused for its password', () => {
  async function attempts(isAccepted: boolean) {
    let requests = 0;
    await using server = await fakeServer((response) => {
      requests++;
      if (requests === 1) response.destroy();
      else if (requests === 2 || !isAccepted) response.writeHead(403).end('Code: 516. DB::Exception: no. (AUTHENTICATION_FAILED)');
      else response.end();
    });
    const manager = managerAt({ url: server.url, password: 'old' });
    manager.onAuthenticationFailure(() =>
      manager.rotate(loadClickHouseConfig({ url: server.url, password: `new ${requests}` }, {})).then(() => true),
    );
    try {
      return await manager.service.insert({ ...deduplicated, values: [{ a: 1 }] }).catch((error: unknown) => error);
    } finally {
      await manager.close();
    }
  }

  it('is sent again with the renewed password', async () => {
    expect(await attempts(true)).toMatchObject({ executed: true });
  });

  it('is ambiguous if that is refused as well', async () => {
    expect(await attempts(false)).toMatchObject({ code: 'AMBIGUOUS_WRITE', cause: { code: 'CONNECTION_LOST' } });
  });
});
