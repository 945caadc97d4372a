import { expect, it } from 'vitest';
import { splitStatements } from '../../../runtime/src/embedded/split-statements.js';

const textsOf = (sql: string) => splitStatements(sql).map(({ text }) => text);

it.each<[string, string, string[]]>([
  ['statements', 'CREATE TABLE a;\nCREATE TABLE b;', ['CREATE TABLE a', 'CREATE TABLE b']],
  ['a last statement without a semicolon', 'SELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']],
  ['empty statements', ';; SELECT 1 ;;; SELECT 2;;', ['SELECT 1', 'SELECT 2']],
  ['nothing in an empty text', '', []],
  ['nothing in comments', '-- a; b\n/* c; d */', []],
  ['statements with a comment between them', 'SELECT 1; -- one; two\nSELECT 2', ['SELECT 1', 'SELECT 2']],
  ['a comment inside a statement', 'SELECT /* ; */ 1 -- ;\n + 1; SELECT 2', ['SELECT /* ; */ 1 -- ;\n + 1', 'SELECT 2']],
  [
    'a semicolon in a string',
    "INSERT INTO a VALUES ('x;y', 'it''s; \\';');SELECT 2",
    ["INSERT INTO a VALUES ('x;y', 'it''s; \\';')", 'SELECT 2'],
  ],
  ['a semicolon in a quoted name', 'SELECT `a;b`, "c;d"; SELECT 2', ['SELECT `a;b`, "c;d"', 'SELECT 2']],
  ['a semicolon in a heredoc', 'SELECT $x$a;b$x$; SELECT 2', ['SELECT $x$a;b$x$', 'SELECT 2']],
  ['data to the end of the text', 'SELECT 1;\nINSERT INTO a FORMAT CSV\n1;2\n3;4\n', ['SELECT 1', 'INSERT INTO a FORMAT CSV\n1;2\n3;4\n']],
])('the text has %s', (_name, sql, expected) => {
  expect(textsOf(sql)).toEqual(expected);
});

it('each statement has the line of its first token', () => {
  const sql = '\n-- first\nSELECT 1;\n\nSELECT\n  2; SELECT 3;\n/* last\n*/ SELECT 4';
  expect(splitStatements(sql).map(({ line }) => line)).toEqual([3, 5, 6, 8]);
});

it('a long text takes linear time', () => {
  expect(splitStatements("INSERT INTO a VALUES ('x');\n".repeat(20_000))).toHaveLength(20_000);
});
