import { describe, expect, it } from 'vitest';
import { splitStatements } from '../../../runtime/src/migrations/split-statements.js';
import { effectOfStatement } from '../../../runtime/src/migrations/statement-effect.js';

describe('after an unknown outcome, the next run sends these statements again', () => {
  it.each([
    'CREATE TABLE IF NOT EXISTS t (a UInt8) ENGINE = Memory',
    'CREATE OR REPLACE VIEW v AS SELECT 1',
    'CREATE MATERIALIZED VIEW IF NOT EXISTS v TO t AS SELECT a FROM s',
    'CREATE OR REPLACE TABLE t ENGINE = Memory AS SELECT 1 AS a',
    'DROP TABLE IF EXISTS t',
    'TRUNCATE TABLE t',
    'OPTIMIZE TABLE t FINAL',
    'GRANT SELECT ON shop.* TO reader',
    'alter table t add column if not exists a UInt8, modify column b String',
    'ALTER TABLE t DROP COLUMN IF EXISTS a',
    "ALTER TABLE t COMMENT COLUMN a 'text'",
  ])('%s', (sql) => {
    expect(effectOfStatement(sql).isRepeatable).toBe(true);
  });
});

describe('after an unknown outcome, the next run asks about these statements', () => {
  it.each([
    'CREATE TABLE t (a UInt8) ENGINE = Memory',
    "CREATE TABLE `IF NOT EXISTS` (a String DEFAULT 'IF NOT EXISTS') ENGINE = Memory",
    'CREATE TABLE IF NOT EXISTS t ENGINE = Memory AS SELECT 1 AS a',
    'CREATE MATERIALIZED VIEW IF NOT EXISTS v ENGINE = Memory POPULATE AS SELECT a FROM s',
    'DROP TABLE t',
    'RENAME TABLE a TO b',
    'ALTER TABLE t ADD COLUMN a UInt8',
    'ALTER TABLE t ADD COLUMN IF NOT EXISTS a UInt8, ADD COLUMN b UInt8',
    'ALTER TABLE t UPDATE a = 1 WHERE b = 2',
    'ALTER TABLE t DELETE WHERE a = 1',
    "ALTER TABLE t DROP PARTITION '2026'",
    'INSERT INTO t VALUES (1)',
    'DELETE FROM t WHERE a = 1',
    'SYSTEM RELOAD CONFIG',
  ])('%s', (sql) => {
    expect(effectOfStatement(sql).isRepeatable).toBe(false);
  });
});

describe('a statement that the server answered with an error', () => {
  it.each([
    'INSERT INTO t SELECT 1',
    'CREATE TABLE t ENGINE = Memory AS SELECT 1 AS a',
    'ALTER TABLE t DELETE WHERE a = 1',
    'DELETE FROM t WHERE a = 1',
  ])('may have changed rows: %s', (sql) => {
    expect(effectOfStatement(sql).writesRows).toBe(true);
  });

  it.each(['CREATE TABLE t (a UInt8) ENGINE = Memory', 'CREATE VIEW v AS SELECT 1', 'ALTER TABLE t ADD COLUMN a UInt8', 'DROP TABLE t'])(
    'has changed nothing: %s',
    (sql) => {
      expect(effectOfStatement(sql).writesRows).toBe(false);
    },
  );
});

describe('a file is split', () => {
  it('at its semicolons, and each statement has its line', () => {
    expect(splitStatements('-- first; comment\nSELECT 1;\n\n/* a ; b */ SELECT 2 -- end\n;;\nSELECT 3')).toEqual([
      { sql: 'SELECT 1', line: 2 },
      { sql: 'SELECT 2', line: 4 },
      { sql: 'SELECT 3', line: 6 },
    ]);
  });

  it.each([`SELECT ';'`, 'SELECT 1 AS `a;b`', `SELECT 'it''s; \\'x;'`, 'SELECT $doc$ a; b $doc$', 'SELECT 1 /* ; */ + 1'])(
    'not at the semicolon of %s',
    (sql) => {
      expect(splitStatements(`${sql};`)).toEqual([{ sql, line: 1 }]);
    },
  );

  it('into nothing if it has comments only', () => {
    expect(splitStatements('-- nothing\n;')).toEqual([]);
  });
});
