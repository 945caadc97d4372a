import { type SqlToken, tokensOf } from '../embedded/sql-tokens.js';
import { type FailureContext, parseFailure } from '../errors/index.js';
import { bodyOf } from './scripted-answer.js';

/**
 * Returns the format in the `FORMAT` clause of a statement, as it is written, or undefined if there is none. The `FORMAT` of an INSERT is that
 * of its data: an INSERT has no result.
 */
export function formatClauseOf(sql: string): string | undefined {
  const tokens = [...tokensOf(sql)];
  if (isWord(tokens[0], 'INSERT')) return undefined;
  // The clause stands after an expression, at the end or in front of SETTINGS. A column may be named `format`.
  const index = tokens.findLastIndex(
    (token, at) =>
      isWord(token, 'FORMAT') && isEndOfExpression(tokens[at - 1]) && tokens[at + 1]?.kind === 'word' && isEndOfClause(tokens[at + 2]),
  );
  return index === -1 ? undefined : tokens[index + 1]?.text;
}

/**
 * Rejects a FORMAT clause in the SQL of `query()`. The official client appends the format of the result to the SQL.
 * @throws UnsupportedByBackendError for a format that the double does not support; else the error of a server, code 62
 */
export function assertNoFormatClause(sql: string, context: FailureContext): void {
  const format = formatClauseOf(sql);
  if (format === undefined) return;
  bodyOf([], format, JSON);
  throw parseFailure(new Error(`Code: 62. DB::Exception: Syntax error: failed at FORMAT ${format}. (SYNTAX_ERROR)`), context);
}

/** Words that an expression follows. */
const beforeExpression = new Set(
  (
    'SELECT DISTINCT BY WHERE PREWHERE HAVING QUALIFY AND OR NOT ON USING AS LIKE ILIKE IN BETWEEN CASE WHEN THEN ELSE DIV MOD LIMIT OFFSET ' +
    'INTERVAL WITH FROM JOIN'
  ).split(' '),
);

function isEndOfExpression(token: SqlToken | undefined): boolean {
  switch (token?.kind) {
    case undefined:
      return false;
    case 'word':
      return !beforeExpression.has(token.text.toUpperCase());
    case 'quoted':
      return true;
    case 'symbol':
      return [')', ']', '}', '*'].includes(token.text);
  }
}

function isEndOfClause(token: SqlToken | undefined): boolean {
  return token === undefined || token.text === ';' || isWord(token, 'SETTINGS');
}

function isWord(token: SqlToken | undefined, keyword: string): boolean {
  return token?.kind === 'word' && token.text.toUpperCase() === keyword;
}
