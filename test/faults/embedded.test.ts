import type { ClickHouseSettings } from '@clickhouse/client';
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import {
  AbortedError,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  type ClickHouseConfigInput,
  type ClickHouseService,
  isAborted,
  isTimeout,
  loadClickHouseConfig,
  ManagerClosedError,
  UnsupportedByBackendError,
} from '../../runtime/src/index.js';
import { repository } from '../places.js';
import { failureOf, selectOne } from './server-under-test.js';

/** A statement that never ends by itself. */
const endless = { query: 'SELECT count() FROM system.numbers', format: 'JSONEachRow' } as const;
const runtime = JSON.stringify(pathToFileURL(join(repository, 'runtime/dist/index.js')).href);

/** Returns a manager of the embedded engine. Disposal closes it. */
function embedded(input: ClickHouseConfigInput = {}) {
  const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig(input, {}), factory: new ClickHouseConnectionFactory() });
  return { manager, service: manager.service, [Symbol.asyncDispose]: () => manager.close() };
}

/** Asserts that the service runs a statement. */
async function expectAnswer(service: ClickHouseService): Promise<void> {
  expect(await (await service.query(selectOne)).json()).toEqual([{ n: 1 }]);
}

/** Resolves when the endless statement runs, by the process list of the engine. */
async function untilRunning(): Promise<void> {
  const { service: other, manager } = embedded();
  await expect
    .poll(async () =>
      (
        await (
          await other.query({
            query: "SELECT count() AS n FROM system.processes WHERE query LIKE '%system.numbers%' AND query NOT LIKE '%processes%'",
            format: 'JSONEachRow',
          })
        ).json<{ n: number | string }>()
      ).map(({ n }) => Number(n)),
    )
    .toEqual([1]);
  await manager.close();
}

describe('the embedded engine', () => {
  it('fault 33: stops an aborted statement at once and runs the next one', async () => {
    await using tested = embedded();
    const reason = new Error('aborted by the test');
    const controller = new AbortController();
    const aborted = failureOf(tested.service.query({ ...endless, abort_signal: controller.signal }));
    await untilRunning();
    controller.abort(reason);
    expect(await aborted).toMatchObject({ cause: reason });
    await expectAnswer(tested.service);
    expect(tested.manager.stats).toMatchObject({ inUse: 0, waiting: 0 });
  });

  it('fault 33: runs the next statement after one that was aborted at its start, and after aborted waiting ones', async () => {
    await using tested = embedded();
    for (let round = 0; round < 5; round++) {
      const controller = new AbortController();
      const aborted = Array.from({ length: 3 }, () => failureOf(tested.service.query({ ...endless, abort_signal: controller.signal })));
      await new Promise((resolve) => setTimeout(resolve, round));
      controller.abort();
      for (const failure of await Promise.all(aborted)) expect(failure).toBeInstanceOf(AbortedError);
      await expectAnswer(tested.service);
    }
  });

  it('fault 33: terminates a statement at its deadline', async () => {
    await using tested = embedded({ deadlineMs: 500 });
    expect(isTimeout(await failureOf(tested.service.query(endless)))).toBe(true);
    await expectAnswer(tested.service);
  });

  it('fault 33: does not wait for the values of an aborted insert', async () => {
    await using tested = embedded();
    await tested.service.command({ query: 'CREATE TABLE aborted_insert (id UInt8) ENGINE = Memory' });
    // The official client logs a broken input stream itself.
    const errorLog = vi.spyOn(console, 'error').mockReturnValue();
    const controller = new AbortController();
    const values = Readable.from(
      (async function* () {
        yield { id: 1 };
        await new Promise(() => undefined);
      })(),
    );
    const aborted = failureOf(
      tested.service.insert({ table: 'aborted_insert', values, format: 'JSONEachRow', abort_signal: controller.signal }),
    );
    setTimeout(() => controller.abort(), 100);
    expect(isAborted(await aborted)).toBe(true);
    await expectAnswer(tested.service);
    expect(await (await tested.service.query({ query: 'SELECT * FROM aborted_insert', format: 'JSONEachRow' })).json()).toEqual([]);
    errorLog.mockRestore();
  });

  it('fault 33: drops the settings of an aborted statement and keeps earlier temporary tables', async () => {
    await using tested = embedded();
    await tested.service.command({ query: 'CREATE TEMPORARY TABLE mine (id UInt8)' });
    const controller = new AbortController();
    const aborted = failureOf(
      tested.service.query({
        ...endless,
        clickhouse_settings: { max_block_size: '77', log_comment: "mine's \\' own" },
        abort_signal: controller.signal,
      }),
    );
    await untilRunning();
    controller.abort();
    await aborted;
    const settings = await tested.service.query({
      query: "SELECT count() AS n FROM system.settings WHERE name = 'max_block_size' AND changed",
      format: 'JSONEachRow',
    });
    expect((await settings.json<{ n: number | string }>()).map(({ n }) => Number(n))).toEqual([0]);
    expect(await (await tested.service.query({ query: 'SELECT * FROM mine', format: 'JSONEachRow' })).json()).toEqual([]);
  });

  it('fault 33: kills only the aborted statement', async () => {
    await using tested = embedded();
    await using other = embedded();
    const controller = new AbortController();
    const aborted = failureOf(tested.service.query({ query: 'SELECT count() FROM numbers(3000000000)', abort_signal: controller.signal }));
    const twin = other.service.query({ query: 'SELECT count() AS n FROM numbers(300000000)', format: 'JSONEachRow' });
    setTimeout(() => controller.abort(), 20);
    expect(isAborted(await aborted)).toBe(true);
    expect((await (await twin).json<{ n: number | string }>()).map(({ n }) => Number(n))).toEqual([300_000_000]);
  });

  it('fault 33: is closed by a drain after statements that end in time, and the others are terminated', async () => {
    const drained = embedded();
    const short = drained.service.query({ query: 'SELECT sleep(0.3) AS n', format: 'JSONEachRow' }).then((result) => result.json());
    await drained.manager.drain({ timeoutMs: 20_000 });
    expect(await short).toEqual([{ n: 0 }]);

    const terminated = embedded();
    const running = [failureOf(terminated.service.query(endless)), failureOf(terminated.service.query(endless))];
    await untilRunning();
    await terminated.manager.drain({ timeoutMs: 0 });
    for (const failure of await Promise.all(running)) expect(['STATEMENT_TERMINATED', 'MANAGER_CLOSED']).toContain(failure.code);
    await using next = embedded();
    await expectAnswer(next.service);
  });

  it('fault 33: closes a busy connection without a crash, and the process exits', () => {
    const script = `
      import { ClickHouseConnectionFactory, loadClickHouseConfig } from ${runtime};
      const factory = new ClickHouseConnectionFactory();
      const config = loadClickHouseConfig({}, {});
      const client = await factory.create(config);
      const running = client.query({ query: 'SELECT count() FROM system.numbers' }).then(() => 'answered', (error) => error.code);
      setTimeout(async () => {
        await factory.close(config);
        console.log(await running);
      }, 200);
    `;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect({ status, stdout, stderr }).toMatchObject({ status: 0, stdout: '394\n', stderr: '' });
  });

  it('fault 33: rejects a second data folder and a worker thread, and says what to do', async () => {
    await using tested = embedded();
    await expectAnswer(tested.service);
    const dataPath = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-data-'));
    const second = await new ClickHouseConnectionFactory().create(loadClickHouseConfig({ dataPath }, {})).catch((error: unknown) => error);
    expect(second).toBeInstanceOf(UnsupportedByBackendError);
    const script = `
      import { parentPort } from 'node:worker_threads';
      import { ClickHouseConnectionFactory, loadClickHouseConfig } from ${runtime};
      await new ClickHouseConnectionFactory().create(loadClickHouseConfig({}, {})).catch(({ code, message }) => parentPort.postMessage({ code, message }));
    `;
    const message = await new Promise((resolve, reject) =>
      new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`))
        .once('message', resolve)
        .once('error', reject)
        .once('exit', reject),
    );
    expect(message).toMatchObject({
      code: 'UNSUPPORTED_BY_BACKEND',
      message: expect.stringMatching(/worker thread.*CLICKHOUSE_URL/) as unknown,
    });
    await expectAnswer(tested.service);
  });

  it('fault 33: rejects statements after it was closed', async () => {
    const { manager, service } = embedded();
    await expectAnswer(service);
    await manager.close();
    expect(await failureOf(service.query(selectOne))).toBeInstanceOf(ManagerClosedError);
  });
});

/** Returns a query whose rows arrive one by one, with this last column. */
const slowRows = (last: string) => `SELECT 'of another statement' AS secret, sleepEachRow(0.02) AS s, ${last} FROM numbers(100)`;
/** Sets the block size in the SQL: settings of the statement would be reset, and the rows with them. */
const slowRowsInBlocks = (last: string) => `${slowRows(last)} SETTINGS max_block_size = 1`;

interface QueryParams {
  readonly query: string;
  readonly query_params?: Record<string, unknown>;
  readonly clickhouse_settings?: ClickHouseSettings;
  readonly abort_signal?: AbortSignal;
}

/** Functions that run a query and read its rows, in three formats. */
const readers: Readonly<Record<string, (service: ClickHouseService, params: QueryParams) => Promise<unknown>>> = {
  JSONEachRow: async (service, params) => (await service.query({ ...params, format: 'JSONEachRow' })).json(),
  JSON: async (service, params) => (await service.query({ ...params, format: 'JSON' })).json().then(({ data }) => data),
  CSV: async (service, params) => (await service.query({ ...params, format: 'CSV' })).text(),
  stream: async (service, params) => {
    const batches = await (await service.query({ ...params, format: 'JSONEachRow' })).stream().toArray();
    return batches.flat().map((row: { json(): unknown }) => row.json());
  },
  exec: async (service, params) => {
    const { stream } = await service.exec({ ...params, query: `${params.query} FORMAT CSV` });
    return Buffer.concat(await stream.toArray()).toString();
  },
};

/** Runs a query on the tested service and reads its rows. */
type Read = (params: QueryParams) => Promise<unknown>;

/** Runs a statement, and aborts its signal after this time. */
const abortAfter = async (ms: number, run: (abort_signal: AbortSignal) => Promise<unknown>) => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  await run(controller.signal).finally(() => clearTimeout(timer));
};

/** Statements that fail after they may have produced rows. */
const failures: Readonly<Record<string, (read: Read, manager: ClickHouseConnectionManager, name: string) => Promise<unknown>>> = {
  'was aborted before its first row': (read) =>
    abortAfter(50, (abort_signal) => read({ query: 'SELECT sum(number) FROM system.numbers', abort_signal })),
  'was aborted between rows': (read) => abortAfter(150, (abort_signal) => read({ query: slowRowsInBlocks('1'), abort_signal })),
  'has parameters and was aborted between rows': (read) =>
    abortAfter(150, (abort_signal) => read({ query: slowRowsInBlocks('{p: UInt8}'), query_params: { p: 1 }, abort_signal })),
  'passed its deadline': (_, manager, name) => {
    const withDeadline = manager.serviceWith({ deadlineMs: 150 });
    return readers[name]?.(withDeadline, { query: slowRowsInBlocks('1') }) ?? Promise.resolve();
  },
  'exceeded max_execution_time': (read) => read({ query: `${slowRowsInBlocks('1')}, max_execution_time = 0.2` }),
  'failed after its first rows': (read) => read({ query: slowRowsInBlocks('throwIf(number = 5)') }),
  'failed after its first rows in a read-only statement': (read) =>
    read({ query: slowRows('throwIf(number = 5)'), clickhouse_settings: { readonly: '1', max_block_size: '1' } }),
  'follows another statement in one text and reads a missing table': (read) =>
    read({ query: "SELECT 'of another statement'; SELECT * FROM nowhere" }),
  'is invalid SQL': (read) => read({ query: 'SELEC 1' }),
  'is an insert that was killed': async (_, { service }) => {
    await service.command({
      query: 'CREATE TABLE IF NOT EXISTS slow (id UInt32, s UInt8 MATERIALIZED sleepEachRow(0.02)) ENGINE = Memory',
    });
    await abortAfter(100, (abort_signal) =>
      service.insert({ table: 'slow', values: Array.from({ length: 50 }, (_, id) => ({ id })), format: 'JSONEachRow', abort_signal }),
    );
  },
  'is an insert of invalid rows': async (_, { service }) => {
    await service.command({
      query: 'CREATE TABLE IF NOT EXISTS slow (id UInt32, s UInt8 MATERIALIZED sleepEachRow(0.02)) ENGINE = Memory',
    });
    await service.insert({ table: 'slow', values: [{ id: 1 }, { id: 'no number' }], format: 'JSONEachRow' });
  },
};

describe('rows of a failed statement', () => {
  describe.each(Object.keys(failures))('that %s', (failure) => {
    it.each(Object.keys(readers))('fault 33: are in no later response, read by %s', async (name) => {
      await using tested = embedded();
      const [fail, read] = [failures[failure], readers[name]];
      if (!fail || !read) throw new Error(`Expected a failure and a reader, found ${failure} and ${name}.`);
      const expected = await read(tested.service, { query: 'SELECT 2 AS a' });
      await failureOf(fail((params) => read(tested.service, params), tested.manager, name));
      expect(await read(tested.service, { query: 'SELECT 2 AS a' })).toEqual(expected);
    });
  });

  it('fault 33: are in no later response if many statements fail while others wait', async () => {
    await using tested = embedded();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, async (_, n) =>
        n % 3 === 0
          ? (await tested.service.query({ query: `SELECT ${n} AS n`, format: 'JSONEachRow' })).json()
          : readers['JSONEachRow']?.(tested.service, { query: n % 3 === 1 ? slowRowsInBlocks('throwIf(number = 2)') : 'SELEC' }),
      ),
    );
    expect(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))).toEqual(
      Array.from({ length: 10 }, (_, n) => [{ n: 3 * n }]),
    );
  });

  it('fault 33: are in no later response if the statement was aborted after its response', async () => {
    await using tested = embedded();
    const controller = new AbortController();
    const result = await tested.service.query({ query: slowRowsInBlocks('1').replace('100', '3'), abort_signal: controller.signal });
    controller.abort();
    expect(isAborted(await failureOf(result.json()))).toBe(true);
    await expectAnswer(tested.service);
  });

  it('fault 33: delay no other statement, since a statement with parameters is also killed', async () => {
    await using tested = embedded();
    await expectAnswer(tested.service);
    const since = performance.now();
    await failureOf(
      abortAfter(50, (abort_signal) =>
        tested.service.query({
          query: 'SELECT sleepEachRow(0.1), {p: UInt8} FROM numbers(50) SETTINGS max_block_size = 1',
          query_params: { p: 1 },
          abort_signal,
        }),
      ),
    );
    await expectAnswer(tested.service);
    expect(performance.now() - since).toBeLessThan(2_500);
  });
});
