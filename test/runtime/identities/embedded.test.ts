import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clickHouse, closeClickHouse, PermissionError } from '../../../runtime/src/index.js';
import { splitStatements } from '../../../runtime/src/migrations/split-statements.js';
import { blocksOf } from '../../docs/page-blocks.js';

const clickhouse = clickHouse({ env: false });
const reader = clickHouse({ env: false, settings: { readonly: '2' } });
const asRow = { table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' } as const;

beforeAll(() => clickhouse.command({ query: 'CREATE TABLE events (id UInt32) ENGINE = MergeTree ORDER BY id' }));
afterAll(() => closeClickHouse());

describe('a connection with readonly: 2 on the embedded engine', () => {
  it('reads, also with settings of a statement', async () => {
    const result = await reader.query({
      query: 'SELECT count() AS n FROM events',
      format: 'JSONEachRow',
      clickhouse_settings: { max_threads: 1 },
    });
    expect(await result.json()).toEqual([{ n: 0 }]);
  });

  it.each([
    ['an insert', () => reader.insert(asRow)],
    ['a command', () => reader.command({ query: 'CREATE TABLE other (id UInt32) ENGINE = Memory' })],
    ['a query that writes', () => reader.query({ query: 'DROP TABLE events', format: 'JSONEachRow' })],
    ['a statement that sets readonly itself', () => reader.command({ query: 'DROP TABLE events SETTINGS readonly = 0' })],
  ])('refuses %s with a PermissionError', async (_, write) => {
    await expect(write()).rejects.toThrow(PermissionError);
    await expect(write()).rejects.toMatchObject({ clickhouseCode: 164, retryable: false });
  });

  it.each([
    "INSERT INTO FUNCTION null('id UInt32') SELECT 1",
    'CREATE TEMPORARY TABLE scratch (id UInt32)',
    `SELECT 1 INTO OUTFILE '${join(mkdtempSync(join(tmpdir(), 'readonly-')), 'out.csv')}'`,
  ])('does not refuse a write to another place than a table, as the page says: %s', async (query) => {
    await reader.command({ query });
  });

  it('does not restrict the other connections of the process', async () => {
    await clickhouse.insert(asRow);
  });
});

describe('the SQL of the page', () => {
  const statements = blocksOf('docs/runtime/identities.md', 'sql').flatMap((block) => splitStatements(block));

  it.each(statements)('is understood by the engine: $sql', async ({ sql }) => {
    // The engine has no users, but it has their grammar.
    const result = await clickhouse.query({ query: `EXPLAIN AST ${sql}`, format: 'JSONEachRow' });
    expect(await result.json()).not.toEqual([]);
  });
});
