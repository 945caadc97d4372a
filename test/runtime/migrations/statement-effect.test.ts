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
    'SET DEFAULT ROLE readers TO reader',
    'alter table t add column if not exists a UInt8, modify column b String',
    'ALTER TABLE t DROP COLUMN IF EXISTS a',
    "ALTER TABLE t COMMENT COLUMN a 'text'",
    "ALTER TABLE t MODIFY COMMENT 'text'",
    'ALTER TABLE IF EXISTS `shop`.`t` ON CLUSTER `all` ADD INDEX IF NOT EXISTS i a TYPE minmax',
    'ALTER TABLE t ADD COLUMN IF NOT EXISTS a Array(UInt8) DEFAULT [1, 2], DROP INDEX IF EXISTS i',
    'CREATE ROW POLICY IF NOT EXISTS p ON t FOR SELECT USING 1',
    'CREATE DATABASE IF NOT EXISTS shop',
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
    "ALTER TABLE t ADD COLUMN a UInt8 COMMENT 'text'",
    'ALTER TABLE t RENAME COLUMN comment TO body',
    'ALTER TABLE t DROP COLUMN comment',
    'ALTER TABLE t ADD INDEX comment a TYPE minmax',
    'ALTER TABLE comment ADD COLUMN a UInt8',
    'ALTER TABLE t RENAME COLUMN modify TO a',
    'ALTER TABLE IF EXISTS t DROP COLUMN a',
    'ALTER TABLE t MODIFY COLUMN a REMOVE DEFAULT',
    'ALTER USER reader ADD PROFILES p',
    'CREATE TABLE IF NOT EXISTS t ENGINE = Memory AS SELECT view FROM s',
    'CREATE TABLE IF NOT EXISTS view ENGINE = Memory AS SELECT 1 AS a',
    'CREATE TABLE IF NOT EXISTS t CLONE AS s',
    'CREATE TABLE IF NOT EXISTS t (a UInt8) ENGINE = Memory PARALLEL WITH INSERT INTO s SELECT 1',
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
    'CREATE TABLE t ENGINE = Memory AS SELECT view, policy FROM s',
    'CREATE TABLE t CLONE AS s',
    'DROP TABLE t PARALLEL WITH DROP TABLE s',
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
