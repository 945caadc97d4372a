import type { ServerResponse } from 'node:http';
import { ResultSet } from '@clickhouse/client';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import {
  AbortedError,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  type ClickHouseConfigInput,
  type FactoryOptions,
  loadClickHouseConfig,
} from '../../../runtime/src/index.js';
import { fakeServer, deferred } from '../harness/fake-server.js';

function managerFor(url: string, input: ClickHouseConfigInput = {}, options: FactoryOptions = {}): ClickHouseConnectionManager {
  return new ClickHouseConnectionManager({
    config: loadClickHouseConfig(input, { CLICKHOUSE_URL: url }),
    factory: new ClickHouseConnectionFactory(options),
  });
}

const rows = '{"n":1}\n{"n":2}\n';
const select = { query: 'SELECT n', format: 'JSONEachRow' } as const;
const turn = () => new Promise(setImmediate);

describe('the manager', () => {
  it('constructs one client for any number of statements', async () => {
    await using server = await fakeServer((response) => response.end(rows));
    const manager = managerFor(server.url);
    await Promise.all(Array.from({ length: 20 }, async () => (await manager.service.query(select)).json()));
    expect(manager.stats).toMatchObject({ created: 1, granted: 20, inUse: 0 });
    await manager.close();
  });

  it('runs at most as many statements as permits, and the others wait', async () => {
    const responses: ServerResponse[] = [];
    await using server = await fakeServer((response) => responses.push(response));
    const manager = managerFor(server.url, { maxConcurrentStatements: 1 });
    const both = Promise.all([manager.service.command({ query: 'A' }), manager.service.command({ query: 'B' })]);
    await server.received(1);
    expect(manager.stats).toMatchObject({ inUse: 1, waiting: 1, max: 1 });
    responses[0]?.end();
    await server.received(2);
    responses[1]?.end();
    await both;
    expect(manager.stats).toMatchObject({ inUse: 0, waiting: 0 });
    await manager.close();
  });

  it('starts a new creation for the next statement after a failed one', async () => {
    await using server = await fakeServer((response) => response.end(rows));
    let fails = true;
    const manager = managerFor(server.url, {}, { onCreate: () => (fails ? Promise.reject(new Error('not yet')) : undefined) });
    await expect(manager.service.command({ query: 'SELECT 1' })).rejects.toThrow('not yet');
    expect(manager.stats.inUse).toBe(0);
    fails = false;
    await expect(manager.service.ping()).resolves.toMatchObject({ success: true });
    await manager.close();
  });

  it('fails an insert with the error of onCreate, since nothing was sent', async () => {
    await using server = await fakeServer((response) => response.end(rows));
    const error = new Error('not yet');
    const manager = managerFor(server.url, {}, { onCreate: () => Promise.reject(error) });
    await expect(manager.service.insert({ table: 't', values: [{ n: 1 }] })).rejects.toBe(error);
    expect(server.requests).toEqual([]);
    await manager.close();
  });

  it.each([
    Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }),
    new Error('Timeout error.'),
    new Error('Code: 252. DB::Exception: Too many parts. (TOO_MANY_PARTS)'),
  ])('retries an insert whose client could not be created, since nothing was sent: %s', async (error) => {
    await using server = await fakeServer((response) => response.end());
    let creations = 0;
    const manager = managerFor(server.url, {}, { onCreate: () => (++creations === 1 ? Promise.reject(error) : undefined) });
    await manager.service.insert({ table: 't', values: [{ n: 1 }] });
    expect([creations, server.requests.length]).toEqual([2, 1]);
    await manager.close();
  });

  it('fails with the error of onCreate also after another server refused the connection', async () => {
    await using server = await fakeServer((response) => response.end());
    const closed = await fakeServer(() => undefined);
    await closed[Symbol.asyncDispose]();
    const error = new Error('not yet');
    const config = loadClickHouseConfig({ url: [closed.url, server.url] }, {});
    const onCreate: FactoryOptions['onCreate'] = (_, { engine }) =>
      engine.kind === 'server' && engine.url === server.url ? Promise.reject(error) : undefined;
    const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory({ onCreate }) });
    await expect(manager.service.query(select)).rejects.toBe(error);
    await manager.close();
  });
});

describe('a ping', () => {
  it('resolves with a network failure, which the breaker counts', async () => {
    await using server = await fakeServer((response) => void response.socket?.destroy());
    const config = loadClickHouseConfig({ url: server.url }, {});
    const manager = new ClickHouseConnectionManager({
      config,
      factory: new ClickHouseConnectionFactory(),
      retry: false,
      breaker: { minimumCalls: 1 },
    });
    expect(await manager.service.ping()).toMatchObject({ success: false, error: { code: 'CONNECTION_LOST' } });
    expect(manager.health()).toMatchObject({ status: 'down' });
    await manager.close();
  });

  it('resolves with the error of the server', async () => {
    await using server = await fakeServer(
      (response) =>
        void response
          .writeHead(500, { 'x-clickhouse-exception-code': '81' })
          .end('Code: 81. DB::Exception: Database nowhere does not exist. (UNKNOWN_DATABASE)'),
    );
    const manager = managerFor(server.url);
    expect(await manager.service.ping({ select: true })).toMatchObject({ success: false, error: { code: '81', clickhouseCode: 81 } });
    await manager.close();
  });
});

describe('warmUp()', () => {
  it('creates the client and pings the server', async () => {
    await using server = await fakeServer((response) => response.end(rows));
    const manager = managerFor(server.url);
    await manager.warmUp();
    expect([manager.stats.created, server.requests.length]).toEqual([1, 1]);
    await manager.close();
  });

  it('rejects with the failure of the ping', async () => {
    await using server = await fakeServer(
      (response) =>
        void response
          .writeHead(403, { 'x-clickhouse-exception-code': '516' })
          .end('Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)'),
    );
    const manager = managerFor(server.url);
    await expect(manager.warmUp()).rejects.toMatchObject({ kind: 'AuthenticationError' });
    await manager.close();
  });
});

describe('a permit is in use until the response body', () => {
  const endings: Record<string, (result: ResultSet<'JSONEachRow'>) => unknown> = {
    'is read by json()': (result) => result.json(),
    'is read by text()': (result) => result.text(),
    'is read as a stream': async (result) => {
      await result.stream().forEach(() => undefined);
    },
    'is read in part and destroyed': async (result) => {
      const rows = result.stream();
      await rows[Symbol.asyncIterator]().next();
      rows.destroy();
    },
    'is closed': (result) => result.close(),
    'is closed after a second read failed': async (result) => {
      await expect(Promise.resolve().then(() => result.json().then(() => result.json()))).rejects.toThrow('already consumed');
      result.close();
    },
  };

  it.each(Object.keys(endings))('%s', async (name) => {
    await using server = await fakeServer((response) => response.end(rows));
    const manager = managerFor(server.url);
    const result = await manager.service.query(select);
    await turn();
    expect(manager.stats.inUse).toBe(1);
    await endings[name]?.(result);
    await turn();
    expect(manager.stats.inUse).toBe(0);
    await manager.close();
  });

  it('of exec() is read to its end', async () => {
    await using server = await fakeServer((response) => response.end(rows));
    const manager = managerFor(server.url);
    const { stream } = await manager.service.exec({ query: 'SELECT n FORMAT JSONEachRow' });
    expect(manager.stats.inUse).toBe(1);
    await stream.forEach(() => undefined);
    expect(manager.stats.inUse).toBe(0);
    await manager.close();
  });

  it('breaks off, even if it has no reader', async () => {
    const response = deferred<ServerResponse>();
    await using server = await fakeServer((pending) => {
      pending.write(rows);
      response.resolve(pending);
    });
    const manager = managerFor(server.url);
    const result = await manager.service.query(select);
    (await response.promise).destroy();
    await expect.poll(() => manager.stats.inUse).toBe(0);
    await expect(result.text()).rejects.toThrow();
    await manager.close();
  });

  it('is replaced by an error of the server', async () => {
    await using server = await fakeServer((response) =>
      response.writeHead(500).end('Code: 62. DB::Exception: Syntax error. (SYNTAX_ERROR)'),
    );
    const manager = managerFor(server.url);
    await expect(manager.service.query(select)).rejects.toMatchObject({ code: '62', clickhouseCode: 62 });
    expect(manager.stats).toMatchObject({ granted: 1, inUse: 0 });
    await manager.close();
  });
});

it('a result set of the client exposes its body, which the tests above need', () => {
  const body = Readable.from([]);
  expect(Reflect.get(new ResultSet(body, 'JSON', 'id'), '_stream')).toBe(body);
});

describe('fault 24: an aborted statement', () => {
  it.each([1, 0])('is never sent if its signal was aborted before the call, with %i free permits', async (free) => {
    await using server = await fakeServer((response) => response.writeHead(200).flushHeaders());
    const manager = managerFor(server.url, { maxConcurrentStatements: 1 });
    const unread = free === 0 ? await manager.service.query(select) : undefined;
    const before = server.requests.length;
    const aborted = manager.service.command({ query: 'A', abort_signal: AbortSignal.abort('reason') });
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED', cause: 'reason' });
    unread?.close();
    await manager.close();
    expect(server.requests).toHaveLength(before);
  });

  it('is not sent and does not wait for the client if it is aborted during the creation', async () => {
    const creation = deferred<undefined>();
    await using server = await fakeServer((response) => response.end());
    const manager = managerFor(server.url, {}, { onCreate: () => creation.promise });
    const controller = new AbortController();
    const statement = manager.service.command({ query: 'A', abort_signal: controller.signal });
    controller.abort('reason');
    await expect(statement).rejects.toThrow(AbortedError);
    creation.resolve(undefined);
    await manager.close();
    expect(server.requests).toEqual([]);
  });
});

describe('a manager whose maxWaitingStatements is 0', () => {
  it.each([
    ['in code', { maxWaitingStatements: 0 }, {}],
    ['in the environment', {}, { CLICKHOUSE_MAX_WAITING_STATEMENTS: '0' }],
  ])('lets no statement wait: %s', async (_, input, env) => {
    const release = deferred<undefined>();
    await using server = await fakeServer((response) => void release.promise.then(() => response.end()));
    const config = loadClickHouseConfig({ url: server.url, maxConcurrentStatements: 1, ...input }, env);
    const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
    const running = manager.service.command({ query: 'SELECT 1' });
    await server.received(1);
    await expect(manager.service.command({ query: 'SELECT 2' })).rejects.toThrow(/No permit is free.*maxWaitingStatements/);
    release.resolve(undefined);
    await running;
    await expect(manager.service.command({ query: 'SELECT 3' })).resolves.toHaveProperty('query_id');
    await manager.close();
  });
});
