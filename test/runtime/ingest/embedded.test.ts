import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clickHouse, closeClickHouse } from '../../../runtime/src/index.js';
import { createIngest } from '../../../runtime/src/ingest/create-ingest.js';
import type { RejectedBatch } from '../../../runtime/src/ingest/options.js';
import type { ClickHouseService } from '../../../runtime/src/statement/service.js';

const clickhouse = clickHouse({ env: false });

async function read(query: string): Promise<readonly unknown[]> {
  const result = await clickhouse.query({ query, format: 'JSONEachRow' });
  return result.json();
}

async function create(name: string, definition: string): Promise<void> {
  await clickhouse.command({ query: `CREATE TABLE ${name} ${definition}` });
}

/** The service, with inserts whose answer is lost: the first ones run, and then fail as with a connection that broke. */
function losing(answers: number): ClickHouseService {
  let left = answers;
  return {
    ...clickhouse,
    query: clickhouse.query.bind(clickhouse),
    command: clickhouse.command.bind(clickhouse),
    [Symbol.asyncDispose]: () => clickhouse.close(),
    insert: async (params) => {
      const result = await clickhouse.insert(params);
      if (left-- > 0) throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
      return result;
    },
  };
}

const deduplicated = 'ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 1000';

describe('an ingest on the engine of today', () => {
  beforeAll(async () => {
    await create('copies', '(id UInt64, name String) ENGINE = MergeTree ORDER BY id');
    await create('once', `(id UInt64, day UInt8) ${deduplicated.replace('ORDER', 'PARTITION BY day ORDER')}`);
    await create(
      'checked',
      `(id UInt8, kind Enum('a', 'b'), at DateTime, n Nullable(Int8), CONSTRAINT small CHECK id < 200) ${deduplicated}`,
    );
  });

  afterAll(() => closeClickHouse());

  it('inserts a batch of 100,000 rows as one block', async () => {
    await create('blocks', '(id UInt64, text String) ENGINE = MergeTree ORDER BY id');
    const ingest = createIngest({ table: 'blocks', service: clickhouse, maxBatchRows: 1_000_000, maxBatchBytes: 64 * 1024 ** 2 });
    await ingest.add(Array.from({ length: 100_000 }, (_, id) => ({ id, text: 'x'.repeat(150) })));
    await ingest.close();
    expect(await read(`SELECT toUInt32(count()) AS blocks FROM system.parts WHERE table = 'blocks'`)).toEqual([{ blocks: 1 }]);
  });

  it('knows whether a table drops copies', async () => {
    for (const [table, delivery] of [
      ['copies', 'at-least-once'],
      ['once', 'exactly-once'],
      ['default.once', 'exactly-once'],
      ['`once`', 'exactly-once'],
    ] as const) {
      const ingest = createIngest({ table, service: clickhouse });
      await ingest.add({ id: 1 });
      await ingest.flush();
      expect([table, ingest.stats.delivery]).toEqual([table, delivery]);
      await ingest.close();
    }
    await clickhouse.command({ query: 'TRUNCATE TABLE once' });
    await clickhouse.command({ query: 'TRUNCATE TABLE copies' });
  });

  it('inserts a batch once whose answer was lost three times, also over several partitions', async () => {
    const ingest = createIngest({ table: 'once', service: losing(3) });
    await ingest.add([1, 2, 3, 4].map((id) => ({ id, day: id % 3 })));
    await ingest.flush();
    expect(await read('SELECT id FROM once ORDER BY id')).toEqual([1, 2, 3, 4].map((id) => ({ id })));
    expect(ingest.stats).toMatchObject({ deliveredRows: 4, possiblyDuplicatedRows: 0 });
    await ingest.close();
  });

  it('inserts equal batches as often as they were added, also where the engine would compare their content', async () => {
    for (const table of ['once', 'copies']) {
      await clickhouse.command({ query: `TRUNCATE TABLE ${table}` });
      const ingest = createIngest({ table, service: clickhouse });
      for (let batch = 0; batch < 3; batch++) {
        await ingest.add({ id: 7 });
        await ingest.flush();
      }
      await ingest.close();
      expect([table, await read(`SELECT toUInt32(count()) AS n FROM ${table}`)]).toEqual([table, [{ n: 3 }]]);
    }
  });

  it('counts the rows of a lost answer where the table keeps copies and the engine has no log', async () => {
    await clickhouse.command({ query: 'TRUNCATE TABLE copies' });
    const ingest = createIngest({ table: 'copies', service: losing(1) });
    await ingest.add([{ id: 1 }, { id: 2 }]);
    await ingest.flush();
    expect(await read('SELECT toUInt32(count()) AS n FROM copies')).toEqual([{ n: 4 }]);
    expect(ingest.stats).toMatchObject({ delivery: 'at-least-once', deliveredRows: 2, possiblyDuplicatedRows: 2 });
    await ingest.close();
  });

  it('sets each row aside that the engine refuses, and inserts all others', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ingest-embedded-'));
    const rejected: RejectedBatch[] = [];
    const ingest = createIngest({ table: 'checked', service: clickhouse, directory, onRejected: (batch) => rejected.push(batch) });
    const good = { id: 1, kind: 'a', at: '2026-01-01 00:00:00', n: 1 };
    const bad = [{ id: 'one' }, { kind: 'c' }, { at: 'yesterday' }, { n: 'x' }, { id: 250 }, { id: [1] }].map((part) => ({
      ...good,
      ...part,
    }));
    await ingest.add(bad.flatMap((row, index) => [{ ...good, id: 100 + index }, row]));
    await ingest.flush();
    expect(await read('SELECT id FROM checked ORDER BY id')).toEqual(bad.map((_, index) => ({ id: 100 + index })));
    expect(rejected.map((batch) => batch.rows)).toEqual(bad.map((row) => [row]));
    await ingest.close();
  });

  it('stalls while the table is missing, and delivers once it exists', async () => {
    const ingest = createIngest({ table: 'later', service: clickhouse });
    await ingest.add({ id: 1 });
    const flushed = ingest.flush();
    while (ingest.stats.state !== 'stalled') await new Promise((resolve) => setImmediate(resolve));
    expect(ingest.stats.lastError).toMatchObject({ clickhouseCode: 60 });
    await create('later', `(id UInt64) ${deduplicated}`);
    await flushed;
    expect(await read('SELECT id FROM later')).toEqual([{ id: 1 }]);
    await ingest.close();
  });

  it('stalls while a field has no column, and delivers all rows once it has one', async () => {
    await create('fields', '(id UInt64) ENGINE = MergeTree ORDER BY id');
    const ingest = createIngest({ table: 'fields', service: clickhouse, settings: { input_format_skip_unknown_fields: 0 } });
    await ingest.add(Array.from({ length: 50 }, (_, id) => ({ id, plan: 'free' })));
    const flushed = ingest.flush();
    while (ingest.stats.state !== 'stalled') await new Promise((resolve) => setImmediate(resolve));
    expect(ingest.stats).toMatchObject({ rejectedRows: 0, lastError: { clickhouseCode: 117 } });
    await clickhouse.command({ query: 'ALTER TABLE fields ADD COLUMN plan String' });
    await flushed;
    expect(await read("SELECT toUInt32(count()) AS n, toUInt32(uniq(id)) AS ids FROM fields WHERE plan = 'free'")).toEqual([
      { n: 50, ids: 50 },
    ]);
    await ingest.close();
  });

  it('uses the connection of the process', async () => {
    await create('shared', '(id UInt64) ENGINE = MergeTree ORDER BY id');
    const ingest = createIngest({ table: 'shared' });
    await ingest.add({ id: 1 });
    await ingest.close();
    expect(await read('SELECT id FROM shared')).toEqual([{ id: 1 }]);
  });
});
