import { describe, expect, it } from 'vitest';
import {
  BreakerOpenError,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  ConfigError,
  loadClickHouseConfig,
  type ManagerOptions,
  outcomeOf,
} from '../../../runtime/src/index.js';
import { failureOf } from '../../faults/server-under-test.js';
import { fakeServer } from '../harness/fake-server.js';

const select = { query: 'SELECT 1 AS n', format: 'JSONEachRow' } as const;
const ok = () => fakeServer((response) => void response.end('{"n":1}\n'));

function managerOf(servers: readonly { readonly url: string }[], options: Partial<ManagerOptions> = {}): ClickHouseConnectionManager {
  const config = loadClickHouseConfig({ url: servers.map(({ url }) => url) }, {});
  return new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory(), ...options });
}

describe('statements for several servers', () => {
  it('are distributed round-robin, also if one server rejects each of them', async () => {
    await using busy = await fakeServer((response) => void response.writeHead(429).end('Busy.'));
    await using two = await ok();
    await using three = await ok();
    const manager = managerOf([busy, two, three], { retry: { initialDelayMs: 1 } });
    for (let read = 0; read < 60; read++)
      await manager.service.query(select).then(
        (result) => result.json(),
        () => undefined,
      );
    expect(two.requests.length).toBeGreaterThanOrEqual(20);
    expect(three.requests.length).toBeGreaterThanOrEqual(20);
    await manager.close();
  });

  it('are not sent to an isolated server until its handle is disposed, also after a rotation', async () => {
    await using one = await ok();
    await using two = await ok();
    const manager = managerOf([one, two]);
    const read = async () => (await manager.service.query(select)).json();
    const isolation = manager.isolate(one.url);
    for (let reads = 0; reads < 4; reads++) await read();
    expect([one.requests.length, two.requests.length]).toEqual([0, 4]);
    expect(manager.health()).toMatchObject({
      status: 'degraded',
      endpoints: [{ url: one.url, breaker: 'isolated', isReady: false }, { breaker: 'closed' }],
    });
    await manager.rotate();
    const pings = one.requests.length;
    for (let reads = 0; reads < 4; reads++) await read();
    expect(one.requests.length).toBe(pings);
    isolation[Symbol.dispose]();
    isolation[Symbol.dispose]();
    for (let reads = 0; reads < 4; reads++) await read();
    expect(one.requests.length).toBe(pings + 2);
    await manager.close();
  });

  it('are rejected if all servers are isolated', async () => {
    await using only = await ok();
    const manager = managerOf([only]);
    using _ = manager.isolate(only.url);
    const failure = await failureOf(manager.service.query(select));
    expect(failure).toBeInstanceOf(BreakerOpenError);
    expect(failure.message).toContain('manager.isolate()');
    expect(() => manager.isolate('http://unknown:1')).toThrow(ConfigError);
    await manager.close();
  });

  it('are not sent to a server whose results break off repeatedly', async () => {
    await using broken = await fakeServer(
      (response) => void response.writeHead(200, { 'content-length': 100 }).write('{"n":1}\n', () => response.destroy()),
    );
    await using two = await ok();
    const manager = managerOf([broken, two], { breaker: { minimumCalls: 4 } });
    for (let read = 0; read < 20; read++)
      await manager.service
        .query(select)
        .then((result) => result.json())
        .catch(() => undefined);
    expect(manager.health().endpoints).toMatchObject([{ breaker: 'open' }, { breaker: 'closed' }]);
    await manager.close();
  });
});

it('a result that its reader closes early is not a failure of the server', async () => {
  await using server = await fakeServer(
    (response) => void response.writeHead(200, { 'content-length': 1_000_000 }).write('{"n":1}\n'.repeat(1_000)),
  );
  const manager = managerOf([server], { breaker: { minimumCalls: 4 } });
  for (let read = 0; read < 6; read++) {
    const result = await manager.service.query(select);
    if (read % 2 === 0) result.close();
    else await result.stream()[Symbol.asyncIterator]().return?.();
  }
  expect(manager.health()).toMatchObject({ status: 'ready', endpoints: [{ breaker: 'closed' }] });
  await manager.close();
});

describe('a pause between two attempts', () => {
  it('ends when the manager drains', async () => {
    await using busy = await fakeServer((response) => void response.writeHead(429, { 'retry-after': '20' }).end('Busy.'));
    const manager = managerOf([busy]);
    const failure = failureOf(manager.service.query(select));
    await busy.received(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await manager.drain({ timeoutMs: 0 });
    expect((await failure).code).toBe('STATEMENT_TERMINATED');
    expect(manager.stats.inUse).toBe(0);
  });
});

it('a statement that is aborted between two attempts, of which none reached a server, has the outcome never-sent', async () => {
  const closed = await ok();
  await closed[Symbol.asyncDispose]();
  const manager = managerOf([closed], { retry: { maxAttempts: 5, initialDelayMs: 60_000, maxDelayMs: 60_000 } });
  const insert = { table: 't', values: [{ n: 1 }], format: 'JSONEachRow' } as const;
  const failures = [
    await failureOf(manager.serviceWith({ deadlineMs: 30_000_000 }).insert({ ...insert, abort_signal: AbortSignal.timeout(100) })),
    await failureOf(manager.serviceWith({ deadlineMs: 100 }).insert(insert)),
  ];
  expect(failures).toMatchObject([{ code: 'ABORTED' }, {}]);
  for (const failure of failures) expect(outcomeOf(failure)).toBe('never-sent');
  await manager.close();
});

describe('a manager rejects limits that are not numbers or out of range', () => {
  it.each([
    [{ retry: { maxAttempts: Number.NaN } }, 'retry.maxAttempts'],
    [{ breaker: { openDurationMs: -5 } }, 'breaker.openDurationMs'],
  ])('%j', (options, key) => {
    expect(() => managerOf([{ url: 'http://127.0.0.1:1' }], options)).toThrow(key);
  });

  it('of a deadline, and accepts a deadline that is longer than any timer', async () => {
    await using server = await ok();
    const manager = managerOf([server], { retry: { maxAttempts: undefined } });
    for (const deadlineMs of [Number.NaN, -5]) expect(() => manager.serviceWith({ deadlineMs })).toThrow('deadlineMs');
    for (const deadlineMs of [Infinity, 3e9])
      expect(await (await manager.serviceWith({ deadlineMs }).query(select)).json()).toEqual([{ n: 1 }]);
    await manager.close();
  });
});

it('an error has the time that its statement waited and the time that it ran', async () => {
  await using server = await fakeServer(
    (response) => void setTimeout(() => response.writeHead(404).end('Code: 60. DB::Exception: no. (UNKNOWN_TABLE)'), 60),
  );
  const config = loadClickHouseConfig({ url: server.url, maxConcurrentStatements: 1 }, {});
  const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
  const [first, second] = await Promise.all([failureOf(manager.service.query(select)), failureOf(manager.service.query(select))]);
  expect(first).toMatchObject({ kind: 'ServerError', clickhouseCode: 60 });
  const { waitedMs, ranMs } = second.toJSON();
  for (const ms of [waitedMs, ranMs, first.toJSON()['ranMs']]) expect(ms).toBeGreaterThanOrEqual(50);
  await manager.close();
});
