import { describe, expect, it } from 'vitest';
import { createTestService } from '../../runtime/src/testing.js';

describe('the test double', () => {
  it('answers from its script, through real result sets', async () => {
    const clickhouse = createTestService([{ when: /FROM events/, rows: [{ id: 1 }] }]);
    expect(await (await clickhouse.query({ query: 'SELECT id FROM events', format: 'JSONEachRow' })).json()).toEqual([{ id: 1 }]);
    expect((await (await clickhouse.query({ query: 'SELECT id FROM events' })).json()).data).toEqual([{ id: 1 }]);
    expect(await (await clickhouse.query({ query: 'SELECT 1', format: 'JSONEachRow' })).json()).toEqual([]);
  });

  it('fails where the script says so', async () => {
    const clickhouse = createTestService([{ when: 'DROP', error: new Error('no rights') }]);
    await expect(clickhouse.command({ query: 'DROP TABLE events' })).rejects.toThrow('no rights');
  });

  it('remembers what it was asked', async () => {
    const clickhouse = createTestService();
    await clickhouse.insert({ table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' });
    expect(clickhouse.statements).toEqual([{ operation: 'insert', text: 'INSERT INTO events', values: [{ id: 1 }] }]);
  });
});
