import type { Readable } from 'node:stream';
import type { BodyContent } from './body-content.js';
import type { Statement } from './statement.js';
import { onStreamDestroy, statementFailure } from './stream-failure.js';

/** Lines that begin like an exception are rows if more lines than this follow. */
const maxExceptionLines = 1_000;

/**
 * Converts the failures of a stream of rows to errors of this package, with the number of rows that were delivered. Rows that may be the
 * lines of an exception are held back until more rows or the end of the body decide it.
 */
export function translateRowErrors(rows: Readable, content: BodyContent, statement: Statement): void {
  // The whole body has arrived and has no exception.
  if (content.isVerified) {
    onStreamDestroy(rows, statement, (error) => statementFailure(error, statement, 0));
    return;
  }
  content.beginScan();
  const push = rows.push.bind(rows);
  let delivered = 0;
  const pendingRows: unknown[] = [];
  let isDecided = false;
  rows.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk === null && pendingRows.length > 0) push(pendingRows);
    if (!Array.isArray(chunk)) return push(chunk, encoding);
    const batch: unknown[] = chunk;
    // An exception in JSON is the last row, so this row is data.
    if (pendingRows.length === 1 && !isPlainException(pendingRows[0])) batch.unshift(...pendingRows.splice(0));
    const end = isDecided ? -1 : pendingRows.length > 0 ? 0 : findException(batch, content.mayHaveException);
    if (end !== -1) for (const row of batch.splice(end)) pendingRows.push(row);
    // No exception is this long.
    if (pendingRows.length > maxExceptionLines) {
      isDecided = true;
      for (const row of pendingRows.splice(0)) batch.push(row);
    }
    delivered += batch.length;
    return batch.length === 0 || push(batch, encoding);
  };
  onStreamDestroy(rows, statement, (error) => statementFailure(error, statement, delivered));
}

/** How the last row of a result begins if it is an exception, in the formats with one JSON value a line. */
const exceptionRows = ['{"exception":', '["Code: '];
const firstCharOfException = 'C'.charCodeAt(0);

/**
 * Returns the index of the first row that may belong to an exception, or -1. A plain text may have several lines, so any row can be its
 * first one. A JSON value is the last row of the result.
 * @param mayBeText whether a plain text is possible. If not, only the last row is looked at, whatever the number of rows.
 */
function findException(batch: readonly unknown[], mayBeText: boolean): number {
  const line = mayBeText ? batch.findIndex(isPlainException) : -1;
  if (line !== -1) return line;
  const last = textOfRow(batch.at(-1));
  return exceptionRows.some((start) => last.startsWith(start)) ? batch.length - 1 : -1;
}

function isPlainException(row: unknown): boolean {
  const text = textOfRow(row);
  return text.charCodeAt(0) === firstCharOfException && text.startsWith('Code: ');
}

function textOfRow(row: unknown): string {
  return typeof row === 'object' && row !== null && 'text' in row && typeof row.text === 'string' ? row.text : '';
}
