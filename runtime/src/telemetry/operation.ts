import { keywordOf } from '../errors/sql-keyword.js';

/** First keywords of the statements of ClickHouse. */
const keywords: ReadonlySet<string> = new Set(
  (
    'ALTER ATTACH BACKUP BEGIN CHECK COMMIT CREATE DELETE DESC DESCRIBE DETACH DROP EXCHANGE EXECUTE EXISTS EXPLAIN FROM GRANT INSERT KILL ' +
    'MOVE OPTIMIZE PARALLEL RENAME REPLACE RESTORE REVOKE ROLLBACK SELECT SET SHOW SYSTEM TRUNCATE UNDROP UPDATE USE WATCH WITH'
  ).split(' '),
);

/**
 * Returns the first keyword of an SQL text, in upper case, or `OTHER` if ClickHouse has no such statement. The set of results is closed:
 * operations become attributes of metrics, and an SQL text may come from a user.
 */
export function operationOf(sql: string): string {
  const keyword = keywordOf(sql);
  return keyword !== undefined && keywords.has(keyword) ? keyword : 'OTHER';
}
