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

function embedded(input: ClickHouseConfigInput = {}) {
  const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig(input, {}), factory: new ClickHouseConnectionFactory() });
  return { manager, service: manager.service, [Symbol.asyncDispose]: () => manager.close() };
}

async function answers(service: ClickHouseService): Promise<void> {
  expect(await (await service.query(selectOne)).json()).toEqual([{ n: 1 }]);
}

/** A second connection reads the process list of the engine. */
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
  it('33 stops an aborted statement at once and runs the next one', async () => {
    await using given = embedded();
    const reason = new Error('never mind');
    const controller = new AbortController();
    const aborted = failureOf(given.service.query({ ...endless, abort_signal: controller.signal }));
    await untilRunning();
    controller.abort(reason);
    expect(await aborted).toMatchObject({ cause: reason });
    await answers(given.service);
    expect(given.manager.stats).toMatchObject({ inUse: 0, waiting: 0 });
  });

  it('33 is free after a statement that is aborted when it begins, and after aborted waiting statements', async () => {
    await using given = embedded();
    for (let round = 0; round < 5; round++) {
      const controller = new AbortController();
      const aborted = Array.from({ length: 3 }, () => failureOf(given.service.query({ ...endless, abort_signal: controller.signal })));
      await new Promise((resolve) => setTimeout(resolve, round));
      controller.abort();
      for (const failure of await Promise.all(aborted)) expect(failure).toBeInstanceOf(AbortedError);
      await answers(given.service);
    }
  });

  it('33 terminates a statement at its deadline', async () => {
    await using given = embedded({ deadlineMs: 500 });
    expect(isTimeout(await failureOf(given.service.query(endless)))).toBe(true);
    await answers(given.service);
  });

  it('33 does not wait for the values of an aborted insert', async () => {
    await using given = embedded();
    await given.service.command({ query: 'CREATE TABLE aborted_insert (id UInt8) ENGINE = Memory' });
    // The official client logs a broken input stream itself.
    const told = vi.spyOn(console, 'error').mockReturnValue();
    const controller = new AbortController();
    const values = Readable.from(
      (async function* () {
        yield { id: 1 };
        await new Promise(() => undefined);
      })(),
    );
    const aborted = failureOf(
      given.service.insert({ table: 'aborted_insert', values, format: 'JSONEachRow', abort_signal: controller.signal }),
    );
    setTimeout(() => controller.abort(), 100);
    expect(isAborted(await aborted)).toBe(true);
    await answers(given.service);
    expect(await (await given.service.query({ query: 'SELECT * FROM aborted_insert', format: 'JSONEachRow' })).json()).toEqual([]);
    told.mockRestore();
  });

  it('33 drops the settings of an aborted statement and keeps earlier temporary tables', async () => {
    await using given = embedded();
    await given.service.command({ query: 'CREATE TEMPORARY TABLE mine (id UInt8)' });
    const controller = new AbortController();
    const aborted = failureOf(
      given.service.query({
        ...endless,
        clickhouse_settings: { max_block_size: '77', log_comment: "mine's \\' own" },
        abort_signal: controller.signal,
      }),
    );
    await untilRunning();
    controller.abort();
    await aborted;
    const settings = await given.service.query({
      query: "SELECT count() AS n FROM system.settings WHERE name = 'max_block_size' AND changed",
      format: 'JSONEachRow',
    });
    expect((await settings.json<{ n: number | string }>()).map(({ n }) => Number(n))).toEqual([0]);
    expect(await (await given.service.query({ query: 'SELECT * FROM mine', format: 'JSONEachRow' })).json()).toEqual([]);
  });

  it('33 kills only the aborted statement', async () => {
    await using given = embedded();
    await using other = embedded();
    const controller = new AbortController();
    const aborted = failureOf(given.service.query({ query: 'SELECT count() FROM numbers(3000000000)', abort_signal: controller.signal }));
    const twin = other.service.query({ query: 'SELECT count() AS n FROM numbers(300000000)', format: 'JSONEachRow' });
    setTimeout(() => controller.abort(), 20);
    expect(isAborted(await aborted)).toBe(true);
    expect((await (await twin).json<{ n: number | string }>()).map(({ n }) => Number(n))).toEqual([300_000_000]);
  });

  it('33 is closed after its work: a drain waits for statements that end in time and terminates the others', async () => {
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
    await answers(next.service);
  });

  it('33 closes a busy connection without a crash, and the process exits', () => {
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

  it('33 refuses a second data folder and a worker thread, and says what to do', async () => {
    await using given = embedded();
    await answers(given.service);
    const dataPath = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-data-'));
    const second = await new ClickHouseConnectionFactory().create(loadClickHouseConfig({ dataPath }, {})).catch((error: unknown) => error);
    expect(second).toBeInstanceOf(UnsupportedByBackendError);
    const script = `
      import { parentPort } from 'node:worker_threads';
      import { ClickHouseConnectionFactory, loadClickHouseConfig } from ${runtime};
      await new ClickHouseConnectionFactory().create(loadClickHouseConfig({}, {})).catch(({ code, message }) => parentPort.postMessage({ code, message }));
    `;
    const told = await new Promise((resolve, reject) =>
      new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`))
        .once('message', resolve)
        .once('error', reject)
        .once('exit', reject),
    );
    expect(told).toMatchObject({
      code: 'UNSUPPORTED_BY_BACKEND',
      message: expect.stringMatching(/worker thread.*CLICKHOUSE_URL/) as unknown,
    });
    await answers(given.service);
  });

  it('33 refuses statements after it was closed', async () => {
    const { manager, service } = embedded();
    await answers(service);
    await manager.close();
    expect(await failureOf(service.query(selectOne))).toBeInstanceOf(ManagerClosedError);
  });
});

/** A query whose rows arrive one by one. */
const rows = (last: string) => `SELECT 'of another statement' AS secret, sleepEachRow(0.02) AS s, ${last} FROM numbers(100)`;
/** The block size is set in the SQL: settings of the statement would be reset, and the rows with them. */
const rowsOf = (last: string) => `${rows(last)} SETTINGS max_block_size = 1`;

interface Ask {
  readonly query: string;
  readonly query_params?: Record<string, unknown>;
  readonly clickhouse_settings?: ClickHouseSettings;
  readonly abort_signal?: AbortSignal;
}

/** All ways to read rows, in three formats. */
const ways: Readonly<Record<string, (service: ClickHouseService, ask: Ask) => Promise<unknown>>> = {
  JSONEachRow: async (service, ask) => (await service.query({ ...ask, format: 'JSONEachRow' })).json(),
  JSON: async (service, ask) => (await service.query({ ...ask, format: 'JSON' })).json().then(({ data }) => data),
  CSV: async (service, ask) => (await service.query({ ...ask, format: 'CSV' })).text(),
  stream: async (service, ask) => {
    const batches = await (await service.query({ ...ask, format: 'JSONEachRow' })).stream().toArray();
    return batches.flat().map((row: { json(): unknown }) => row.json());
  },
  exec: async (service, ask) => {
    const { stream } = await service.exec({ ...ask, query: `${ask.query} FORMAT CSV` });
    return Buffer.concat(await stream.toArray()).toString();
  },
};

type Way = (ask: Ask) => Promise<unknown>;

const abortedAfter = async (ms: number, ask: (abort_signal: AbortSignal) => Promise<unknown>) => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  await ask(controller.signal).finally(() => clearTimeout(timer));
};

/** Ways in which a statement fails after it may have produced rows. */
const failures: Readonly<Record<string, (way: Way, manager: ClickHouseConnectionManager, name: string) => Promise<unknown>>> = {
  'was aborted before its first row': (way) =>
    abortedAfter(50, (abort_signal) => way({ query: 'SELECT sum(number) FROM system.numbers', abort_signal })),
  'was aborted between rows': (way) => abortedAfter(150, (abort_signal) => way({ query: rowsOf('1'), abort_signal })),
  'has parameters and was aborted between rows': (way) =>
    abortedAfter(150, (abort_signal) => way({ query: rowsOf('{p: UInt8}'), query_params: { p: 1 }, abort_signal })),
  'passed its deadline': (_, manager, name) => {
    const withDeadline = manager.serviceWith({ deadlineMs: 150 });
    return ways[name]?.(withDeadline, { query: rowsOf('1') }) ?? Promise.resolve();
  },
  'exceeded max_execution_time': (way) => way({ query: `${rowsOf('1')}, max_execution_time = 0.2` }),
  'failed after its first rows': (way) => way({ query: rowsOf('throwIf(number = 5)') }),
  'failed after its first rows in a read-only statement': (way) =>
    way({ query: rows('throwIf(number = 5)'), clickhouse_settings: { readonly: '1', max_block_size: '1' } }),
  'follows another statement in one text and names no table': (way) =>
    way({ query: "SELECT 'of another statement'; SELECT * FROM nowhere" }),
  'is invalid SQL': (way) => way({ query: 'SELEC 1' }),
  'is an insert that was killed': async (_, { service }) => {
    await service.command({
      query: 'CREATE TABLE IF NOT EXISTS slow (id UInt32, s UInt8 MATERIALIZED sleepEachRow(0.02)) ENGINE = Memory',
    });
    await abortedAfter(100, (abort_signal) =>
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
    it.each(Object.keys(ways))('33 are in no later response, read by %s', async (name) => {
      await using given = embedded();
      const [fail, way] = [failures[failure], ways[name]];
      if (!fail || !way) throw new Error('There is no such thing.');
      const usual = await way(given.service, { query: 'SELECT 2 AS a' });
      await failureOf(fail((ask) => way(given.service, ask), given.manager, name));
      expect(await way(given.service, { query: 'SELECT 2 AS a' })).toEqual(usual);
    });
  });

  it('33 are in no later response where many statements failed and many wait', async () => {
    await using given = embedded();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, async (_, n) =>
        n % 3 === 0
          ? (await given.service.query({ query: `SELECT ${n} AS n`, format: 'JSONEachRow' })).json()
          : ways['JSONEachRow']?.(given.service, { query: n % 3 === 1 ? rowsOf('throwIf(number = 2)') : 'SELEC' }),
      ),
    );
    expect(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))).toEqual(
      Array.from({ length: 10 }, (_, n) => [{ n: 3 * n }]),
    );
  });

  it('33 do not exist where the statement was aborted after its response', async () => {
    await using given = embedded();
    const controller = new AbortController();
    const result = await given.service.query({ query: rowsOf('1').replace('100', '3'), abort_signal: controller.signal });
    controller.abort();
    expect(isAborted(await failureOf(result.json()))).toBe(true);
    await answers(given.service);
  });

  it('33 delay no other statement: a statement with parameters is killed as well', async () => {
    await using given = embedded();
    await answers(given.service);
    const since = performance.now();
    await failureOf(
      abortedAfter(50, (abort_signal) =>
        given.service.query({
          query: 'SELECT sleepEachRow(0.1), {p: UInt8} FROM numbers(50) SETTINGS max_block_size = 1',
          query_params: { p: 1 },
          abort_signal,
        }),
      ),
    );
    await answers(given.service);
    expect(performance.now() - since).toBeLessThan(2_500);
  });
});
