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

/** It would go on for ever. */
const endless = { query: 'SELECT count() FROM system.numbers', format: 'JSONEachRow' } as const;
const runtime = JSON.stringify(pathToFileURL(join(repository, 'runtime/dist/index.js')).href);

function embedded(input: ClickHouseConfigInput = {}) {
  const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig(input, {}), factory: new ClickHouseConnectionFactory() });
  return { manager, service: manager.service, [Symbol.asyncDispose]: () => manager.close() };
}

async function answers(service: ClickHouseService): Promise<void> {
  expect(await (await service.query(selectOne)).json()).toEqual([{ n: 1 }]);
}

/** Another connection sees what the lane is busy with. */
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
  it('33 has done with an aborted statement at once, and runs the next one', async () => {
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

  it('33 is not kept busy by one that is aborted the moment it begins, nor by those that wait behind it', async () => {
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

  it('33 ends a statement at its deadline', async () => {
    await using given = embedded({ deadlineMs: 500 });
    expect(isTimeout(await failureOf(given.service.query(endless)))).toBe(true);
    await answers(given.service);
  });

  it('33 does not wait for the values of an insert that was aborted', async () => {
    await using given = embedded();
    await given.service.command({ query: 'CREATE TABLE aborted_insert (id UInt8) ENGINE = Memory' });
    // The official client tells of a broken stream of values by itself.
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

  it('33 keeps no setting of an aborted statement, and temporary tables of those before', async () => {
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

  it('33 kills nothing but what was aborted', async () => {
    await using given = embedded();
    await using other = embedded();
    const controller = new AbortController();
    const aborted = failureOf(given.service.query({ query: 'SELECT count() FROM numbers(3000000000)', abort_signal: controller.signal }));
    const twin = other.service.query({ query: 'SELECT count() AS n FROM numbers(300000000)', format: 'JSONEachRow' });
    setTimeout(() => controller.abort(), 20);
    expect(isAborted(await aborted)).toBe(true);
    expect((await (await twin).json<{ n: number | string }>()).map(({ n }) => Number(n))).toEqual([300_000_000]);
  });

  it('33 is closed after its work: a drain waits for what ends in time, and ends the rest', async () => {
    const patient = embedded();
    const short = patient.service.query({ query: 'SELECT sleep(0.3) AS n', format: 'JSONEachRow' }).then((result) => result.json());
    await patient.manager.drain({ timeoutMs: 20_000 });
    expect(await short).toEqual([{ n: 0 }]);

    const hasty = embedded();
    const cut = [failureOf(hasty.service.query(endless)), failureOf(hasty.service.query(endless))];
    await untilRunning();
    await hasty.manager.drain({ timeoutMs: 0 });
    for (const failure of await Promise.all(cut)) expect(['STATEMENT_TERMINATED', 'MANAGER_CLOSED']).toContain(failure.code);
    await using next = embedded();
    await answers(next.service);
  });

  it('33 closes a connection in the midst of its work without a crash, and lets the process end', () => {
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

  it('33 refuses a second data folder and a worker thread, each with a way out', async () => {
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

  it('33 takes nothing after it was closed', async () => {
    const { manager, service } = embedded();
    await answers(service);
    await manager.close();
    expect(await failureOf(service.query(selectOne))).toBeInstanceOf(ManagerClosedError);
  });
});

/** Rows that come one by one. */
const rows = (last: string) => `SELECT 'of somebody else' AS secret, sleepEachRow(0.02) AS s, ${last} FROM numbers(100)`;
/** Not among the settings of the statement: taking those back would take the rows away as well. */
const rowsOf = (last: string) => `${rows(last)} SETTINGS max_block_size = 1`;

interface Ask {
  readonly query: string;
  readonly query_params?: Record<string, unknown>;
  readonly clickhouse_settings?: ClickHouseSettings;
  readonly abort_signal?: AbortSignal;
}

/** All ways to get rows, in three formats. */
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

/** Each fails in its own way, and has rows by then, or might have. */
const failures: Readonly<Record<string, (way: Way, manager: ClickHouseConnectionManager, name: string) => Promise<unknown>>> = {
  'was aborted before it had rows': (way) =>
    abortedAfter(50, (abort_signal) => way({ query: 'SELECT sum(number) FROM system.numbers', abort_signal })),
  'was aborted while rows came': (way) => abortedAfter(150, (abort_signal) => way({ query: rowsOf('1'), abort_signal })),
  'was aborted while rows came, and has parameters': (way) =>
    abortedAfter(150, (abort_signal) => way({ query: rowsOf('{p: UInt8}'), query_params: { p: 1 }, abort_signal })),
  'was late': (_, manager, name) => {
    const hasty = manager.serviceWith({ deadlineMs: 150 });
    return ways[name]?.(hasty, { query: rowsOf('1') }) ?? Promise.resolve();
  },
  'took longer than the engine lets it': (way) => way({ query: `${rowsOf('1')}, max_execution_time = 0.2` }),
  'failed behind its first rows': (way) => way({ query: rowsOf('throwIf(number = 5)') }),
  'failed behind its first rows, and may change nothing': (way) =>
    way({ query: rows('throwIf(number = 5)'), clickhouse_settings: { readonly: '1', max_block_size: '1' } }),
  'has the wrong table behind rows of another': (way) => way({ query: "SELECT 'of somebody else'; SELECT * FROM nowhere" }),
  'is no SQL': (way) => way({ query: 'SELEC 1' }),
  'is an insert that was killed': async (_, { service }) => {
    await service.command({
      query: 'CREATE TABLE IF NOT EXISTS slow (id UInt32, s UInt8 MATERIALIZED sleepEachRow(0.02)) ENGINE = Memory',
    });
    await abortedAfter(100, (abort_signal) =>
      service.insert({ table: 'slow', values: Array.from({ length: 50 }, (_, id) => ({ id })), format: 'JSONEachRow', abort_signal }),
    );
  },
  'is an insert of rows that cannot be read': async (_, { service }) => {
    await service.command({
      query: 'CREATE TABLE IF NOT EXISTS slow (id UInt32, s UInt8 MATERIALIZED sleepEachRow(0.02)) ENGINE = Memory',
    });
    await service.insert({ table: 'slow', values: [{ id: 1 }, { id: 'no number' }], format: 'JSONEachRow' });
  },
};

describe('what is left of a statement that failed', () => {
  describe.each(Object.keys(failures))('because it %s', (failure) => {
    it.each(Object.keys(ways))('33 is in no answer that comes after it, by %s', async (name) => {
      await using given = embedded();
      const [fail, way] = [failures[failure], ways[name]];
      if (!fail || !way) throw new Error('There is no such thing.');
      const usual = await way(given.service, { query: 'SELECT 2 AS a' });
      await failureOf(fail((ask) => way(given.service, ask), given.manager, name));
      expect(await way(given.service, { query: 'SELECT 2 AS a' })).toEqual(usual);
    });
  });

  it('33 is in no answer either where many failed, and many wait', async () => {
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

  it('33 is nothing where it was aborted when all was answered', async () => {
    await using given = embedded();
    const controller = new AbortController();
    const result = await given.service.query({ query: rowsOf('1').replace('100', '3'), abort_signal: controller.signal });
    controller.abort();
    expect(isAborted(await failureOf(result.json()))).toBe(true);
    await answers(given.service);
  });

  it('33 keeps nobody waiting: one with parameters is killed as well', async () => {
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
