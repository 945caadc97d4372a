import { describe, expect, it } from 'vitest';
import { Readable } from 'node:stream';
import { InvalidArgumentError, UnsupportedByBackendError } from '../../../runtime/src/index.js';
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
      { operation: 'insert', text: 'INSERT INTO events', values: [{ id: 1 }], format: 'JSONEachRow' },
      { operation: 'query', text: 'SELECT {id: UInt32}', queryParams: { id: 1 } },
      { operation: 'command', text: 'SYSTEM FLUSH LOGS' },
    ]);
  });

  it('records its statements as they were at the call', async () => {
    const clickhouse = createTestService();
    class Row {
      constructor(readonly id: number) {}
      readonly toJSON = () => ({ id: this.id });
    }
    const row = new Row(1);
    const stream = Readable.from([]);
    const cyclic: Record<string, unknown> = { toJSON: () => ({ id: 2 }) };
    cyclic['self'] = cyclic;
    const input = { ids: [1], byName: new Map([['a', [1]]]), at: new Date(0), nested: { names: ['a'] } };
    const settings = { max_threads: 1 };
    const roles = ['reader'];
    await clickhouse.query({ query: 'SELECT {ids: Array(UInt32)}', query_params: input, clickhouse_settings: settings, role: roles });
    await clickhouse.insert({ table: 'events', values: [row, cyclic], format: 'JSONEachRow' });
    await clickhouse.insert({ table: 'events', values: stream, format: 'JSONEachRow' });
    input.ids.push(2);
    input.byName.get('a')?.push(2);
    input.at.setTime(7);
    input.nested.names.length = 0;
    settings.max_threads = 2;
    roles.push('writer');
    const [query, insert, streamed] = clickhouse.statements;
    expect(query).toEqual({
      operation: 'query',
      text: 'SELECT {ids: Array(UInt32)}',
      queryParams: { ids: [1], byName: new Map([['a', [1]]]), at: new Date(0), nested: { names: ['a'] } },
      settings: { max_threads: 1 },
      role: ['reader'],
    });
    // An object of a class may have private state, so it is not copied.
    expect(Array.isArray(insert?.values) && insert.values[0] === row).toBe(true);
    expect(streamed?.values).toBe(stream);
  });

  it('records the error of a statement that failed', async () => {
    const clickhouse = createTestService([{ when: 'DROP', error: new Error('Code: 60. DB::Exception: none') }]);
    const error: unknown = await clickhouse.command({ query: 'DROP TABLE events' }).catch((reason: unknown) => reason);
    expect(clickhouse.statements).toEqual([{ operation: 'command', text: 'DROP TABLE events', error }]);
  });

  it('returns the rows of exec() as a stream', async () => {
    const clickhouse = createTestService([{ when: 'SELECT', rows: [{ id: 1 }] }]);
    const { stream } = await clickhouse.exec({ query: 'SELECT id FROM events FORMAT JSONEachRow' });
    expect(Buffer.concat(await stream.toArray()).toString()).toBe('{"id":1}\n');
  });

  it('rejects a format that it does not support', async () => {
    await expect(createTestService().query({ query: 'SELECT 1', format: 'CSV' })).rejects.toThrow(UnsupportedByBackendError);
  });

  it.each([
    'SELECT 1 AS a FORMAT CSV',
    'SELECT 1 AS a FORMAT Parquet;',
    "SELECT 'FORMAT JSONEachRow' format TSV -- FORMAT JSONEachRow",
    'SELECT 1 AS a FORMAT CSV SETTINGS max_threads = 1',
    'SELECT format FROM formats FORMAT CSV',
  ])('rejects a format in the SQL of exec() and query() that it does not support: %s', async (query) => {
    const clickhouse = createTestService([{ when: 'SELECT', rows: [{ a: 1 }] }]);
    await expect(clickhouse.exec({ query })).rejects.toThrow(UnsupportedByBackendError);
    await expect(clickhouse.query({ query, format: 'JSONEachRow' })).rejects.toThrow(UnsupportedByBackendError);
    await expect(createTestService().exec({ query })).rejects.toThrow(UnsupportedByBackendError);
  });

  it('answers exec() in the format of its SQL', async () => {
    const clickhouse = createTestService([{ when: 'SELECT', rows: [{ a: 1 }] }]);
    const { stream } = await clickhouse.exec({ query: 'SELECT format FROM formats FORMAT JSON' });
    expect(JSON.parse(Buffer.concat(await stream.toArray()).toString())).toMatchObject({ data: [{ a: 1 }], rows: 1 });
  });

  it('rejects rows for an exec() without a format, which a server answers in TabSeparated', async () => {
    const clickhouse = createTestService([{ when: 'SELECT', rows: [{ a: 1 }] }]);
    await expect(clickhouse.exec({ query: 'SELECT 1 AS a' })).rejects.toThrow(/TabSeparated/);
    const { stream } = await clickhouse.exec({ query: 'INSERT INTO events FORMAT CSV', values: Readable.from(['1']) });
    expect(await stream.toArray()).toEqual([]);
  });

  it('rejects a format in the SQL of query() as a server does, since the client appends one', async () => {
    const failure = createTestService().query({ query: 'SELECT 1 FORMAT JSONEachRow', format: 'JSONEachRow' });
    await expect(failure).rejects.toMatchObject({ clickhouseCode: 62 });
  });

  it.each([Symbol('s'), () => 1, [Symbol('s')], { a: () => 1 }])('rejects a query parameter as the client does: %o', async (p) => {
    const clickhouse = createTestService();
    const params = { query: 'SELECT {p: String}', query_params: { p } };
    await expect(clickhouse.query(params)).rejects.toBeInstanceOf(InvalidArgumentError);
    await expect(clickhouse.command(params)).rejects.toBeInstanceOf(InvalidArgumentError);
    await expect(clickhouse.exec(params)).rejects.toBeInstanceOf(InvalidArgumentError);
    expect(clickhouse.statements).toEqual([]);
  });
});
