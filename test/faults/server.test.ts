import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ResultSet } from '@clickhouse/client';
import {
  AuthenticationError,
  type ClickHouseConnectionManager,
  ConnectError,
  isServerError,
  outcomeOf,
  StreamError,
  TimeoutError,
} from '../../runtime/src/index.js';
import { freePorts, guardedPassword, realServer, type RealServer } from '../runtime/harness/real-server.js';
import { onRealServer, serverBinary } from '../runtime/harness/server-binary.js';
import { failureOf, managerOf, selectOne } from './server-under-test.js';

const slow = { query: 'SELECT sleep(1), sleep(1), sleep(1), number FROM numbers(10)', format: 'JSONEachRow' } as const;
const endless = { query: 'SELECT number FROM system.numbers', format: 'JSONEachRow' } as const;

describe.skipIf(serverBinary() === undefined)(onRealServer, () => {
  let server: RealServer;
  let isDown = false;
  beforeAll(async () => {
    server = await realServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());
  beforeEach(async () => {
    if (isDown) await server.start();
    isDown = false;
  });

  async function kill(): Promise<void> {
    isDown = true;
    await server.kill();
  }

  it('1 kill -9 mid-query: running statements and readers fail with a lost connection, and every permit is released', async () => {
    await using given = managerOf(server.url);
    const { service } = given.manager;
    const rows = (await service.query(endless)).stream();
    await rows[Symbol.asyncIterator]().next();
    const read = failureOf(rows.forEach(() => undefined));
    const running = Array.from({ length: 5 }, () => failureOf(service.query(slow)));
    await expect.poll(() => given.manager.stats.inUse).toBe(6);
    await expect
      .poll(
        async () =>
          (
            await (
              await service.query({
                query: "SELECT count() AS n FROM system.processes WHERE query LIKE '%sleep(1)%' AND query NOT LIKE '%processes%'",
                format: 'JSONEachRow',
              })
            ).json<{ n: string }>()
          )[0]?.n,
      )
      .toBe('5');
    await kill();
    const broken = await read;
    expect(broken).toMatchObject({ code: 'STREAM_FAILED', cause: { code: 'CONNECTION_LOST' } });
    expect(broken instanceof StreamError && (broken.rowsDelivered ?? 0) > 0).toBe(true);
    for (const failure of await Promise.all(running)) {
      // The query is retried, and by then the server is down.
      expect(['CONNECT_FAILED', 'CONNECTION_LOST']).toContain(failure.code);
      expect(failure).toMatchObject({ attempts: 3, endpoint: server.url });
    }
    await expect.poll(() => given.manager.stats.inUse).toBe(0);
  });

  const counting = { query: 'SELECT count() AS n FROM system.numbers', format: 'JSONEachRow' } as const;
  const running = async (manager: ClickHouseConnectionManager) => {
    const result = await manager.service.query({
      query: "SELECT query_id FROM system.processes WHERE query LIKE 'SELECT count()%'",
      format: 'JSONEachRow',
    });
    return (await result.json<{ query_id: string }>()).map(({ query_id }) => query_id).sort();
  };

  it.each([
    ['aborts', {}, new AbortController()],
    ['waits no longer than its deadline for', { deadlineMs: 400 }, undefined],
    ['waits no longer than the request timeout for', { requestTimeoutMs: 400 }, undefined],
  ])('24 a statement that its caller %s stops on the server as well', async (_, input, controller) => {
    await using given = managerOf(server.url, { input, options: { retry: false } });
    await using observer = managerOf(server.url);
    const queryIds = ["it's one", 'another'];
    const failures = queryIds.map((query_id) =>
      failureOf(given.manager.service.query({ ...counting, query_id, ...(controller && { abort_signal: controller.signal }) })),
    );
    await expect.poll(() => running(observer.manager)).toEqual([...queryIds].sort());
    controller?.abort();
    await Promise.all(failures);
    await expect.poll(() => running(observer.manager)).toEqual([]);
  });

  it('24 a statement that a drain terminates has stopped on the server when the drain ends', async () => {
    await using given = managerOf(server.url);
    await using observer = managerOf(server.url);
    const failures = [1, 2, 3].map(() => failureOf(given.manager.service.query(counting)));
    await expect.poll(async () => (await running(observer.manager)).length).toBe(3);
    await given.manager.drain({ timeoutMs: 0 });
    for (const failure of await Promise.all(failures)) expect(failure.code).toBe('STATEMENT_TERMINATED');
    await expect.poll(() => running(observer.manager), { timeout: 500 }).toEqual([]);
  });

  it('2 server down: queries and inserts fail as never-sent', async () => {
    await using given = managerOf(server.url);
    await kill();
    const { service } = given.manager;
    const failures = await Promise.all([
      failureOf(service.query(selectOne)),
      failureOf(service.insert({ table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' })),
    ]);
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(ConnectError);
      expect(failure).toMatchObject({ systemCode: 'ECONNREFUSED', retryable: true });
      expect(outcomeOf(failure)).toBe('never-sent');
    }
    expect(given.manager.stats.inUse).toBe(0);
  });

  it('2 one server down: queries and inserts go to the other one, and the breaker of the first opens', async () => {
    const [url, other] = [server.url, `http://127.0.0.1:${String((await freePorts(1))[0])}`];
    await using given = managerOf(`${other},${url}`, { options: { breaker: { minimumCalls: 3 } } });
    const { service } = given.manager;
    await service.command({ query: 'CREATE TABLE IF NOT EXISTS moved (id UInt32) ENGINE = Memory' });
    for (let id = 0; id < 12; id++) await service.insert({ table: 'moved', values: [{ id }], format: 'JSONEachRow' });
    const rows = await (
      await service.query({ query: 'SELECT count() AS n, uniqExact(id) AS ids FROM moved', format: 'JSONEachRow' })
    ).json();
    expect(rows).toEqual([{ n: '12', ids: '12' }]);
    expect(given.manager.health()).toMatchObject({
      status: 'degraded',
      endpoints: [
        { url: other, breaker: 'open' },
        { url, breaker: 'closed' },
      ],
    });
    await service.command({ query: 'DROP TABLE moved' });
  });

  it('3 restart: the same manager continues, and a session that the server forgot is lost instead of silently replaced', async () => {
    await using given = managerOf(server.url, { options: { breaker: { minimumCalls: 2 } } });
    await using session = await given.manager.session();
    await session.command({ query: 'CREATE TEMPORARY TABLE kept (n UInt8)' });
    await kill();
    await failureOf(given.manager.service.query(selectOne));
    expect(await failureOf(given.manager.service.query(selectOne))).toMatchObject({ code: 'BREAKER_OPEN' });
    expect(given.manager.health().status).toBe('down');
    await server.start();
    isDown = false;
    await expect.poll(() => given.manager.health().status).toBe('degraded');
    expect(await (await given.manager.service.query(selectOne)).json()).toEqual([{ n: 1 }]);
    expect(isServerError(await failureOf(session.query({ query: 'SELECT * FROM kept', format: 'JSONEachRow' })), 372)).toBe(true);
    expect(await failureOf(session.query(selectOne))).toMatchObject({ code: 'SESSION_LOST' });
    expect(given.manager.stats).toMatchObject({ inUse: 0, created: 1 });
  });

  it('7 a frozen server, which keeps its connections and sends nothing, fails at the request timeout', async () => {
    await using given = managerOf(server.url, { input: { requestTimeoutMs: 300 } });
    await server.freeze();
    try {
      expect(await failureOf(given.manager.service.query(selectOne))).toBeInstanceOf(TimeoutError);
    } finally {
      server.thaw();
    }
    expect(await (await given.manager.service.query(selectOne)).json()).toEqual([{ n: 1 }]);
  });

  it.each([
    ['a wrong password', { username: 'guarded', password: 'wrong' }],
    ['an unknown user', { username: 'unknown' }],
  ])('13 %s: the server refuses, the outcome is known, and the statement is not retried', async (_, input) => {
    await using given = managerOf(server.url, { input });
    const failure = await failureOf(given.manager.service.query(selectOne));
    expect(failure).toBeInstanceOf(AuthenticationError);
    expect(failure.retryable).toBe(false);
    expect(outcomeOf(failure)).toBe('refused');
    expect(JSON.stringify(failure)).not.toContain('wrong');
  });

  it('13 a rotation to wrong credentials fails, and the old ones stay in use', async () => {
    await using given = managerOf(server.url);
    await using other = managerOf(server.url, { input: { username: 'guarded', password: 'wrong' } });
    await using right = managerOf(server.url, { input: { username: 'guarded', password: guardedPassword } });
    expect(await failureOf(given.manager.rotate(other.manager.config))).toBeInstanceOf(AuthenticationError);
    const whoAmI = async () =>
      (await given.manager.service.query({ query: 'SELECT user AS name FROM system.processes LIMIT 1', format: 'JSONEachRow' })).json();
    expect(await whoAmI()).toEqual([{ name: 'default' }]);
    await given.manager.rotate(right.manager.config);
    expect(await whoAmI()).toEqual([{ name: 'guarded' }]);
  });

  it('18 an unmarked exception among the rows of an old server is never data', async () => {
    await using given = managerOf(server.url);
    const failing = {
      query: 'SELECT throwIf(number = 3000000) AS n FROM numbers(10000000)',
      format: 'JSONEachRow',
      clickhouse_settings: { max_block_size: '65536' },
    } as const;
    const readers: readonly ((result: ResultSet<'JSONEachRow'>) => Promise<unknown>)[] = [
      (result) => result.text(),
      (result) => result.json(),
      (result) => result.stream().forEach(() => undefined),
    ];
    for (const read of readers)
      expect(await failureOf(given.manager.service.query(failing).then(read))).toMatchObject({
        code: 'STREAM_FAILED',
        cause: { clickhouseCode: 395 },
      });
    expect(given.manager.stats.inUse).toBe(0);
  });
});
