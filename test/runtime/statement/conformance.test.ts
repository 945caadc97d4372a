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
import { realServer } from '../harness/real-server.js';
import { onRealServer, serverBinary } from '../harness/server-binary.js';

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
const three = { query: 'SELECT toUInt8(number) AS n FROM system.numbers LIMIT 3', format: 'JSONEachRow' } as const;

function double(): Backend {
  const service = createTestService([
    { when: 'system.numbers', rows },
    { when: 'FROM kept', rows: [{ id: 1 }, { id: 2 }] },
    { when: 'nowhere', error: new Error("Code: 60. DB::Exception: Table default.nowhere doesn't exist. (UNKNOWN_TABLE)") },
  ]);
  return { service, capabilities: service.capabilities, [Symbol.asyncDispose]: () => service.close() };
}

async function server(): Promise<Backend> {
  const running = await realServer();
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
  { name: `a server (${onRealServer})`, isMissing: serverBinary() === undefined, open: server },
  { name: 'the embedded engine', isMissing: false, open: async () => managed(undefined) },
  { name: 'the test double', isMissing: false, open: async () => double() },
];

describe.each(backends)('whatever stands behind the service: $name', ({ isMissing, open }) => {
  describe.skipIf(isMissing)('', () => {
    let backend: Backend;
    let service: ClickHouseService;
    beforeAll(async () => {
      backend = await open();
      ({ service } = backend);
    });
    afterAll(() => backend[Symbol.asyncDispose]());

    it('gives rows as an array, as text, one by one, and with what is told about them', async () => {
      expect(await (await service.query(three)).json()).toEqual(rows);
      expect(await (await service.query(three)).text()).toBe('{"n":0}\n{"n":1}\n{"n":2}\n');
      const batches = await (await service.query(three)).stream().toArray();
      expect(batches.flat().map((row: { json(): unknown }) => row.json())).toEqual(rows);
      expect(await (await service.query({ ...three, format: 'JSON' })).json()).toMatchObject({ data: rows, rows: 3 });
    });

    it('keeps what is inserted', async () => {
      await service.command({ query: 'CREATE TABLE kept (id UInt8) ENGINE = Memory' });
      expect(await service.insert({ table: 'kept', values: [{ id: 1 }, { id: 2 }], format: 'JSONEachRow' })).toMatchObject({
        executed: true,
      });
      expect(await (await service.query({ query: 'SELECT id FROM kept ORDER BY id', format: 'JSONEachRow' })).json()).toEqual([
        { id: 1 },
        { id: 2 },
      ]);
    });

    it('has nothing to do for no values', async () => {
      expect(await service.insert({ table: 'nowhere', values: [], format: 'JSONEachRow' })).toMatchObject({ executed: false });
    });

    it('refuses values that do not go with their format', async () => {
      const inserts = [
        { values: [{ id: 3 }], format: 'CSV' },
        { values: Readable.from([{ id: 3 }]), format: 'CSV' },
        { values: Readable.from(['{"id":3}'], { objectMode: false }), format: 'JSONEachRow' },
      ] as const;
      for (const { values, format } of inserts)
        await expect(service.insert({ table: 'kept', values, format })).rejects.toBeInstanceOf(InvalidArgumentError);
    });

    it('refuses values that nobody could write', async () => {
      const cyclic: unknown[] = [];
      cyclic.push(cyclic);
      const unwritable: readonly unknown[][] = [[{ id: 3n }], [{ id: 3 }, { id: cyclic }]];
      for (const values of unwritable)
        await expect(service.insert({ table: 'kept', values, format: 'JSONEachRow' })).rejects.toBeInstanceOf(InvalidArgumentError);
      // Nothing of them has arrived.
      expect(await (await service.query({ query: 'SELECT id FROM kept ORDER BY id', format: 'JSONEachRow' })).json()).toEqual([
        { id: 1 },
        { id: 2 },
      ]);
    });

    it('streams the body of exec()', async () => {
      const { stream } = await service.exec({ query: `${three.query} FORMAT JSONEachRow` });
      expect(Buffer.concat(await stream.toArray()).toString()).toBe('{"n":0}\n{"n":1}\n{"n":2}\n');
    });

    it("tells a statement's id, the caller's own where there is one", async () => {
      const [one, other, mine] = [
        await service.command({ query: 'SELECT 1' }),
        await service.command({ query: 'SELECT 1' }),
        await service.command({ query: 'SELECT 1', query_id: 'mine' }),
      ];
      expect(one.query_id).not.toBe(other.query_id);
      expect(mine.query_id).toBe('mine');
    });

    it('answers a ping', async () => {
      expect(await service.ping()).toMatchObject({ success: true });
    });

    it('says in our words what ClickHouse says', async () => {
      const failure: unknown = await service.query({ query: 'SELECT * FROM nowhere', query_id: 'lost' }).catch((error: unknown) => error);
      expect(isServerError(failure)).toBe(true);
      expect(failure).toMatchObject({ clickhouseCode: 60, retryable: false, queryId: 'lost' });
    });

    it('refuses who was aborted before', async () => {
      const reason = new Error('never mind');
      const statements = [service.query, service.command, service.exec].map((run) =>
        run.call(service, { query: 'SELECT 1', abort_signal: AbortSignal.abort(reason) }),
      );
      for (const refused of await Promise.allSettled(statements)) {
        expect(refused).toMatchObject({ status: 'rejected', reason: { cause: reason } });
        expect('reason' in refused && isAborted(refused.reason)).toBe(true);
      }
    });

    it('has what it declares, and refuses what it does not have', async () => {
      const { sessions, identities, formats } = backend.capabilities;
      const asked = [
        { isThere: sessions, run: () => service.command({ query: 'SELECT 1', session_id: 's' }) },
        { isThere: identities, run: () => service.command({ query: 'SELECT 1', auth: { username: 'default', password: '' } }) },
        {
          isThere: formats === 'all' || formats.includes('CSV'),
          run: async () => (await service.query({ query: three.query, format: 'CSV' })).text(),
        },
      ];
      for (const { isThere, run } of asked) {
        const outcome: unknown = await run().catch((error: unknown) => error);
        expect(outcome instanceof Error).toBe(!isThere);
        if (!isThere) expect(outcome).toBeInstanceOf(UnsupportedByBackendError);
      }
    });

    it('takes no statement after close()', async () => {
      await service.close();
      const late = [
        service.query(three),
        service.command({ query: 'SELECT 1' }),
        service.exec({ query: 'SELECT 1' }),
        service.insert({ table: 'kept', values: [{ id: 3 }], format: 'JSONEachRow' }),
        service.ping(),
      ];
      for (const refused of await Promise.allSettled(late))
        expect(refused).toMatchObject({ status: 'rejected', reason: expect.any(ManagerClosedError) as unknown });
    });
  });
});
