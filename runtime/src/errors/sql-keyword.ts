/** A statement from its first keyword on, behind comments and parentheses. In one pass: a text of comments must not stop the process. */
export function statementOf(sql: string): string {
  let at = 0;
  for (;;) {
    if (sql.startsWith('--', at)) at = behind('\n', sql, at);
    else if (sql.startsWith('/*', at)) at = behind('*/', sql, at + 2);
    else if (/[\s(]/.test(sql.charAt(at))) at++;
    else return sql.slice(at);
  }
}

/** In upper case. */
export function keywordOf(sql: string): string | undefined {
  return /^[a-z]+/i.exec(statementOf(sql))?.[0].toUpperCase();
}

function behind(end: string, sql: string, from: number): number {
  const at = sql.indexOf(end, from);
  return at === -1 ? sql.length : at + end.length;
}
