import { describe, expect, it } from 'vitest';
import { UnsupportedByBackendError } from '../../../runtime/src/index.js';
import { createTestService } from '../../../runtime/src/testing.js';

describe('the test double', () => {
  it('returns scripted rows in result sets of the official client', async () => {
    const clickhouse = createTestService([{ when: /FROM events/, rows: [{ id: 1 }] }]);
    expect(await (await clickhouse.query({ query: 'SELECT id FROM events', format: 'JSONEachRow' })).json()).toEqual([{ id: 1 }]);
    expect((await (await clickhouse.query({ query: 'SELECT id FROM events' })).json()).data).toEqual([{ id: 1 }]);
    expect(await (await clickhouse.query({ query: 'SELECT 1', format: 'JSONEachRow' })).json()).toEqual([]);
  });

  it('fails with a scripted error', async () => {
    const clickhouse = createTestService([{ when: 'DROP', error: new Error('no rights') }]);
    await expect(clickhouse.command({ query: 'DROP TABLE events' })).rejects.toThrow('no rights');
  });

  it('rejects values that the client cannot encode, and does not record them', async () => {
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

  it('records its statements', async () => {
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

  it('returns the rows of exec() as a stream', async () => {
    const clickhouse = createTestService([{ when: 'SELECT', rows: [{ id: 1 }] }]);
    const { stream } = await clickhouse.exec({ query: 'SELECT id FROM events FORMAT JSONEachRow' });
    expect(Buffer.concat(await stream.toArray()).toString()).toBe('{"id":1}\n');
  });

  it('rejects a format that it does not support', async () => {
    await expect(createTestService().query({ query: 'SELECT 1', format: 'CSV' })).rejects.toThrow(UnsupportedByBackendError);
  });
});
