import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { createTestService } from '../../../runtime/src/testing.js';

const rowsOf = async (double: ReturnType<typeof createTestService>, query: string): Promise<unknown> =>
  (await double.query({ query, format: 'JSONEachRow' })).json();

it('the last matching answer wins, and a statement without one succeeds without rows', async () => {
  const double = createTestService([
    { when: 'FROM events', rows: [{ id: 1 }] },
    { when: /FROM events WHERE/, rows: [{ id: 2 }] },
    { when: 'FROM users' },
  ]);
  const queries = ['SELECT id FROM events', 'SELECT id FROM events WHERE id = 2', 'SELECT id FROM users', 'SELECT id FROM others'];
  expect(await Promise.all(queries.map((query) => rowsOf(double, query)))).toEqual([[{ id: 1 }], [{ id: 2 }], [], []]);
});

it('the double records failed statements and no pings', async () => {
  const double = createTestService([{ when: 'DROP', error: new Error('Code: 60. DB::Exception: no table') }]);
  await double.ping();
  await double.ping({ select: true });
  await expect(double.command({ query: 'DROP TABLE events' })).rejects.toMatchObject({ kind: 'ServerError', clickhouseCode: 60 });
  expect(double.statements).toMatchObject([{ operation: 'command', text: 'DROP TABLE events', error: { clickhouseCode: 60 } }]);
});

it('the double records no call that is rejected before anything is sent', async () => {
  const double = createTestService();
  await double.insert({ table: 'events', values: [{ id: 1n }], format: 'JSONEachRow' }).catch(() => undefined);
  await double.query({ query: 'SELECT {p: String}', query_params: { p: () => 1 } }).catch(() => undefined);
  await double.query({ query: 'SELECT 1', abort_signal: AbortSignal.abort() }).catch(() => undefined);
  expect(double.statements).toEqual([]);
});

it('the double records the properties of each statement, and reads no stream', async () => {
  const double = createTestService();
  const settings = { max_threads: 1 };
  await double.query({ query: 'SELECT {id: UInt32}', query_params: { id: 1 }, clickhouse_settings: settings });
  await double.insert({ table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' });
  const body = Readable.from(['1\n']);
  await double.exec({ query: 'INSERT INTO events FORMAT CSV', values: body });
  expect(double.statements).toEqual([
    { operation: 'query', text: 'SELECT {id: UInt32}', queryParams: { id: 1 }, settings },
    { operation: 'insert', text: 'INSERT INTO events', values: [{ id: 1 }], format: 'JSONEachRow' },
    { operation: 'exec', text: 'INSERT INTO events FORMAT CSV', values: body },
  ]);
  expect(body.readableDidRead).toBe(false);
});
