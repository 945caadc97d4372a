import { ClickHouseClient, ClickHouseError } from '@clickhouse/client';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BackendCapabilities,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  type ClickHouseService,
  loadClickHouseConfig,
  InvalidArgumentError,
  isAborted,
  isServerError,
  ManagerClosedError,
  UnsupportedByBackendError,
} from '../../../runtime/src/index.js';
import { createTestService } from '../../../runtime/src/testing.js';
import { realServer, type RealServer } from '../harness/real-server.js';
import { onRealServer, serverBinary } from '../harness/server-binary.js';
import { frontServer } from '../harness/test-servers.js';

interface Backend extends AsyncDisposable {
  readonly service: ClickHouseService;
  readonly capabilities: BackendCapabilities;
}

function managed(url: string | undefined): Backend {
  const manager = new ClickHouseConnectionManager({
    config: loadClickHouseConfig(url === undefined ? {} : { url }, {}),
    factory: new ClickHouseConnectionFactory(),
  });
  return { service: manager.service, capabilities: manager.capabilities, [Symbol.asyncDispose]: () => manager.close() };
}

const rows = [{ n: 0 }, { n: 1 }, { n: 2 }];
const threeRows = { query: 'SELECT toUInt8(number) AS n FROM system.numbers LIMIT 3', format: 'JSONEachRow' } as const;

function double(): Backend {
  const service = createTestService([
    { when: 'system.numbers', rows },
    { when: 'FROM kept', rows: [{ id: 1 }, { id: 2 }] },
    { when: 'nowhere', error: new Error("Code: 60. DB::Exception: Table default.nowhere doesn't exist. (UNKNOWN_TABLE)") },
  ]);
  return { service, capabilities: service.capabilities, [Symbol.asyncDispose]: () => service.close() };
}

async function server(start: () => Promise<RealServer>): Promise<Backend> {
  const running = await start();
  const backend = managed(running.url);
  return {
    ...backend,
    async [Symbol.asyncDispose]() {
      await backend[Symbol.asyncDispose]();
      await running[Symbol.asyncDispose]();
    },
  };
}

const backends = [
  { name: `a server (${onRealServer})`, isMissing: serverBinary() === undefined, open: () => server(realServer) },
  { name: 'the HTTP front over chDB', isMissing: false, open: () => server(frontServer) },
  { name: 'the embedded engine', isMissing: false, open: async () => managed(undefined) },
  { name: 'the test double', isMissing: false, open: async () => double() },
];

describe.each(backends)('a service on $name', ({ isMissing, open }) => {
  describe.skipIf(isMissing)('', () => {
    let backend: Backend;
    let service: ClickHouseService;
    beforeAll(async () => {
      backend = await open();
      ({ service } = backend);
    });
    afterAll(() => backend[Symbol.asyncDispose]());

    it('returns rows as an array, as text, as a stream, and with the metadata of the format JSON', async () => {
      expect(await (await service.query(threeRows)).json()).toEqual(rows);
      expect(await (await service.query(threeRows)).text()).toBe('{"n":0}\n{"n":1}\n{"n":2}\n');
      const batches = await (await service.query(threeRows)).stream().toArray();
      expect(batches.flat().map((row: { json(): unknown }) => row.json())).toEqual(rows);
      expect(await (await service.query({ ...threeRows, format: 'JSON' })).json()).toMatchObject({ data: rows, rows: 3 });
    });

    it('returns the rows that were inserted', async () => {
      await service.command({ query: 'CREATE TABLE kept (id UInt8) ENGINE = Memory' });
      expect(await service.insert({ table: 'kept', values: [{ id: 1 }, { id: 2 }], format: 'JSONEachRow' })).toMatchObject({
        executed: true,
      });
      expect(await (await service.query({ query: 'SELECT id FROM kept ORDER BY id', format: 'JSONEachRow' })).json()).toEqual([
        { id: 1 },
        { id: 2 },
      ]);
    });

    it('sends nothing for an empty list of values', async () => {
      expect(await service.insert({ table: 'nowhere', values: [], format: 'JSONEachRow' })).toMatchObject({ executed: false });
    });

    it('rejects values that do not match their format', async () => {
      const inserts = [
        { values: [{ id: 3 }], format: 'CSV' },
        { values: Readable.from([{ id: 3 }]), format: 'CSV' },
        { values: Readable.from(['{"id":3}'], { objectMode: false }), format: 'JSONEachRow' },
      ] as const;
      for (const { values, format } of inserts)
        await expect(service.insert({ table: 'kept', values, format })).rejects.toBeInstanceOf(InvalidArgumentError);
    });

    it('rejects values that cannot be encoded, and sends none of them', async () => {
      const cyclic: unknown[] = [];
      cyclic.push(cyclic);
      const unwritable: readonly unknown[][] = [[{ id: 3n }], [{ id: 3 }, { id: cyclic }]];
      for (const values of unwritable)
        await expect(service.insert({ table: 'kept', values, format: 'JSONEachRow' })).rejects.toBeInstanceOf(InvalidArgumentError);
      expect(await (await service.query({ query: 'SELECT id FROM kept ORDER BY id', format: 'JSONEachRow' })).json()).toEqual([
        { id: 1 },
        { id: 2 },
      ]);
    });

    it('streams the body of exec()', async () => {
      const { stream } = await service.exec({ query: `${threeRows.query} FORMAT JSONEachRow` });
      expect(Buffer.concat(await stream.toArray()).toString()).toBe('{"n":0}\n{"n":1}\n{"n":2}\n');
    });

    it("resolves with a query id: the caller's, or a new one", async () => {
      const [first, second, own] = [
        await service.command({ query: 'SELECT 1' }),
        await service.command({ query: 'SELECT 1' }),
        await service.command({ query: 'SELECT 1', query_id: 'own' }),
      ];
      expect(first.query_id).not.toBe(second.query_id);
      expect(own.query_id).toBe('own');
    });

    it('answers a ping', async () => {
      expect(await service.ping()).toMatchObject({ success: true });
    });

    it('rejects with an error of this package for an error of ClickHouse', async () => {
      const failure: unknown = await service.query({ query: 'SELECT * FROM nowhere', query_id: 'lost' }).catch((error: unknown) => error);
      expect(isServerError(failure)).toBe(true);
      expect(failure).toMatchObject({ clickhouseCode: 60, retryable: false, queryId: 'lost' });
    });

    it('is a client of the official package, and its errors are those of the official package', async () => {
      expect(service).toBeInstanceOf(ClickHouseClient);
      const failure: unknown = await service.command({ query: 'SELECT * FROM nowhere' }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ClickHouseError);
      expect(failure).toMatchObject({ code: '60' });
    });

    it('rejects a statement whose signal is aborted already', async () => {
      const reason = new Error('never mind');
      const params = { query: 'SELECT 1', abort_signal: AbortSignal.abort(reason) };
      const statements = [service.query(params), service.command(params), service.exec(params)];
      for (const result of await Promise.allSettled(statements)) {
        expect(result).toMatchObject({ status: 'rejected', reason: { cause: reason } });
        expect('reason' in result && isAborted(result.reason)).toBe(true);
      }
    });

    it('has the capabilities that it declares, and rejects statements that need others', async () => {
      const { sessions, identities, formats } = backend.capabilities;
      const statements = [
        { isSupported: sessions, run: () => service.command({ query: 'SELECT 1', session_id: 's' }) },
        { isSupported: identities, run: () => service.command({ query: 'SELECT 1', auth: { username: 'default', password: '' } }) },
        {
          isSupported: formats === 'all' || formats.includes('CSV'),
          run: async () => (await service.query({ query: threeRows.query, format: 'CSV' })).text(),
        },
      ];
      for (const { isSupported, run } of statements) {
        const outcome: unknown = await run().catch((error: unknown) => error);
        expect(outcome instanceof Error).toBe(!isSupported);
        if (!isSupported) expect(outcome).toBeInstanceOf(UnsupportedByBackendError);
      }
    });

    it('rejects every statement after close()', async () => {
      await service.close();
      const statements = [
        service.query(threeRows),
        service.command({ query: 'SELECT 1' }),
        service.exec({ query: 'SELECT 1' }),
        service.insert({ table: 'kept', values: [{ id: 3 }], format: 'JSONEachRow' }),
      ];
      for (const result of await Promise.allSettled(statements))
        expect(result).toMatchObject({ status: 'rejected', reason: expect.any(ManagerClosedError) as unknown });
      expect(await service.ping()).toMatchObject({ success: false, error: expect.any(ManagerClosedError) as unknown });
    });
  });
});
