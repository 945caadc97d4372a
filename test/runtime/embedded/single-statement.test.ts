import { Readable } from 'node:stream';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig, ServerError } from '../../../runtime/src/index.js';

const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig({}, {}), factory: new ClickHouseConnectionFactory() });
const { service } = manager;
afterAll(() => manager.close());
beforeEach(() => service.command({ query: 'CREATE OR REPLACE TABLE words (word String) ENGINE = Memory' }));

async function rows(query: string): Promise<unknown[]> {
  return (await service.query({ query, format: 'JSONCompactEachRow' })).json();
}

describe('several statements in one text', () => {
  it.each([
    'SELECT 1; SELECT 2',
    'SELECT 1; SET max_block_size = 7',
    'SELECT 1; USE system',
    'SET max_block_size = 7; SELECT 1',
    'SELECT 1;SELECT 2;',
    'SELECT 1;; SELECT 2',
    ';SELECT 1',
    "SELECT ';' AS a; /* ; */ SELECT 2",
    'SELECT 1 -- a comment ;\n; SELECT 2',
    "SELECT 'it''s' AS a, 'it\\'s' AS b; SELECT 2",
    'SELECT $a$;$a$; SELECT 2',
    'SELECT 1 AS a$b$, 2 AS c$b$; SELECT 3 AS d$b$',
    'SELECT `;` FROM (SELECT 1 AS `;`); SELECT 2',
    "INSERT INTO words VALUES ('a'); SELECT 2",
    "INSERT INTO words FORMAT Values ('a'); SELECT 2",
    "INSERT INTO words SELECT 'a' FORMAT Null; SELECT 2",
    "INSERT INTO words SELECT 'a'; INSERT INTO words FORMAT CSV\nb",
    "INSERT INTO words SELECT format FROM (SELECT 'a' AS format); SELECT 2",
    'SELECT 1; INSERT INTO words FORMAT CSV\na',
    'DROP TABLE words; DROP TABLE words',
  ])('is rejected as by a server: %j', async (query) => {
    for (const run of [() => service.command({ query }), () => service.exec({ query }), () => service.query({ query })])
      await expect(run()).rejects.toMatchObject({ clickhouseCode: 62, type: 'SYNTAX_ERROR' });
    await expect(service.command({ query })).rejects.toBeInstanceOf(ServerError);
    expect(await rows('SELECT count() FROM words')).toEqual([[0]]);
    expect(await rows("SELECT currentDatabase(), getSetting('max_block_size') = 7")).toEqual([['default', 0]]);
  });

  it('is rejected in the table of an insert', async () => {
    await expect(
      service.insert({ table: 'words VALUES (1); DROP TABLE words; INSERT INTO words', values: [{ word: 'a' }], format: 'JSONEachRow' }),
    ).rejects.toMatchObject({ clickhouseCode: 62 });
  });

  it.each(['INSERT INTO words VALUES', 'INSERT INTO words FORMAT Values', 'SELECT 1'])(
    'is rejected in the body of exec: %s',
    async (query) => {
      const values = Readable.from([query === 'SELECT 1' ? '; SELECT 2' : "('a'); DROP TABLE words"]);
      await expect(service.exec({ query, values })).rejects.toMatchObject({ clickhouseCode: 62 });
      expect(await rows('SELECT count() FROM words')).toEqual([[0]]);
    },
  );
});

describe('one statement with semicolons', () => {
  it.each([
    'SELECT 1;',
    'SELECT 1 ;;\n; ',
    'SELECT 1; -- the end ; of it',
    'SELECT 1; /* the ; /* nested ; */ end */ # ; comment\n',
    "SELECT ';', 'it''s ;', 'it\\'s ;', '\\\\' -- ;",
    'SELECT ";" FROM (SELECT 1 AS ";")',
    'SELECT `a``;`, `b\\`;` FROM (SELECT 1 AS `a``;`, 2 AS `b\\`;`)',
    'SELECT $$;$$, $tag$ ; $$ ; $tag$',
    'SELECT ‘;’',
    'SELECT 1 // ;',
  ])('runs: %j', async (query) => {
    await expect(service.command({ query })).resolves.toHaveProperty('query_id');
  });

  it.each([
    ["INSERT INTO words VALUES ('a;b'), ('c');", ['a;b', 'c']],
    ['INSERT INTO words FORMAT CSV\n"a;b"\nc; SELECT 1\n', ['a;b', 'c; SELECT 1']],
    ['INSERT INTO words SETTINGS max_threads = 1 FORMAT TSV\na;b\n;c\n', [';c', 'a;b']],
    ['INSERT INTO words (word) FORMAT JSONEachRow {"word":"a;b"};', ['a;b']],
  ])('inserts its data: %j', async (query, words) => {
    await service.exec({ query }).then(({ stream }) => stream.toArray());
    expect(await rows('SELECT word FROM words ORDER BY word')).toEqual(words.map((word) => [word]));
  });

  it('inserts the body of exec', async () => {
    for (const [query, body] of [
      ['INSERT INTO words FORMAT CSV', 'a; SELECT 1\n'],
      ['INSERT INTO words VALUES', "('b;');"],
    ] as const)
      await service.exec({ query, values: Readable.from([body]) }).then(({ stream }) => stream.toArray());
    expect(await rows('SELECT word FROM words ORDER BY word')).toEqual([['a; SELECT 1'], ['b;']]);
  });

  it('inserts the bytes of exec, which a caller without types passes as a whole', async () => {
    for (const [query, body] of [
      ['INSERT INTO words FORMAT CSV', 'a\n'],
      ['INSERT INTO words VALUES', "('b')"],
    ] as const) {
      const params = Object.assign({ query }, { values: Buffer.from(body) });
      await service.exec(params).then(({ stream }) => stream.toArray());
    }
    expect(await rows('SELECT word FROM words ORDER BY word')).toEqual([['a'], ['b']]);
  });

  it('inserts into a table that is named format', async () => {
    await service.command({ query: 'CREATE OR REPLACE TABLE format (word String) ENGINE = Memory' });
    await service.command({ query: "INSERT INTO format VALUES ('a')" });
    await expect(service.command({ query: "INSERT INTO format VALUES ('b'); SELECT 1" })).rejects.toMatchObject({ clickhouseCode: 62 });
    expect(await rows('SELECT word FROM format')).toEqual([['a']]);
  });
});

it.each(['é CREATE TABLE t (a UInt8) ENGINE = Memory', '\u0001SELECT 1', "'abc'", '#SELECT 1', '`SELECT` 1'])(
  'a text that begins no statement is rejected as by a server, and not ignored: %j',
  async (query) => {
    await expect(service.command({ query })).rejects.toMatchObject({ clickhouseCode: 62, type: 'SYNTAX_ERROR' });
    await expect(service.query({ query })).rejects.toMatchObject({ clickhouseCode: 62 });
  },
);

it('a statement may begin with a parenthesis', async () => {
  expect(await rows('(SELECT 1) UNION ALL (SELECT 1)')).toEqual([[1], [1]]);
});
