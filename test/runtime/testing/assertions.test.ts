import { AssertionError } from 'node:assert';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { assertInserted, assertNotRan, assertRan, createTestService, insertedRows } from '../../../runtime/src/testing.js';

async function journal() {
  const clickhouse = createTestService();
  await clickhouse.insert({ table: 'events', values: [{ id: 1 }, { id: 2 }], format: 'JSONEachRow' });
  await clickhouse.query({ query: 'SELECT id\n  FROM events' });
  await clickhouse.insert({ table: 'events', values: [{ id: 3 }], format: 'JSONEachRow' });
  await clickhouse.insert({ table: 'orders', values: [{ id: 4 }], format: 'JSONEachRow' });
  return clickhouse;
}

/** Returns the error of an assertion. */
function errorOf(assert: () => void): AssertionError {
  try {
    assert();
  } catch (error) {
    if (error instanceof AssertionError) return error;
  }
  throw new Error('The assertion did not fail.');
}

describe('the rows that code inserted', () => {
  it('are those of all inserts into the table, in order', async () => {
    expect(insertedRows(await journal(), 'events')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    expect(insertedRows(await journal(), 'event')).toEqual([]);
  });

  it('pass an assertion if they are equal', async () => {
    assertInserted(await journal(), 'orders', [{ id: 4 }]);
    assertInserted(await journal(), 'missing', []);
  });

  it('fail an assertion with the first difference, both values for the diff of a runner, and the statements', async () => {
    const clickhouse = await journal();
    const error = errorOf(() => assertInserted(clickhouse, 'events', [{ id: 1 }, { id: 7 }, { id: 3 }]));
    expect(error.message).toBe(
      [
        'Expected other rows in events: row 2 is { id: 2 }, expected { id: 7 }.',
        'The statements that ran:',
        '  insert: INSERT INTO events',
        '  query: SELECT id FROM events',
        '  insert: INSERT INTO events',
        '  insert: INSERT INTO orders',
      ].join('\n'),
    );
    expect(error).toMatchObject({ actual: [{ id: 1 }, { id: 2 }, { id: 3 }], expected: [{ id: 1 }, { id: 7 }, { id: 3 }] });
    // The first frame is the test's own.
    expect(error.stack?.match(/^\s+at .*$/m)?.[0]).toContain('assertions.test.ts');
  });

  it('fail an assertion with their number if it differs', async () => {
    const clickhouse = await journal();
    expect(() => assertInserted(clickhouse, 'orders', [])).toThrow('Expected other rows in orders: found 1 row, expected 0.');
  });

  it('are not those of an insert that failed, and the assertion names the failure', async () => {
    const clickhouse = createTestService([
      { when: 'INSERT INTO events', error: new Error('Code: 60. DB::Exception: Table shop.events does not exist') },
    ]);
    await clickhouse.insert({ table: 'events', values: Readable.from([{ id: 1 }]), format: 'JSONEachRow' }).catch(() => undefined);
    await clickhouse.insert({ table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' }).catch(() => undefined);
    expect(insertedRows(clickhouse, 'events')).toEqual([]);
    assertInserted(clickhouse, 'events', []);
    expect(errorOf(() => assertInserted(clickhouse, 'events', [{ id: 1 }])).message).toBe(
      [
        'Expected other rows in events: found 0 rows, expected 1. The rows of 2 failed inserts do not count.',
        'The statements that ran:',
        '  insert: INSERT INTO events (failed with ServerError)',
        '  insert: INSERT INTO events (failed with ServerError)',
      ].join('\n'),
    );
    assertRan(clickhouse, 'INSERT INTO events', 2);
  });

  it('are those at the time of the insert, if the code changes its values afterwards', async () => {
    const clickhouse = createTestService();
    const batch: { id: number; at?: Date; tags?: string[] }[] = [];
    for (const id of [1, 2]) {
      batch.push({ id, at: new Date(id), tags: ['a'] });
      await clickhouse.insert({ table: 'events', values: batch, format: 'JSONEachRow' });
      batch[0]?.tags?.push('b');
      batch[0]?.at?.setTime(7);
      batch.length = 0;
    }
    assertInserted(clickhouse, 'events', [
      { id: 1, at: new Date(1), tags: ['a'] },
      { id: 2, at: new Date(2), tags: ['a'] },
    ]);
  });

  it('cannot be asserted on if they are a stream, which the double does not read', async () => {
    const clickhouse = createTestService();
    await clickhouse.insert({ table: 'events', values: Readable.from([{ id: 1 }]), format: 'JSONEachRow' });
    expect(() => assertInserted(clickhouse, 'events', [{ id: 1 }])).toThrow('a stream, which the test double does not read');
  });
});

describe('the statements that ran', () => {
  it('pass an assertion by a part of their text or by a pattern', async () => {
    const clickhouse = await journal();
    assertRan(clickhouse, 'FROM events');
    assertRan(clickhouse, /^INSERT INTO/g, 3);
    assertNotRan(clickhouse, 'DROP');
  });

  it('fail an assertion with their number and their texts', async () => {
    const clickhouse = await journal();
    expect(errorOf(() => assertRan(clickhouse, 'FROM orders')).message).toContain(
      'Expected a statement matching "FROM orders", and 0 ran.\nThe statements',
    );
    expect(errorOf(() => assertRan(clickhouse, /INSERT/, 1)).message).toContain('Expected 1 statement matching /INSERT/, and 3 ran.');
    expect(errorOf(() => assertNotRan(clickhouse, 'INSERT')).message).toContain('Expected no statement matching "INSERT", and 3 ran.');
    expect(errorOf(() => assertRan(createTestService(), 'SELECT')).message).toContain('No statement ran.');
  });

  it('are listed up to 20', async () => {
    const clickhouse = createTestService();
    for (let count = 0; count < 25; count++) await clickhouse.command({ query: `DROP TABLE t${count}` });
    const { message } = errorOf(() => assertRan(clickhouse, 'SELECT'));
    expect(message.split('\n')).toHaveLength(1 + 1 + 20 + 1);
    expect(message).toContain('and 5 more');
  });
});
