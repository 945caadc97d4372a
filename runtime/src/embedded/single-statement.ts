import { ClickHouseError } from '@clickhouse/client';
import { misplacedStart, tokensOf } from './sql-tokens.js';

/** Words of an INSERT whose rows come from a query or a file. Its FORMAT begins no data, unless the query has `input()`. */
const sourceWords = new Set(['SELECT', 'WITH', 'FROM']);
/** Words and symbols before a table name, which may be `format`. */
const beforeTable = new Set(['INTO', 'TABLE', '.']);

/** How far a text consists of one statement. */
export type Extent =
  /** One statement, without data. It ends before `end`: at a semicolon, or with the text. */
  | { readonly kind: 'statement'; readonly end: number }
  /** An INSERT, whose data begins in the text. Any further text is data. */
  | { readonly kind: 'data' }
  /** A statement that ends before `end`. A further statement begins at `index`. */
  | { readonly kind: 'several'; readonly end: number; readonly index: number };

/**
 * @throws the error of a server, code 62, if the text has several statements: the engine would run them all; or if its first character
 * begins no statement: the engine would run nothing and report success
 */
export function assertSingleStatement(sql: string): void {
  const misplaced = misplacedStart(sql);
  if (misplaced) throw syntaxError('Syntax error', misplaced.index, sql);
  const extent = extentOf(sql);
  if (extent.kind === 'several') throw syntaxError('Syntax error (Multi-statements are not allowed)', extent.index, sql);
}

function syntaxError(name: string, index: number, sql: string): ClickHouseError {
  const message = `${name}: failed at position ${index + 1}: ${sql.slice(index, index + 100)}.`;
  // As chDB reports its errors: the complete text of the engine is the cause.
  const cause = new Error(`Code: 62. DB::Exception: ${message} (SYNTAX_ERROR)`);
  return Object.assign(new ClickHouseError({ code: '62', type: 'SYNTAX_ERROR', message }), { cause });
}

/** Whether the text is an INSERT whose data begins in it, in any format but VALUES. Then text that is appended to it is data. */
export function beginsData(sql: string): boolean {
  return extentOf(sql).kind === 'data';
}

/** Returns how far the first statement of a text reaches. */
export function extentOf(sql: string): Extent {
  // A quick test: most statements have no semicolon and no data.
  if (!sql.includes(';') && !/\binsert\b/i.test(sql)) return { kind: 'statement', end: sql.length };
  let isInsert: boolean | undefined;
  let [isFromSource, hasInput] = [false, false];
  let end: number | undefined;
  let depth = 0;
  let previous = '';
  for (const { kind, text, index } of tokensOf(sql)) {
    const upper = kind === 'word' ? text.toUpperCase() : text;
    isInsert ??= upper === 'INSERT';
    if (kind === 'symbol' && text === ';') end ??= index;
    else if (end !== undefined) return { kind: 'several', end, index };
    else if (isInsert && depth === 0 && kind === 'word' && previous === 'FORMAT' && upper !== 'VALUES' && (!isFromSource || hasInput))
      return { kind: 'data' };
    if (text === '(') depth++;
    else if (text === ')') depth--;
    isFromSource ||= depth === 0 && sourceWords.has(upper);
    hasInput ||= upper === 'INPUT';
    // A table named `format` begins no FORMAT clause.
    previous = upper === 'FORMAT' && beforeTable.has(previous) ? '' : upper;
  }
  return { kind: 'statement', end: end ?? sql.length };
}
