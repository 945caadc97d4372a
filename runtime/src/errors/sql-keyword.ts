/**
 * Returns the statement from its first keyword on, without leading comments and parentheses. Runs in linear time, also for a long text of
 * comments.
 */
export function skipLeadingComments(sql: string): string {
  let index = 0;
  for (;;) {
    if (sql.startsWith('--', index)) index = indexAfter('\n', sql, index);
    else if (sql.startsWith('/*', index)) index = indexAfter('*/', sql, index + 2);
    else if (/[\s(]/.test(sql.charAt(index))) index++;
    else return sql.slice(index);
  }
}

/** Returns the first keyword of an SQL text, in upper case. Undefined if the text starts with no keyword. */
export function keywordOf(sql: string): string | undefined {
  return /^[a-z]+/i.exec(skipLeadingComments(sql))?.[0].toUpperCase();
}

function indexAfter(end: string, sql: string, from: number): number {
  const index = sql.indexOf(end, from);
  return index === -1 ? sql.length : index + end.length;
}
