import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { clickHouse, closeClickHouse } from '../../../runtime/src/index.js';
import { migrate, type MigrateOptions, MigrationError } from '../../../runtime/src/migrations.js';

let databases = 0;
let clickhouse = clickHouse();
afterAll(() => closeClickHouse());
beforeEach(() => {
  clickhouse = clickHouse({ database: `failed_statements_${++databases}`, env: false });
});

/** Runs one statement as a migration. Resolves with the reason why it stopped, or with `applied`. */
async function outcomeOf(sql: string, { settings }: Pick<MigrateOptions, 'settings'> = {}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  writeFileSync(join(folder, '1_statement.sql'), sql);
  try {
    await migrate(clickhouse, { folder, settings });
    return 'applied';
  } catch (error) {
    if (error instanceof MigrationError) return error.reason;
    throw error;
  }
}

async function setUp(...statements: readonly string[]): Promise<void> {
  for (const query of statements) await clickhouse.command({ query });
}

async function count(table: string): Promise<number> {
  const result = await clickhouse.query({ query: `SELECT count() AS n FROM ${table}`, format: 'JSONEachRow' });
  const [row] = await result.json<{ n: string | number }>();
  return Number(row?.n);
}

const events = 'CREATE TABLE events (id UInt64) ENGINE = MergeTree ORDER BY id';
/** Each row is a block of its own, which is written before the next row is read. */
const singleRows = { max_block_size: '1', max_threads: 1, max_insert_threads: '1', min_insert_block_size_rows: '1' } as const;

describe('an INSERT that failed while it ran may have left rows, so it is not sent again', () => {
  it('if a materialized view needs a dictionary whose table is gone', async () => {
    await setUp(
      events,
      "CREATE DICTIONARY names (id UInt64, name String) PRIMARY KEY id SOURCE(CLICKHOUSE(TABLE 'gone')) LAYOUT(FLAT()) LIFETIME(0)",
      "CREATE MATERIALIZED VIEW named ENGINE = Memory AS SELECT dictGetString('names', 'name', id) AS name FROM events",
    );
    expect(await outcomeOf('INSERT INTO events VALUES (1), (2), (3)')).toBe('outcome-unknown');
    expect(await outcomeOf('INSERT INTO events VALUES (1), (2), (3)')).toBe('outcome-unknown');
    expect(await count('events')).toBe(3);
  });

  it('if a table that a materialized view joins is gone', async () => {
    await setUp(
      events,
      'CREATE TABLE users (id UInt64) ENGINE = Memory',
      'CREATE MATERIALIZED VIEW joined ENGINE = Memory AS SELECT events.id FROM events JOIN users USING (id)',
      'DROP TABLE users',
    );
    expect(await outcomeOf('INSERT INTO events VALUES (1)')).toBe('outcome-unknown');
  });

  it('if its SELECT fails at a later row, with the code of an unknown table', async () => {
    await setUp(
      events,
      "CREATE DICTIONARY names (id UInt64, name String) PRIMARY KEY id SOURCE(CLICKHOUSE(TABLE 'gone')) LAYOUT(FLAT()) LIFETIME(0)",
    );
    const late = "INSERT INTO events SELECT length(if(number < 3, 'a', dictGetString('names', 'name', number))) FROM numbers(5)";
    const settings = { ...singleRows, short_circuit_function_evaluation: 'force_enable' } as const;
    expect(await outcomeOf(late, { settings })).toBe('outcome-unknown');
    expect(await count('events')).toBeGreaterThan(0);
  });

  it('if one of its VALUES has an unknown name', async () => {
    await setUp(events);
    const settings = { max_insert_block_size: '2', min_insert_block_size_rows: '1', min_insert_block_size_bytes: '1' };
    expect(await outcomeOf('INSERT INTO events VALUES (1), (2), (3), (4), (5), (foo)', { settings })).toBe('outcome-unknown');
    expect(await count('events')).toBeGreaterThan(0);
  });

  it('if it runs in parallel with a statement that was rejected', async () => {
    await setUp(events);
    expect(await outcomeOf('INSERT INTO events SELECT 1 PARALLEL WITH INSERT INTO missing SELECT 2')).toBe('outcome-unknown');
  });
});

describe('an INSERT that was rejected before it ran changed nothing', () => {
  beforeEach(() => setUp(events));

  it.each([
    'INSERT INTO missing VALUES (1)',
    'INSERT INTO no_database.events VALUES (1)',
    'INSERT INTO events (other) VALUES (1)',
    'INSERT INTO events (id, id) VALUES (1, 1)',
    'INSERT INTO events SELEC 1',
    'INSERT INTO events SELECT other FROM events',
    'INSERT INTO events SELECT * FROM missing',
    'INSERT INTO events SELECT missing(1)',
    'INSERT INTO events SELECT 1 SETTINGS missing = 1',
  ])('%s', async (sql) => {
    expect(await outcomeOf(sql)).toBe('statement-failed');
    expect(await count('events')).toBe(0);
  });
});
