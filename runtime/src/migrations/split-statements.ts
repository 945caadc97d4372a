import { type SqlToken, tokensOf } from '../embedded/sql-tokens.js';

/** One statement of a text. */
export interface SplitStatement {
  /** The statement from its first token to its last one: no comment around it, and no semicolon. */
  readonly sql: string;
  /** Line on which it begins, from 1 on. */
  readonly line: number;
}

/** Splits a text at its semicolons. A semicolon in a string, a quoted name, a comment or a heredoc separates nothing. */
export function splitStatements(text: string): readonly SplitStatement[] {
  const statements: SplitStatement[] = [];
  let first: SqlToken | undefined;
  let end = 0;
  const finish = (): void => {
    if (first) statements.push({ sql: text.slice(first.index, end), line: text.slice(0, first.index).split('\n').length });
    first = undefined;
  };
  for (const token of tokensOf(text)) {
    if (token.kind === 'symbol' && token.text === ';') finish();
    else {
      first ??= token;
      end = token.index + token.text.length;
    }
  }
  finish();
  return statements;
}
