import { describe, expect, it } from 'vitest';
import { UnsupportedByBackendError } from '../../../runtime/src/index.js';
import { createTestService } from '../../../runtime/src/testing.js';

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

  it('takes no values that the client could not write, and does not count them as a statement', async () => {
    const clickhouse = createTestService();
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    const unwritable: readonly unknown[][] = [[{ id: 1n }], [{ id: 1 }, { id: cyclic }]];
    for (const values of unwritable)
      await expect(clickhouse.insert({ table: 'events', values, format: 'JSONEachRow' })).rejects.toMatchObject({
        cause: expect.any(TypeError) as unknown,
      });
    expect(await clickhouse.insert({ table: 'events', values: [], format: 'JSONEachRow' })).toMatchObject({ executed: false });
    expect(clickhouse.statements).toEqual([]);
  });

  it('remembers what it was asked', async () => {
    const clickhouse = createTestService();
    await clickhouse.insert({ table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' });
    await clickhouse.query({ query: 'SELECT {id: UInt32}', query_params: { id: 1 } });
    await clickhouse.command({ query: 'SYSTEM FLUSH LOGS' });
    expect(clickhouse.statements).toEqual([
      { operation: 'insert', text: 'INSERT INTO events', values: [{ id: 1 }] },
      { operation: 'query', text: 'SELECT {id: UInt32}', queryParams: { id: 1 } },
      { operation: 'command', text: 'SYSTEM FLUSH LOGS' },
    ]);
  });

  it('answers exec() with the rows as a stream', async () => {
    const clickhouse = createTestService([{ when: 'SELECT', rows: [{ id: 1 }] }]);
    const { stream } = await clickhouse.exec({ query: 'SELECT id FROM events FORMAT JSONEachRow' });
    expect(Buffer.concat(await stream.toArray()).toString()).toBe('{"id":1}\n');
  });

  it('says so where it cannot answer as ClickHouse would', async () => {
    await expect(createTestService().query({ query: 'SELECT 1', format: 'CSV' })).rejects.toThrow(UnsupportedByBackendError);
  });
});
