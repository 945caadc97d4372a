import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clickHouse, closeClickHouse, type ClickHouseService } from '../../../runtime/src/index.js';
import { assertInserted, createTestService } from '../../../runtime/src/testing.js';

const engine = clickHouse({ database: 'insert_shapes', env: false });
beforeAll(() => engine.command({ query: 'CREATE TABLE t (a UInt8) ENGINE = Memory' }));
afterAll(() => closeClickHouse());

describe.each<readonly [string, () => ClickHouseService]>([
  ['the test double', () => createTestService()],
  ['the embedded engine', () => engine],
])('%s', (_, service) => {
  it.each<[readonly unknown[]]>([[[{ a: 1 }]], [[{}]], [[undefined]], [[null]], [[5]], [['x']], [[[1], { a: 1 }]]])(
    'refuses an insert without a format, whose rows are no lists: %j',
    async (values) => {
      await expect(service().insert({ table: 't', values })).rejects.toMatchObject({ kind: 'ServerError', clickhouseCode: 27 });
    },
  );

  it.each<[readonly unknown[]]>([[[[1]]], [[undefined]], [[null]], [[5]], [['x']], [[{ a: 1 }, [1]]]])(
    'refuses an insert in JSONEachRow whose rows are no objects: %j',
    async (values) => {
      const insert = service().insert({ table: 't', values, format: 'JSONEachRow' });
      await expect(insert).rejects.toMatchObject({ kind: 'ServerError', clickhouseCode: 27 });
    },
  );

  it('refuses an empty name of the table', async () => {
    const insert = service().insert({ table: ' ', values: [{ a: 1 }], format: 'JSONEachRow' });
    await expect(insert).rejects.toMatchObject({ kind: 'ServerError', clickhouseCode: 62 });
  });

  it('accepts lists without a format, and objects in JSONEachRow', async () => {
    await service().insert({ table: 't', values: [[1]] });
    await service().insert({ table: 't', values: [{ a: 1 }, {}], format: 'JSONEachRow' });
    await service().insert({ table: 't', values: [[{ a: 2 }]], format: 'JSONEachRow' });
  });

  it.each([
    'SELECT format FROM formats ORDER BY format DESC',
    'SELECT format FROM formats ORDER BY id, format ASC SETTINGS max_threads = 1',
    'SELECT id, format f FROM (SELECT 1 AS id, 2 AS format)',
    'SELECT id, format f',
  ])('takes a column named format for no clause: %s', async (query) => {
    const failure: unknown = await service()
      .query({ query, format: 'JSONEachRow' })
      .then(
        (result) => result.json(),
        (error: unknown) => error,
      );
    // The engine has no such table or column, and no syntax error.
    if (failure instanceof Error) expect([47, 60]).toContain(Reflect.get(failure, 'clickhouseCode'));
  });
});

it('assertInserted does not count an insert that a server refuses, and the record has its format and columns', async () => {
  const double = createTestService();
  await expect(double.insert({ table: 't', values: [{ a: 1 }] })).rejects.toThrow("expected '[' before");
  expect(() => assertInserted(double, 't', [{ a: 1 }])).toThrow('The rows of 1 failed insert do not count.');
  await double.insert({ table: 't', columns: ['a'], values: [[1]] });
  expect(double.statements).toMatchObject([
    { format: 'JSONCompactEachRow', error: { clickhouseCode: 27 } },
    { format: 'JSONCompactEachRow', columns: ['a'], values: [[1]] },
  ]);
});

it('exec() answers in the format of its SQL, which may be in lower case', async () => {
  const double = createTestService([{ when: 'SELECT', rows: [{ a: 1 }] }]);
  const { stream } = await double.exec({ query: 'SELECT 1 AS a FORMAT jsoneachrow' });
  expect(Buffer.concat(await stream.toArray()).toString()).toBe('{"a":1}\n');
});
