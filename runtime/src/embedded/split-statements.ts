import { extentOf } from './single-statement.js';
import { tokensOf } from './sql-tokens.js';

/** One statement of a file. */
export interface SqlStatement {
  /** The text, without its semicolon and without comments before it. */
  readonly text: string;
  /** Line of the first token in the file, from 1. */
  readonly line: number;
}

/**
 * Returns the statements of a text. Semicolons separate them, except in strings, quoted names, heredocs and comments. The data of an INSERT
 * with a FORMAT other than VALUES reaches to the end of the text.
 */
export function splitStatements(sql: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let [start, counted, line] = [0, 0, 1];
  for (;;) {
    const rest = sql.slice(start);
    const extent = extentOf(rest);
    const text = extent.kind === 'data' ? rest : rest.slice(0, extent.end);
    const { value: first } = tokensOf(text).next();
    if (first) {
      const begin = start + first.index;
      line += sql.slice(counted, begin).split('\n').length - 1;
      counted = begin;
      // The last line of data may need its end.
      statements.push({ text: extent.kind === 'data' ? text.slice(first.index) : text.slice(first.index).trimEnd(), line });
    }
    if (extent.kind !== 'several') return statements;
    start += extent.index;
  }
}
