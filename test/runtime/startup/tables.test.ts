import { afterAll, beforeAll, expect, it } from 'vitest';
import { clickHouse, closeClickHouse, validateDependencies } from '../../../runtime/src/index.js';

const clickhouse = clickHouse({ env: {} });

beforeAll(async () => {
  await clickhouse.command({ query: 'CREATE DATABASE other' });
  await clickhouse.command({ query: 'CREATE TABLE other.visits (id UInt32, at DateTime) ENGINE = MergeTree ORDER BY id' });
});
afterAll(() => closeClickHouse());

it('a table of another database is found by its whole name only', async () => {
  const { checks } = await validateDependencies(clickhouse, { tables: { 'other.visits': {}, visits: {} } });
  expect(checks.slice(-2)).toMatchObject([
    { check: 'table other.visits', status: 'ok' },
    { check: 'table visits', status: 'failed' },
  ]);
});

it('a table may have further columns, and any engine if none is expected', async () => {
  expect(await validateDependencies(clickhouse, { tables: { 'other.visits': { columns: { id: 'UInt32' } } } })).toMatchObject({ ok: true });
});
