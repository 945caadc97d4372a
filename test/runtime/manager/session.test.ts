import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  type ClickHouseConfigInput,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  loadClickHouseConfig,
  InvalidArgumentError,
  isAmbiguousWrite,
  type Session,
  SessionLostError,
  SessionReleasedError,
  UnsupportedByBackendError,
} from '../../../runtime/src/index.js';
import { fakeServer, type FakeServer } from '../harness/fake-server.js';

function managerFor(server: FakeServer, maxConcurrentStatements = 2, input: ClickHouseConfigInput = {}): ClickHouseConnectionManager {
  const config = loadClickHouseConfig({ maxConcurrentStatements, ...input }, { CLICKHOUSE_URL: server.url });
  return new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
}

const respond = (response: ServerResponse) => void response.end('{"n":1}\n');
const paramsOf = (request: string | undefined) => new URL(request?.split(' ')[1] ?? '', 'http://x').searchParams;
const select = { query: 'SELECT n', format: 'JSONEachRow' } as const;

describe('a session', () => {
  it('gives all its statements one unique session_id, and holds one permit', async () => {
    await using server = await fakeServer(respond);
    const manager = managerFor(server);
    {
      await using session = await manager.session();
      await using other = await manager.session({ idleTimeoutSeconds: 5 });
      await session.command({ query: 'CREATE TEMPORARY TABLE t (n UInt8)' });
      await session.insert({ table: 't', values: [{ n: 1 }], format: 'JSONEachRow' });
      expect(await (await session.query(select)).json()).toEqual([{ n: 1 }]);
      await other.command({ query: 'SELECT 1' });
      expect(server.requests.map((request) => paramsOf(request).get('session_id'))).toEqual([session.id, session.id, session.id, other.id]);
      expect(other.id).not.toBe(session.id);
      // The server must know the session from the second statement on.
      expect(server.requests.map((request) => paramsOf(request).get('session_check'))).toEqual(['0', '1', '1', '0']);
      expect(paramsOf(server.requests[3]).get('session_timeout')).toBe('5');
      expect(manager.stats).toMatchObject({ inUse: 2, granted: 2 });
    }
    expect(manager.stats.inUse).toBe(0);
    await manager.close();
  });

  it('runs its statements one after the other, in the order of their calls', async () => {
    const responses: ServerResponse[] = [];
    await using server = await fakeServer((response) => responses.push(response));
    const manager = managerFor(server);
    await using session = await manager.session();
    const both = Promise.all([session.command({ query: 'A' }), session.command({ query: 'B' })]);
    await server.received(1);
    await new Promise(setImmediate);
    expect(server.requests).toHaveLength(1);
    responses[0]?.end();
    await server.received(2);
    responses[1]?.end();
    await both;
  });

  it('survives an error of the server', async () => {
    await using server = await fakeServer((response) =>
      response.writeHead(500).end('Code: 62. DB::Exception: Syntax error. (SYNTAX_ERROR)'),
    );
    const manager = managerFor(server);
    await using session = await manager.session();
    await expect(session.command({ query: 'SELEC' })).rejects.toThrow();
    expect(session.state).toBe('leased');
  });
});

it('a session survives values that cannot be encoded, which were never sent', async () => {
  await using server = await fakeServer((response) => void response.end('{"n":1}\n'));
  const manager = managerFor(server);
  await using session = await manager.session();
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  for (const value of [{ id: 1n }, cyclic]) {
    const failure = await session.insert({ table: 't', values: [value], format: 'JSONEachRow' }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidArgumentError);
    expect(isAmbiguousWrite(failure)).toBe(false);
  }
  expect([session.state, server.requests]).toEqual(['leased', []]);
  await session.command({ query: 'SET a = 1' });
  await session.close();
  await manager.close();
});

it('a session uses its own deadline, or else that of the configuration', async () => {
  await using server = await fakeServer(() => undefined);
  const manager = managerFor(server, 2, { deadlineMs: 30 });
  await using session = await manager.session();
  await expect(session.command({ query: 'A' })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED', deadlineMs: 30 });
  await using withDeadline = await manager.session({ deadlineMs: 60 });
  await expect(withDeadline.command({ query: 'A' })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED', deadlineMs: 60 });
  await manager.close();
});

describe('a session is lost and releases its permit when one of its statements', () => {
  const endings: Record<
    string,
    { readonly respond: (response: ServerResponse) => void; readonly end: (session: Session, server: FakeServer) => Promise<void> }
  > = {
    'is aborted': {
      respond: () => undefined,
      async end(session, server) {
        const controller = new AbortController();
        const statement = expect(session.command({ query: 'A', abort_signal: controller.signal })).rejects.toMatchObject({
          code: 'ABORTED',
        });
        await server.received(1);
        controller.abort();
        await statement;
      },
    },
    'loses its connection': {
      respond: (response) => void response.destroy(),
      async end(session) {
        await expect(session.command({ query: 'A' })).rejects.toThrow();
      },
    },
    'is not read to its end': {
      respond: (response) => void response.writeHead(200).write('{"n":1}\n'),
      async end(session) {
        (await session.query(select)).close();
        await expect.poll(() => session.state).toBe('lost');
      },
    },
    'is unknown to the server': {
      respond: (response) => void response.writeHead(404).end('Code: 372. DB::Exception: Session not found. (SESSION_NOT_FOUND)'),
      async end(session) {
        await expect(session.command({ query: 'A' })).rejects.toThrow();
      },
    },
  };

  it.each(Object.keys(endings))('%s', async (name) => {
    const { respond: respondOnce, end } = endings[name] ?? expect.fail();
    await using server = await fakeServer(respondOnce);
    const manager = managerFor(server);
    const session = await manager.session();
    await end(session, server);
    expect([session.state, manager.stats.inUse]).toEqual(['lost', 0]);
    const sent = server.requests.length;
    await expect(session.command({ query: 'B' })).rejects.toThrow(SessionLostError);
    expect(server.requests).toHaveLength(sent);
    session.release();
    await manager.close();
  });

  it('is terminated by a drain', async () => {
    await using server = await fakeServer(() => undefined);
    const manager = managerFor(server);
    const session = await manager.session();
    const running = expect(session.command({ query: 'A' })).rejects.toMatchObject({ code: 'STATEMENT_TERMINATED', by: 'drain' });
    const waiting = expect(session.command({ query: 'B' })).rejects.toThrow(SessionLostError);
    await server.received(1);
    await manager.close();
    await Promise.all([running, waiting]);
    expect([session.state, manager.stats.inUse]).toEqual(['lost', 0]);
    await session.close();
  });
});

describe('a released session', () => {
  it('fault 23: cannot be released again or used', async () => {
    await using server = await fakeServer(respond);
    const manager = managerFor(server);
    const session = await manager.session();
    session.release();
    expect(() => session.release()).toThrow(SessionReleasedError);
    await expect(session.query(select)).rejects.toThrow(SessionReleasedError);
    await session.close();
    expect(manager.stats.inUse).toBe(0);
    expect(server.requests).toEqual([]);
    await manager.close();
  });

  it('terminates its running statement and rejects the waiting ones', async () => {
    await using server = await fakeServer(() => undefined);
    const manager = managerFor(server);
    const session = await manager.session();
    const running = expect(session.command({ query: 'A' })).rejects.toMatchObject({ code: 'STATEMENT_TERMINATED' });
    const waiting = expect(session.command({ query: 'B' })).rejects.toThrow(SessionReleasedError);
    await server.received(1);
    session.release();
    await Promise.all([running, waiting]);
    await manager.close();
  });
});

describe('leasing a session', () => {
  it('waits for a permit until its signal is aborted', async () => {
    await using server = await fakeServer(respond);
    const manager = managerFor(server, 1);
    const first = await manager.session();
    const controller = new AbortController();
    const second = expect(manager.session({ abort_signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED' });
    controller.abort();
    await second;
    const third = manager.session();
    first.release();
    (await third).release();
    await manager.close();
  });

  it('is not supported by the embedded engine', async () => {
    const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig({}, {}), factory: new ClickHouseConnectionFactory() });
    await expect(manager.session()).rejects.toThrow(UnsupportedByBackendError);
    expect(manager.stats).toMatchObject({ granted: 0, created: 0 });
  });
});
