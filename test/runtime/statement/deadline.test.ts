import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  AbortedError,
  type ClickHouseConfigInput,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  DeadlineExceededError,
  loadClickHouseConfig,
  StatementTerminatedError,
} from '../../../runtime/src/index.js';
import { fakeServer, type FakeServer, deferred } from '../harness/fake-server.js';

const select = { query: 'SELECT n', format: 'JSONEachRow' } as const;

function managerFor(server: FakeServer, input: ClickHouseConfigInput = {}): ClickHouseConnectionManager {
  return new ClickHouseConnectionManager({
    config: loadClickHouseConfig(input, { CLICKHOUSE_URL: server.url }),
    factory: new ClickHouseConnectionFactory(),
  });
}

/** Sends the headers and one row, and never ends the response. */
const stalls = (response: ServerResponse) => void response.writeHead(200).write('{"n":1}\n');
const silent = () => undefined;

describe('a deadline', () => {
  it('ends a statement that waits for a permit, and nothing is sent', async () => {
    await using server = await fakeServer(silent);
    const manager = managerFor(server, { maxConcurrentStatements: 1 });
    const running = expect(manager.service.command({ query: 'A' })).rejects.toThrow(StatementTerminatedError);
    await server.received(1);
    await expect(manager.serviceWith({ deadlineMs: 5 }).command({ query: 'B' })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      phase: 'waiting',
      retryable: true,
    });
    expect(manager.stats).toMatchObject({ inUse: 1, waiting: 0 });
    await manager.close();
    await running;
    expect(server.requests).toHaveLength(1);
  });

  it('ends a statement that the server does not answer', async () => {
    await using server = await fakeServer(silent);
    const manager = managerFor(server);
    // Long enough for the request to arrive.
    await expect(manager.serviceWith({ deadlineMs: 500 }).command({ query: 'A' })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      phase: 'running',
      retryable: false,
    });
    expect(manager.stats.inUse).toBe(0);
    await manager.close();
  });

  it('ends a statement whose body arrives in small pieces', async () => {
    await using server = await fakeServer((response) => {
      const timer = setInterval(() => response.write('{"n":1}\n'), 2);
      response.on('close', () => clearInterval(timer));
    });
    const manager = managerFor(server);
    const service = manager.serviceWith({ deadlineMs: 100 });
    await expect(service.query(select).then((result) => result.json())).rejects.toThrow(DeadlineExceededError);
    expect(manager.stats.inUse).toBe(0);
    await manager.close();
  });

  it('does not end a statement that is done in time', async () => {
    await using server = await fakeServer((response) => response.end('{"n":1}\n'));
    const manager = managerFor(server);
    const result = await manager.serviceWith({ deadlineMs: 60_000 }).query(select);
    expect(await result.json()).toEqual([{ n: 1 }]);
    expect(manager.stats).toMatchObject({ inUse: 0, granted: 1 });
    await manager.close();
  });
});

describe('fault 24: an abort ends a statement', () => {
  it('before the headers, with the reason of the caller', async () => {
    await using server = await fakeServer(silent);
    const manager = managerFor(server);
    const controller = new AbortController();
    const statement = expect(manager.service.command({ query: 'A', abort_signal: controller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
      cause: 'enough',
      message: expect.stringContaining('while it ran') as unknown,
    });
    await server.received(1);
    controller.abort('enough');
    await statement;
    expect(manager.stats.inUse).toBe(0);
    await manager.close();
  });

  it.each(['text', 'json', 'stream'] as const)('after the headers, for a reader of %s()', async (how) => {
    const disconnected = deferred<undefined>();
    await using server = await fakeServer((response) => {
      stalls(response);
      response.on('close', () => disconnected.resolve(undefined));
    });
    const manager = managerFor(server);
    const controller = new AbortController();
    const result = await manager.service.query({ ...select, abort_signal: controller.signal });
    const read = how === 'stream' ? result.stream().forEach(() => undefined) : result[how]();
    const refused = expect(read).rejects.toBeInstanceOf(AbortedError);
    controller.abort('enough');
    await refused;
    await disconnected.promise;
    expect(manager.stats.inUse).toBe(0);
    await manager.close();
  });

  it('after the headers without a reader, and the process continues', async () => {
    await using server = await fakeServer(stalls);
    const manager = managerFor(server);
    const controller = new AbortController();
    const result = await manager.service.query({ ...select, abort_signal: controller.signal });
    controller.abort('enough');
    await expect.poll(() => manager.stats.inUse).toBe(0);
    await expect(result.text()).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
    await manager.close();
  });

  it('not after its end', async () => {
    await using server = await fakeServer((response) => response.end('{"n":1}\n'));
    const manager = managerFor(server);
    const controller = new AbortController();
    const result = await manager.service.query({ ...select, abort_signal: controller.signal });
    expect(await result.json()).toEqual([{ n: 1 }]);
    controller.abort('enough');
    expect(manager.stats).toMatchObject({ inUse: 0, granted: 1 });
    await manager.close();
  });
});

describe('a drain after its timeout', () => {
  it('terminates a statement whose result is being read', async () => {
    await using server = await fakeServer(stalls);
    const manager = managerFor(server);
    const result = await manager.service.query(select);
    const read = expect(result.json()).rejects.toMatchObject({ code: 'STATEMENT_TERMINATED', by: 'drain' });
    await manager.close();
    await read;
    expect(manager.stats.inUse).toBe(0);
  });
});

describe('after a failed creation of the client', () => {
  it('fault 20: all waiting statements fail with its error, and the next creation starts after a pause', async () => {
    await using server = await fakeServer((response) => response.end('Ok.\n'));
    let attempts = 0;
    const factory = new ClickHouseConnectionFactory({
      onCreate: () => (++attempts < 4 ? Promise.reject(new Error(`no ${attempts}`)) : undefined),
    });
    const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig({}, { CLICKHOUSE_URL: server.url }), factory });
    for (const attempt of [1, 2, 3]) {
      const results = await Promise.allSettled([1, 2, 3].map(() => manager.service.command({ query: 'SELECT 1' })));
      expect(results.map((result) => (result.status === 'rejected' ? String(result.reason) : 'done'))).toEqual(
        Array(3).fill(`Error: no ${attempt}`),
      );
    }
    await expect(manager.service.ping()).resolves.toMatchObject({ success: true });
    expect(attempts).toBe(4);
    await manager.close();
  });

  it('the pause ends with the manager', async () => {
    const factory = new ClickHouseConnectionFactory({ onCreate: () => Promise.reject(new Error('no')) });
    const manager = new ClickHouseConnectionManager({
      config: loadClickHouseConfig({}, { CLICKHOUSE_URL: 'http://127.0.0.1:9' }),
      factory,
    });
    // Each failure doubles the pause: after six of them it is a third of a second.
    for (let failure = 0; failure < 6; failure++) await expect(manager.service.command({ query: 'SELECT 1' })).rejects.toThrow('no');
    const paused = expect(manager.service.command({ query: 'SELECT 1' })).rejects.toMatchObject({ code: 'MANAGER_CLOSED' });
    await manager.close();
    await paused;
  });
});
