import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { clickHouse, closeClickHouse } from '../../../runtime/src/index.js';
import { processEnvironment } from '../../../runtime/src/ingest/batch/environment.js';
import { openIngest } from '../../../runtime/src/ingest/create-ingest.js';
import type { Ingest } from '../../../runtime/src/ingest/ingest.js';

interface Row {
  readonly id: number;
}

const clickhouse = clickHouse({ env: false });
const closings: Ingest<Row>[] = [];

afterEach(async () => {
  for (const ingest of closings.splice(0)) await ingest.close({ timeoutMs: 0 }).catch(() => undefined);
});
afterAll(() => closeClickHouse());

async function run(...statements: readonly string[]): Promise<void> {
  for (const query of statements) await clickhouse.command({ query });
}

async function copiesIn(table: string): Promise<number> {
  const result = await clickhouse.query({ query: `SELECT toUInt32(count()) AS n FROM ${table}`, format: 'JSONEachRow' });
  const [row] = await result.json<{ n: number }>();
  return row?.n ?? 0;
}

function open(table: string): Ingest<Row> {
  // The pauses are short, and the lookups need no log.
  const after: typeof processEnvironment.after = (ms, action) => processEnvironment.after(Math.min(ms, 5), action);
  const ingest = openIngest<Row>({ table, service: clickhouse, onRejected: () => undefined }, { ...processEnvironment, after });
  closings.push(ingest);
  return ingest;
}

/** A table, and a view of it that fails for rows with an id above 100. */
async function createFailing(table: string, engine: string, code: number): Promise<void> {
  await run(
    `CREATE TABLE ${table} (id UInt64) ENGINE = MergeTree ORDER BY id ${engine}`,
    `CREATE MATERIALIZED VIEW ${table}_view ENGINE = MergeTree ORDER BY id AS
      SELECT id, throwIf(id > 100, 'too large', toInt16(${code})) AS failed FROM ${table} SETTINGS allow_custom_error_code_in_throwif = 1`,
  );
}

/** Waits until so many copies are in the table. */
async function untilCopies(table: string, count: number): Promise<void> {
  while ((await copiesIn(table)) < count) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a materialized view that fails after the table has the rows', () => {
  it.each([241, 159, 252, 60, 497, 36])('with code %d: each copy in a table that keeps copies is counted', async (code) => {
    const table = `view_${code}`;
    await createFailing(table, '', code);
    const ingest = open(table);
    await ingest.add([{ id: 101 }, { id: 102 }]);
    void ingest.flush().catch(() => undefined);
    await untilCopies(table, 6);
    await ingest.close({ timeoutMs: 0 }).catch(() => undefined);
    expect(ingest.stats.possiblyDuplicatedRows).toBeGreaterThanOrEqual((await copiesIn(table)) - 2);
    expect(ingest.stats.delivery).toBe('at-least-once');
  });

  it('with an exception of a library: each copy is counted', async () => {
    await run(
      'CREATE TABLE looked_up (id UInt64) ENGINE = MergeTree ORDER BY id',
      `CREATE DICTIONARY names (id UInt64, name String) PRIMARY KEY id
        SOURCE(HTTP(url 'http://127.0.0.1:1/names' format 'TabSeparated')) LAYOUT(DIRECT()) SETTINGS(http_max_tries = 1)`,
      `CREATE MATERIALIZED VIEW named ENGINE = MergeTree ORDER BY id AS SELECT id, dictGet('names', 'name', id) AS name FROM looked_up`,
    );
    const ingest = open('looked_up');
    await ingest.add({ id: 1 });
    void ingest.flush().catch(() => undefined);
    await untilCopies('looked_up', 2);
    const error: unknown = await ingest.close({ timeoutMs: 0 }).catch((reason: unknown) => reason);
    expect(ingest.stats.possiblyDuplicatedRows).toBeGreaterThanOrEqual((await copiesIn('looked_up')) - 1);
    expect(error).toMatchObject({ code: 'INGEST_UNDELIVERED', mayBePartial: true });
  });

  it('leaves one copy in a table that drops copies, and nothing is counted', async () => {
    await createFailing('once_only', 'SETTINGS non_replicated_deduplication_window = 1000', 36);
    const ingest = open('once_only');
    await ingest.add([{ id: 101 }, { id: 102 }]);
    void ingest.flush().catch(() => undefined);
    await untilCopies('once_only', 2);
    await run('DROP TABLE once_only_view');
    await ingest.flush();
    expect(await copiesIn('once_only')).toBe(2);
    expect(ingest.stats).toMatchObject({ delivery: 'exactly-once', deliveredRows: 2, possiblyDuplicatedRows: 0 });
  });

  it('with a code of refused rows: the parts are counted, whose halves are inserted again', async () => {
    await createFailing('refusing', '', 395);
    const ingest = open('refusing');
    await ingest.add([{ id: 1 }, { id: 2 }, { id: 3 }, { id: 101 }]);
    await ingest.flush();
    expect(ingest.stats).toMatchObject({ deliveredRows: 3, rejectedRows: 1, possiblyDuplicatedRows: 6 });
    expect(await copiesIn('refusing')).toBe(10);
  });
});

it('an insert that is refused before its start is not counted', async () => {
  const ingest = open('created_later');
  await ingest.add([{ id: 1 }, { id: 2 }]);
  const flushed = ingest.flush();
  while (ingest.stats.state !== 'stalled') await new Promise((resolve) => setImmediate(resolve));
  await run('CREATE TABLE created_later (id UInt64) ENGINE = MergeTree ORDER BY id');
  await flushed;
  expect(ingest.stats).toMatchObject({ deliveredRows: 2, possiblyDuplicatedRows: 0 });
});
