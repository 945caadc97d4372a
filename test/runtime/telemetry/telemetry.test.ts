import { spawnSync } from 'node:child_process';
import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type ClickHouseConfigInput,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  isTimeout,
  loadClickHouseConfig,
  type ManagerOptions,
} from '../../../runtime/src/index.js';
import { observe, type StatementEvent, type TelemetryEvents } from '../../../runtime/src/telemetry/telemetry.js';
import { fakeServer, deferred } from '../harness/fake-server.js';
import { blackHole } from '../harness/black-hole.js';
import { authority, certificateOf } from '../harness/certificates.js';

const select = { query: '-- a comment\n(SELECT secret FROM t)', format: 'JSONEachRow' } as const;

function managerFor(url: string, input: ClickHouseConfigInput = {}, options: Partial<ManagerOptions> = {}): ClickHouseConnectionManager {
  return new ClickHouseConnectionManager({
    config: loadClickHouseConfig({ url, ...input }, {}),
    factory: new ClickHouseConnectionFactory(),
    ...options,
  });
}

const observers: Disposable[] = [];
afterEach(() => {
  for (const observer of observers.splice(0)) observer[Symbol.dispose]();
});

/** Collects the events of a channel until the end of the test. */
function collect<Name extends keyof TelemetryEvents>(name: Name): TelemetryEvents[Name][] {
  const events: TelemetryEvents[Name][] = [];
  observers.push(observe(name, (event) => events.push(event)));
  return events;
}

/** Sends the rows, and leaves the response open. */
function sendRows(response: ServerResponse, isCompressed: boolean, rows: string): void {
  response.writeHead(200, isCompressed ? { 'content-encoding': 'gzip' } : {});
  if (!isCompressed) return void response.write(rows);
  const zip = createGzip();
  zip.pipe(response);
  zip.write(rows);
  zip.flush();
}

const ok = (response: ServerResponse) => void response.end('{"n":1}\n');

describe('an observer', () => {
  it('receives the start of a statement at its call, and the end when its result has been read', async () => {
    await using server = await fakeServer(ok);
    const manager = managerFor(server.url);
    const [starts, ends] = [collect('clickhouse-ssot:statement:start'), collect('clickhouse-ssot:statement:end')];
    const result = await manager.service.query(select);
    expect([starts.length, ends.length]).toEqual([1, 0]);
    await result.json();
    expect(ends).toEqual(starts);
    expect(ends[0]).toMatchObject({ operation: 'SELECT', table: undefined, attempts: 1, endpoint: server.url, failure: undefined });
    expect(ends[0]?.queryId).toBe(result.query_id);
    expect(ends[0]?.durationMs).toBeGreaterThan(ends[0]?.waitedMs ?? Infinity);
    await manager.close();
  });

  it.each<[string, string | undefined, (manager: ClickHouseConnectionManager) => Promise<unknown>]>([
    ['INSERT', 'events', ({ service }) => service.insert({ table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' })],
    ['CREATE', undefined, ({ service }) => service.command({ query: '/* comment */ create TABLE t (id UInt8) ENGINE = Memory' })],
    ['PING', undefined, ({ service }) => service.ping()],
    [
      'DROP',
      undefined,
      async (manager) => {
        await using session = await manager.session();
        await session.command({ query: 'DROP TABLE t' });
      },
    ],
  ])('receives the operation: %s', async (operation, table, run) => {
    await using server = await fakeServer(ok);
    const manager = managerFor(server.url);
    const ends = collect('clickhouse-ssot:statement:end');
    await run(manager);
    expect(ends).toMatchObject([{ operation, table }]);
    await manager.close();
  });

  it.each(['attackervalue foo', '', '42', '-- a comment', 'SELECTED', 'constructor'])(
    'receives OTHER for text that is no statement: %j',
    async (query) => {
      await using server = await fakeServer(ok);
      const manager = managerFor(server.url);
      const ends = collect('clickhouse-ssot:statement:end');
      await manager.service.command({ query });
      expect(ends).toMatchObject([{ operation: 'OTHER' }]);
      await manager.close();
    },
  );

  it('never receives SQL or values', async () => {
    await using server = await fakeServer(ok);
    const manager = managerFor(server.url);
    const ends = collect('clickhouse-ssot:statement:end');
    await (await manager.service.query(select)).json();
    expect(JSON.stringify(ends[0], ['operation', 'table', 'params', 'query'])).not.toContain('secret');
    await manager.close();
  });

  it('receives the error of the caller, once', async () => {
    await using server = await fakeServer(
      (response) => void response.writeHead(400).end('Code: 62. DB::Exception: Syntax error. (SYNTAX_ERROR)'),
    );
    const manager = managerFor(server.url);
    const ends = collect('clickhouse-ssot:statement:end');
    const failure: unknown = await manager.service.command({ query: 'SELEC 1' }).catch((error: unknown) => error);
    expect(ends.map((end) => end.failure)).toEqual([failure]);
    await manager.close();
  });

  it('receives the failure of a result that breaks off while it is read', async () => {
    await using server = await fakeServer(
      (response) => void response.writeHead(200, { 'content-length': 100 }).write('{"n":1}\n', () => response.destroy()),
    );
    const manager = managerFor(server.url);
    const ends = collect('clickhouse-ssot:statement:end');
    const result = await manager.service.query(select);
    await expect(result.json()).rejects.toThrow();
    await expect.poll(() => ends.length).toBe(1);
    expect(ends[0]?.failure).toBeInstanceOf(Error);
    await manager.close();
  });

  it.each<[string, (manager: ClickHouseConnectionManager) => Promise<unknown>]>([
    ['closes its result', async ({ service }) => (await service.query(select)).close()],
    [
      'disposes of its result',
      async ({ service }) => {
        using result = await service.query(select);
        return result.query_id;
      },
    ],
    [
      'leaves the loop over its rows',
      async ({ service }) => {
        for await (const rows of (await service.query(select)).stream()) return rows;
      },
    ],
    ['destroys its rows', async ({ service }) => (await service.query(select)).stream().destroy()],
    [
      'leaves the loop over the body',
      async ({ service }) => {
        for await (const chunk of (await service.exec({ query: 'SELECT 1' })).stream) return chunk as unknown;
      },
    ],
  ])('receives no failure if the caller stops reading and %s', async (_name, stopReading) => {
    for (const compressResponses of [false, true]) {
      await using server = await fakeServer((response) => sendRows(response, compressResponses, '{"n":1}\n'.repeat(10_000)));
      const manager = managerFor(server.url, { compressResponses });
      const ends = collect('clickhouse-ssot:statement:end');
      await stopReading(manager);
      await expect.poll(() => ends.length).toBe(1);
      expect(ends[0]?.failure).toBeUndefined();
      expect(manager.stats.inUse).toBe(0);
      await manager.close();
    }
  });

  it('receives a failure if the connection breaks before the caller stops reading', async () => {
    await using server = await fakeServer(
      (response) => void response.writeHead(200).write('{"n":1}\n', () => setTimeout(() => response.destroy(), 20)),
    );
    const manager = managerFor(server.url);
    const ends = collect('clickhouse-ssot:statement:end');
    const read = async () => {
      for await (const rows of (await manager.service.query(select)).stream()) expect(rows).toHaveLength(1);
    };
    await expect(read()).rejects.toMatchObject({ code: 'STREAM_FAILED', rowsDelivered: 1, cause: { code: 'CONNECTION_LOST' } });
    expect(ends).toMatchObject([{ failure: { code: 'STREAM_FAILED' } }]);
    await manager.close();
  });

  it.each([false, true])(
    'receives a timeout if the server sends a part of the rows and then nothing (compressed: %s)',
    async (compressResponses) => {
      await using server = await fakeServer((response) => sendRows(response, compressResponses, '{"n":1}\n'));
      const manager = managerFor(server.url, { requestTimeoutMs: 100, compressResponses });
      const ends = collect('clickhouse-ssot:statement:end');
      const failure: unknown = await manager.service
        .query(select)
        .then((result) => result.json())
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'STREAM_FAILED', rowsDelivered: 1, cause: { code: 'TIMED_OUT' } });
      expect(isTimeout(failure)).toBe(true);
      expect(ends).toMatchObject([{ failure: { code: 'STREAM_FAILED', cause: { code: 'TIMED_OUT' } } }]);
      await manager.close();
    },
  );

  it('receives the wait for a permit, with its length, or with the failure of a waiter that got none', async () => {
    const response = deferred<ServerResponse>();
    await using server = await fakeServer((each) => (server.requests.length === 1 ? response.resolve(each) : ok(each)));
    const manager = managerFor(server.url, { maxConcurrentStatements: 1 });
    const waits = collect('clickhouse-ssot:permit:wait');
    const first = manager.service.command({ query: 'A' });
    const second = manager.service.command({ query: 'B' });
    const controller = new AbortController();
    const third = manager.service.command({ query: 'C', abort_signal: controller.signal });
    controller.abort();
    await expect(third).rejects.toMatchObject({ code: 'ABORTED' });
    (await response.promise).end();
    await Promise.all([first, second]);
    expect(waits).toMatchObject([{ failure: { code: 'ABORTED' } }, { failure: undefined, bulkhead: undefined }]);
    expect(waits[1]?.waitedMs).toBeGreaterThan(0);
    await manager.close();
  });

  it('receives a retry for every attempt but the first, with the failure of the attempt before', async () => {
    await using server = await fakeServer((response) =>
      server.requests.length < 3 ? void response.writeHead(502).end('<html>') : ok(response),
    );
    const manager = managerFor(server.url);
    const [retries, ends] = [collect('clickhouse-ssot:statement:retry'), collect('clickhouse-ssot:statement:end')];
    await (await manager.service.query(select)).json();
    expect(retries).toMatchObject([{ failure: { code: 'GATEWAY_FAILED' } }, { failure: { code: 'GATEWAY_FAILED' } }]);
    expect(retries[0]?.statement).toBe(ends[0]);
    expect(ends).toMatchObject([{ attempts: 3, failure: undefined }]);
    await manager.close();
  });

  it('receives each new socket, and not its reuse', async () => {
    await using server = await fakeServer(ok);
    const manager = managerFor(server.url);
    const connections = collect('clickhouse-ssot:connection:open');
    for (let count = 0; count < 3; count++) await (await manager.service.query(select)).json();
    expect(connections).toMatchObject([{ endpoint: server.url, config: { database: 'default' }, failure: undefined }]);
    expect(connections[0]?.durationMs).toBeGreaterThan(0);
    await manager.close();
  });

  it.each(['http', 'https'])('receives a refused socket: %s', async (protocol) => {
    const manager = managerFor(`${protocol}://127.0.0.1:1`, {}, { retry: false });
    const connections = collect('clickhouse-ssot:connection:open');
    await manager.service.query(select).catch(() => undefined);
    await expect
      .poll(() => connections)
      .toMatchObject([{ endpoint: `${protocol}://127.0.0.1:1`, failure: { code: 'CONNECT_FAILED', systemCode: 'ECONNREFUSED' } }]);
    await manager.close();
  });

  it('receives a socket whose statement ended before it was connected', async () => {
    await using hole = await blackHole();
    const manager = managerFor(hole.url, { deadlineMs: 20 }, { retry: false });
    const connections = collect('clickhouse-ssot:connection:open');
    await manager.service.query(select).catch(() => undefined);
    await expect.poll(() => connections[0]).toMatchObject({ endpoint: hole.url, failure: { code: 'CONNECT_FAILED' } });
    await manager.close();
  });

  it('receives a TLS socket after the handshake, with the duration of both', async () => {
    // Delays the handshake, not the connection.
    const SNICallback = (_: string, done: (error: Error | null) => void) => void setTimeout(() => done(null), 50);
    const server = createServer({ ...certificateOf('valid'), SNICallback }, (_, response) => ok(response));
    await once(server.listen(0, 'localhost'), 'listening');
    const address = server.address();
    const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-telemetry-'));
    writeFileSync(join(folder, 'ca.pem'), authority);
    const manager = managerFor(`https://localhost:${typeof address === 'object' && address ? address.port : 0}`, {
      caFile: join(folder, 'ca.pem'),
    });
    const connections = collect('clickhouse-ssot:connection:open');
    await (await manager.service.query(select)).json();
    expect(connections).toMatchObject([{ failure: undefined }]);
    expect(connections[0]?.durationMs).toBeGreaterThan(45);
    await manager.close();
    await once(server.close(), 'close');
    rmSync(folder, { recursive: true });
  });

  it('receives the transition of a breaker', async () => {
    await using server = await fakeServer((response) => void response.socket?.destroy());
    const manager = managerFor(server.url, {}, { retry: false, breaker: { minimumCalls: 3 } });
    const breakers = collect('clickhouse-ssot:breaker:transition');
    for (let count = 0; count < 3; count++) await manager.service.query(select).catch(() => undefined);
    expect(breakers).toEqual([{ endpoint: server.url, from: 'closed', to: 'open' }]);
    await manager.close();
  });

  it('receives the end of a rotation, with its failure if there is one', async () => {
    await using server = await fakeServer((response) => (server.requests.length > 1 ? void response.writeHead(403).end() : ok(response)));
    const manager = managerFor(server.url);
    const rotations = collect('clickhouse-ssot:rotation:end');
    await manager.rotate();
    const failure: unknown = await manager.rotate().catch((error: unknown) => error);
    expect(rotations).toEqual([
      { manager, failure: undefined },
      { manager, failure },
    ]);
    await manager.close();
  });

  it('receives a permit that is held for too long, with the call that acquired it', async () => {
    await using server = await fakeServer((response) => void response.writeHead(200).write('{"n":1}\n'));
    const manager = managerFor(server.url, {}, { leakDetectionThresholdMs: 5, onLeak: () => undefined });
    const leaks = collect('clickhouse-ssot:permit:leak');
    await manager.service.query(select);
    await expect.poll(() => leaks.length).toBe(1);
    expect(leaks[0]).toMatchObject({ kind: 'held' });
    expect(leaks[0]?.acquiredAt).toContain('telemetry.test.ts');
    await manager.close();
  });
});

describe('fault 26: an observer that throws', () => {
  it('changes no result, and causes one warning', async () => {
    await using server = await fakeServer(ok);
    const manager = managerFor(server.url);
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    for (const name of ['clickhouse-ssot:statement:start', 'clickhouse-ssot:statement:end'] as const)
      observers.push(
        observe(name, () => {
          throw new Error('no space for the log');
        }),
      );
    for (let count = 0; count < 2; count++) expect(await (await manager.service.query(select)).json()).toEqual([{ n: 1 }]);
    expect(warn.mock.calls.map(([warning]) => warning)).toEqual([
      expect.stringContaining('statement:start threw'),
      expect.stringContaining('statement:end threw'),
    ]);
    warn.mockRestore();
    await manager.close();
  });

  it('as a subscriber of the channel changes no result: Node emits an uncaughtException', () => {
    const script = `
      import { subscribe } from 'node:diagnostics_channel';
      import { createServer } from 'node:http';
      import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig } from ${JSON.stringify(new URL('../../../runtime/src/index.ts', import.meta.url).href)};
      const server = createServer((_, response) => response.end('{"n":1}\\n')).listen(0, '127.0.0.1', async () => {
        const uncaught = [];
        process.on('uncaughtException', (error) => uncaught.push(error.message));
        subscribe('clickhouse-ssot:statement:start', () => { throw new Error('observer') });
        const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig({ url: 'http://127.0.0.1:' + server.address().port }, {}), factory: new ClickHouseConnectionFactory() });
        const rows = await (await manager.service.query({ query: 'SELECT 1', format: 'JSONEachRow' })).json();
        console.log(JSON.stringify({ rows, uncaught }));
        await manager.close();
        server.close();
      });`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(JSON.parse(stdout || JSON.stringify(stderr))).toEqual({ rows: [{ n: 1 }], uncaught: ['observer'] });
  });
});

it('without subscribers at its call, a statement publishes no events', async () => {
  await using server = await fakeServer(ok);
  const manager = managerFor(server.url);
  const running = await manager.service.query(select);
  const ends = collect('clickhouse-ssot:statement:end');
  await running.json();
  expect(ends).toEqual([]);
  expect(channel('clickhouse-ssot:statement:start').hasSubscribers).toBe(false);
  await manager.close();
});

it('an observer that was disposed of receives no events', async () => {
  await using server = await fakeServer(ok);
  const manager = managerFor(server.url);
  const events: StatementEvent[] = [];
  const observer = observe('clickhouse-ssot:statement:end', (event) => events.push(event));
  await manager.service.ping();
  observer[Symbol.dispose]();
  await manager.service.ping();
  expect(events).toHaveLength(1);
  await manager.close();
});
