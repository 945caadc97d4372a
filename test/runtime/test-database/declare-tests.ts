import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, expect, it } from 'vitest';
import { clickHouse, type ClickHouseService, closeClickHouse, getClickHouseClient } from '../../../runtime/src/index.js';
import { createTestDatabase, type TestDatabaseOptions } from '../../../runtime/src/testing.js';

const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-fixtures-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => closeClickHouse());

/** Writes a file of SQL, and returns its path. */
export function fixture(name: string, sql: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, sql);
  return path;
}

const schema = fixture(
  'schema.sql',
  `-- The tables; and their rows.
CREATE TABLE events (id UInt32, name String) ENGINE = MergeTree ORDER BY id;
/* a; b */
INSERT INTO events VALUES (1, 'a;b'), (2, 'it''s');
`,
);
const moreRows = fixture('rows.sql', 'INSERT INTO events FORMAT CSV\n3,"c;d"\n4,e\n');

async function namesIn(service: ClickHouseService): Promise<unknown> {
  const result = await service.query({ query: 'SELECT name FROM events ORDER BY id', format: 'JSONEachRow' });
  return (await result.json<{ name: string }>()).map(({ name }) => name);
}

async function databasesOf(service: ClickHouseService): Promise<unknown[]> {
  const result = await service.query({ query: 'SELECT name FROM system.databases', format: 'JSONEachRow' });
  return (await result.json<{ name: string }>()).map(({ name }) => name);
}

/** Declares the tests of a test database on one backend. */
export function declareTests(connection: () => NonNullable<TestDatabaseOptions['connection']>): void {
  const create = (options: TestDatabaseOptions = {}) => createTestDatabase({ connection: connection(), ...options });

  it('has the tables and rows of its fixtures, and of files that are loaded later', async () => {
    await using database = await create({ fixtures: [schema, pathToFileURL(moreRows)] });
    expect(await namesIn(database.service)).toEqual(['a;b', "it's", 'c;d', 'e']);
    await database.load(moreRows);
    expect(await namesIn(database.service)).toHaveLength(6);
  });

  it('is not seen by another one', async () => {
    const databases = await Promise.all([create({ fixtures: [schema] }), create({ fixtures: [schema, moreRows] })]);
    expect(await Promise.all(databases.map(({ service }) => namesIn(service)))).toEqual([expect.any(Array), expect.any(Array)]);
    const [first, second] = databases;
    await first.service.command({ query: 'TRUNCATE TABLE events' });
    expect([await namesIn(first.service), await namesIn(second.service)]).toEqual([[], ['a;b', "it's", 'c;d', 'e']]);
    await Promise.all(databases.map((database) => database.drop()));
  });

  it('is dropped, also after its connection was closed', async () => {
    const [first, second, third] = [await create({ prefix: 'shop_' }), await create(), await create()];
    expect(first.name).toMatch(/^shop_/);
    expect(await databasesOf(third.service)).toEqual(expect.arrayContaining([first.name, second.name]));
    await first.drop();
    await first.drop();
    await second.service.close();
    await second.drop();
    const left = await databasesOf(third.service);
    expect(left).not.toContain(first.name);
    expect(left).not.toContain(second.name);
    await expect(first.service.command({ query: 'SELECT 1' })).rejects.toMatchObject({ code: 'MANAGER_CLOSED' });
    await third.drop();
  });

  it('names file and line of a statement that fails, and leaves no database', async () => {
    await using other = await create();
    const before = await databasesOf(other.service);
    const broken = fixture('broken.sql', 'CREATE TABLE a (id UInt8) ENGINE = Memory;\n\nINSERT INTO missing VALUES (1);');
    await expect(create({ fixtures: [broken] })).rejects.toMatchObject({
      message: expect.stringMatching(`^The statement in ${relative(process.cwd(), broken)}:3 failed: .*missing`) as string,
      cause: { clickhouseCode: 60 },
    });
    expect(await databasesOf(other.service)).toEqual(before);
  });

  it('is what code under test uses, if it is the default', async () => {
    const codeUnderTest = clickHouse();
    await using database = await create({ fixtures: [schema], asDefault: true });
    expect(await namesIn(codeUnderTest)).toEqual(['a;b', "it's"]);
    expect((await getClickHouseClient()) === database.service).toBe(true);
    await expect(create({ asDefault: true })).rejects.toMatchObject({
      code: 'MANAGER_ALREADY_SET',
      message: expect.stringContaining('createTestDatabase({ asDefault: true })') as string,
    });
    await database.drop();
    await using next = await create({ fixtures: [schema, moreRows], asDefault: true });
    expect(await namesIn(codeUnderTest)).toHaveLength(4);
    expect(next.name).not.toBe(database.name);
  });
}
