import { isError } from '../errors/is-error.js';
import type { RejectedBatch } from './options.js';

/** Where the report of rejected rows goes. */
export interface RejectionTarget {
  readonly onRejected: ((batch: RejectedBatch) => void) | undefined;
  readonly warn: (text: string) => void;
}

/** Rows that were set aside, as lines of JSON. */
export interface RejectionReport {
  readonly table: string;
  readonly rows: number;
  /** Undefined if they are damaged. */
  readonly text: string | undefined;
  readonly error: Error;
  readonly file: string | undefined;
}

/** Passes rejected rows to the handler, or warns of them. An error of the handler becomes a warning: it must not stop the delivery. */
export function reportRejection({ table, rows, text, error, file }: RejectionReport, { onRejected, warn }: RejectionTarget): void {
  const where = file === undefined ? 'They are lost: pass onRejected to receive them.' : `They are in ${file}.`;
  // These messages are of this package, and quote no row.
  if (text === undefined)
    return warn(
      `${rows} rows of the ingest of ${table} ${file === undefined ? 'are lost' : 'were set aside'}: ${error.message}${file === undefined ? '' : ` ${where}`}`,
    );
  // The message of the server may quote the rows, which are data.
  const reason = 'code' in error && typeof error.code === 'string' ? `${error.name} ${error.code}` : error.name;
  if (!onRejected) return warn(`${rows} rows of the ingest of ${table} were set aside: ${reason}. ${where}`);
  const warnOf = (thrown: unknown): void =>
    warn(
      `onRejected of the ingest of ${table} threw an error for ${rows} rows: ${isError(thrown) ? thrown.message : String(thrown)}. ${file === undefined ? '' : where}`,
    );
  try {
    const result: unknown = onRejected({ table, rows: parsedRows(text), error, file });
    // An asynchronous handler is accepted by the type. Its rejection must not end the process.
    Promise.resolve(result).catch(warnOf);
  } catch (thrown) {
    warnOf(thrown);
  }
}

function parsedRows(text: string): readonly unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}
