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
import { fakeServer, type FakeServer, held } from '../harness/fake-server.js';

const select = { query: 'SELECT n', format: 'JSONEachRow' } as const;

function managerFor(server: FakeServer, input: ClickHouseConfigInput = {}): ClickHouseConnectionManager {
  return new ClickHouseConnectionManager({
    config: loadClickHouseConfig(input, { CLICKHOUSE_URL: server.url }),
    factory: new ClickHouseConnectionFactory(),
  });
}

/** Sends headers and a first row, and then nothing. */
const stalls = (response: ServerResponse) => void response.writeHead(200).write('{"n":1}\n');
const silent = () => undefined;

describe('a deadline ends a statement', () => {
  it('that waits for a permit, which was never sent', async () => {
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

  it('that the server does not answer', async () => {
    await using server = await fakeServer(silent);
    const manager = managerFor(server);
    await expect(manager.serviceWith({ deadlineMs: 20 }).command({ query: 'A' })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      phase: 'running',
      retryable: false,
    });
    expect(manager.stats.inUse).toBe(0);
    await manager.close();
  });

  it('whose answer goes on dripping', async () => {
    await using server = await fakeServer((response) => {
      const drip = setInterval(() => response.write('{"n":1}\n'), 2);
      response.on('close', () => clearInterval(drip));
    });
    const manager = managerFor(server);
    const service = manager.serviceWith({ deadlineMs: 100 });
    await expect(service.query(select).then((result) => result.json())).rejects.toThrow(DeadlineExceededError);
    expect(manager.stats.inUse).toBe(0);
    await manager.close();
  });

  it('and no other: one that is done in time is done', async () => {
    await using server = await fakeServer((response) => response.end('{"n":1}\n'));
    const manager = managerFor(server);
    const result = await manager.serviceWith({ deadlineMs: 60_000 }).query(select);
    expect(await result.json()).toEqual([{ n: 1 }]);
    expect(manager.stats).toMatchObject({ inUse: 0, granted: 1 });
    await manager.close();
  });
});

describe('fault 24: an abort is honoured', () => {
  it('while the server thinks, with the reason of the caller', async () => {
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

  it.each(['text', 'json', 'stream'] as const)('after the headers, by who reads with %s()', async (how) => {
    const gone = held<undefined>();
    await using server = await fakeServer((response) => {
      stalls(response);
      response.on('close', () => gone.resolve(undefined));
    });
    const manager = managerFor(server);
    const controller = new AbortController();
    const result = await manager.service.query({ ...select, abort_signal: controller.signal });
    const read = how === 'stream' ? result.stream().forEach(() => undefined) : result[how]();
    const refused = expect(read).rejects.toBeInstanceOf(AbortedError);
    controller.abort('enough');
    await refused;
    await gone.promise;
    expect(manager.stats.inUse).toBe(0);
    await manager.close();
  });

  it('by a result that nobody reads, without bringing the process down', async () => {
    await using server = await fakeServer(stalls);
    const manager = managerFor(server);
    const controller = new AbortController();
    const result = await manager.service.query({ ...select, abort_signal: controller.signal });
    controller.abort('enough');
    await expect.poll(() => manager.stats.inUse).toBe(0);
    await expect(result.text()).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
    await manager.close();
  });

  it('after the end as if nothing had happened', async () => {
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

describe('a drain that has run out of patience', () => {
  it('cuts who reads, and says so', async () => {
    await using server = await fakeServer(stalls);
    const manager = managerFor(server);
    const result = await manager.service.query(select);
    const read = expect(result.json()).rejects.toMatchObject({ code: 'STATEMENT_TERMINATED', by: 'drain' });
    await manager.close();
    await read;
    expect(manager.stats.inUse).toBe(0);
  });
});

describe('after a creation that failed', () => {
  it('fault 20: all who wait are told why, by one creation, and the next one pauses before it', async () => {
    await using server = await fakeServer((response) => response.end('Ok.\n'));
    let attempts = 0;
    const factory = new ClickHouseConnectionFactory({
      onCreate: () => (++attempts < 4 ? Promise.reject(new Error(`no ${attempts}`)) : undefined),
    });
    const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig({}, { CLICKHOUSE_URL: server.url }), factory });
    for (const attempt of [1, 2, 3]) {
      const all = await Promise.allSettled([1, 2, 3].map(() => manager.service.ping()));
      expect(all.map((one) => (one.status === 'rejected' ? String(one.reason) : 'done'))).toEqual(Array(3).fill(`Error: no ${attempt}`));
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
    for (let failure = 0; failure < 6; failure++) await expect(manager.service.ping()).rejects.toThrow('no');
    const paused = expect(manager.service.ping()).rejects.toMatchObject({ code: 'MANAGER_CLOSED' });
    await manager.close();
    await paused;
  });
});
