import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
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
import { freePorts, guardedPassword, type RealServer } from '../runtime/harness/real-server.js';
import { describeOnServers } from '../runtime/harness/test-servers.js';
import { failureOf, managerOf, selectOne } from './server-under-test.js';

const slow = { query: 'SELECT sleep(1), sleep(1), sleep(1), number FROM numbers(10)', format: 'JSONEachRow' } as const;
const endless = { query: 'SELECT number FROM system.numbers', format: 'JSONEachRow' } as const;

describeOnServers((startServer) => {
  let server: RealServer;
  let isDown = false;
  beforeAll(async () => {
    server = await startServer();
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

  it('fault 1: after a kill -9, running statements and readers fail with a lost connection, and every permit is released', async () => {
    await using tested = managerOf(server.url);
    const { service } = tested.manager;
    const rows = (await service.query(endless)).stream();
    await rows[Symbol.asyncIterator]().next();
    const read = failureOf(rows.forEach(() => undefined));
    const running = Array.from({ length: 5 }, () => failureOf(service.query(slow)));
    await expect.poll(() => tested.manager.stats.inUse).toBe(6);
    await expect
      .poll(
        async () =>
          (
            await (
              await service.query({
                query: "SELECT toUInt8(count()) AS n FROM system.processes WHERE query LIKE '%sleep(1)%' AND query NOT LIKE '%processes%'",
                format: 'JSONEachRow',
              })
            ).json<{ n: number }>()
          )[0]?.n,
      )
      .toBe(5);
    await kill();
    const broken = await read;
    expect(broken).toMatchObject({ code: 'STREAM_FAILED', cause: { code: 'CONNECTION_LOST' } });
    expect(broken instanceof StreamError && (broken.rowsDelivered ?? 0) > 0).toBe(true);
    for (const failure of await Promise.all(running)) {
      // The query is retried, and by then the server is down.
      expect(['CONNECT_FAILED', 'CONNECTION_LOST']).toContain(failure.code);
      expect(failure).toMatchObject({ attempts: 3, endpoint: server.url });
    }
    await expect.poll(() => tested.manager.stats.inUse).toBe(0);
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
    ['is aborted', {}, new AbortController()],
    ['exceeds its deadline', { deadlineMs: 400 }, undefined],
    ['exceeds the request timeout', { requestTimeoutMs: 400 }, undefined],
  ])('fault 24: a statement that %s is also stopped on the server', async (_, input, controller) => {
    await using tested = managerOf(server.url, { input, options: { retry: false } });
    await using observer = managerOf(server.url);
    const queryIds = ["it's one", 'another'];
    const failures = queryIds.map((query_id) =>
      failureOf(tested.manager.service.query({ ...counting, query_id, ...(controller && { abort_signal: controller.signal }) })),
    );
    await expect.poll(() => running(observer.manager)).toEqual([...queryIds].sort());
    controller?.abort();
    await Promise.all(failures);
    await expect.poll(() => running(observer.manager)).toEqual([]);
  });

  it('fault 24: a statement that a drain terminates is stopped on the server before the drain ends', async () => {
    await using tested = managerOf(server.url);
    await using observer = managerOf(server.url);
    const failures = [1, 2, 3].map(() => failureOf(tested.manager.service.query(counting)));
    await expect.poll(async () => (await running(observer.manager)).length).toBe(3);
    await tested.manager.drain({ timeoutMs: 0 });
    for (const failure of await Promise.all(failures)) expect(failure.code).toBe('STATEMENT_TERMINATED');
    await expect.poll(() => running(observer.manager), { timeout: 500 }).toEqual([]);
  });

  it('fault 2: if the server is down, queries and inserts fail with outcome never-sent', async () => {
    await using tested = managerOf(server.url);
    await kill();
    const { service } = tested.manager;
    const failures = await Promise.all([
      failureOf(service.query(selectOne)),
      failureOf(service.insert({ table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' })),
    ]);
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(ConnectError);
      expect(failure).toMatchObject({ systemCode: 'ECONNREFUSED', retryable: true });
      expect(outcomeOf(failure)).toBe('never-sent');
    }
    expect(tested.manager.stats.inUse).toBe(0);
  });

  it('fault 2: if one server is down, queries and inserts go to the other one, and the breaker of the first one opens', async () => {
    const [url, other] = [server.url, `http://127.0.0.1:${String((await freePorts(1))[0])}`];
    await using tested = managerOf(`${other},${url}`, { options: { breaker: { minimumCalls: 3 } } });
    const { service } = tested.manager;
    await service.command({ query: 'CREATE TABLE IF NOT EXISTS moved (id UInt32) ENGINE = Memory' });
    for (let id = 0; id < 12; id++) await service.insert({ table: 'moved', values: [{ id }], format: 'JSONEachRow' });
    const rows = await (
      await service.query({ query: 'SELECT toUInt8(count()) AS n, toUInt8(uniqExact(id)) AS ids FROM moved', format: 'JSONEachRow' })
    ).json();
    expect(rows).toEqual([{ n: 12, ids: 12 }]);
    expect(tested.manager.health()).toMatchObject({
      status: 'degraded',
      endpoints: [
        { url: other, breaker: 'open' },
        { url, breaker: 'closed' },
      ],
    });
    await service.command({ query: 'DROP TABLE moved' });
  });

  it('fault 3: after a restart the same manager continues, and an earlier session is lost and not silently replaced', async () => {
    await using tested = managerOf(server.url, { options: { breaker: { minimumCalls: 2 } } });
    await using session = await tested.manager.session();
    await session.command({ query: 'CREATE TEMPORARY TABLE kept (n UInt8)' });
    await kill();
    await failureOf(tested.manager.service.query(selectOne));
    expect(await failureOf(tested.manager.service.query(selectOne))).toMatchObject({ code: 'BREAKER_OPEN' });
    expect(tested.manager.health().status).toBe('down');
    await server.start();
    isDown = false;
    await expect.poll(() => tested.manager.health().status).toBe('degraded');
    expect(await (await tested.manager.service.query(selectOne)).json()).toEqual([{ n: 1 }]);
    expect(isServerError(await failureOf(session.query({ query: 'SELECT * FROM kept', format: 'JSONEachRow' })), 372)).toBe(true);
    expect(await failureOf(session.query(selectOne))).toMatchObject({ code: 'SESSION_LOST' });
    expect(tested.manager.stats).toMatchObject({ inUse: 0, created: 1 });
  });

  it('fault 7: a statement on a frozen server, which keeps its connections and sends nothing, fails at the request timeout', async () => {
    await using tested = managerOf(server.url, { input: { requestTimeoutMs: 300 } });
    await server.freeze();
    try {
      expect(await failureOf(tested.manager.service.query(selectOne))).toBeInstanceOf(TimeoutError);
    } finally {
      server.thaw();
    }
    expect(await (await tested.manager.service.query(selectOne)).json()).toEqual([{ n: 1 }]);
  });

  it.each([
    ['a wrong password', { username: 'guarded', password: 'wrong' }],
    ['an unknown user', { username: 'unknown' }],
  ])('fault 13: %s has the outcome refused and is not retried', async (_, input) => {
    await using tested = managerOf(server.url, { input });
    const failure = await failureOf(tested.manager.service.query(selectOne));
    expect(failure).toBeInstanceOf(AuthenticationError);
    expect(failure.retryable).toBe(false);
    expect(outcomeOf(failure)).toBe('refused');
    expect(JSON.stringify(failure)).not.toContain('wrong');
  });

  it('fault 13: a rotation to wrong credentials fails, and the old ones stay in use', async () => {
    await using tested = managerOf(server.url);
    await using invalid = managerOf(server.url, { input: { username: 'guarded', password: 'wrong' } });
    await using valid = managerOf(server.url, { input: { username: 'guarded', password: guardedPassword } });
    expect(await failureOf(tested.manager.rotate(invalid.manager.config))).toBeInstanceOf(AuthenticationError);
    const currentUser = async () =>
      (await tested.manager.service.query({ query: 'SELECT user AS name FROM system.processes LIMIT 1', format: 'JSONEachRow' })).json();
    expect(await currentUser()).toEqual([{ name: 'default' }]);
    await tested.manager.rotate(valid.manager.config);
    expect(await currentUser()).toEqual([{ name: 'guarded' }]);
  });

  it('fault 18: an unmarked exception among the rows of an old server is never data', async () => {
    await using tested = managerOf(server.url);
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
      expect(await failureOf(tested.manager.service.query(failing).then(read))).toMatchObject({
        code: 'STREAM_FAILED',
        cause: { clickhouseCode: 395 },
      });
    expect(tested.manager.stats.inUse).toBe(0);
  });
});
