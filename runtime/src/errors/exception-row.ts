import { parseServerText } from './parse-server-exception.js';
import type { ServerException } from './server.js';

/** A row that has only this key. Servers write a space after the colon, and none in rows of data. */
const objectRow = /^\{"exception":( ?)("(?:[^"\\]|\\.)*")\s?\}$/;
/** A row that has only this value. */
const arrayRow = /^\[("(?:[^"\\]|\\.)*")\]$/;
/** The formats whose rows are arrays. */
const arrayFormats = /^JSONCompact(?:Strings)?EachRow(?:WithNames)?(AndTypes)?$/;

/**
 * Returns the exception that a server wrote as the last row of a line-based JSON format, or undefined.
 * @param tail the end of the body, without white space at its end
 * @param format name of the format. Undefined if it is unknown: then only rows that no format has as data are exceptions.
 * @param mayBeOnlyRow whether the exception can be the only row: the server sent status 200 before the statement ran
 */
export function findExceptionRow(tail: string, format: string | undefined, mayBeOnlyRow: boolean): ServerException | undefined {
  const end = tail.lastIndexOf('\n') + 1;
  const last = tail.slice(end);
  const [, space, object] = objectRow.exec(last) ?? [];
  // In these formats, rows of data are values of the key `row`.
  const isNoData = space === ' ' || format?.endsWith('EachRowWithProgress') === true;
  if (object !== undefined) return isNoData ? parseJsonText(object) : undefined;
  const array = format !== undefined && arrayFormats.test(format) ? arrayRow.exec(last)?.[1] : undefined;
  const exception = array === undefined ? undefined : parseJsonText(array);
  return exception && !isValueOfColumn(tail.slice(0, end), headingsOf(format), mayBeOnlyRow) ? exception : undefined;
}

/** Returns the exception in a JSON string, or undefined. */
export function parseJsonText(json: string): ServerException | undefined {
  const text: unknown = JSON.parse(json);
  return typeof text === 'string' ? parseServerText(text) : undefined;
}

/** Number of rows before the data: names and types of the columns. */
function headingsOf(format = ''): number {
  return format.includes('WithNames') ? (format.endsWith('AndTypes') ? 2 : 1) : 0;
}

/**
 * Whether a row with one string can be data, given the rows before it: the result has one column, and it may contain exception texts, as
 * `system.query_log` does. Rows of null and of an empty string do not decide it.
 */
function isValueOfColumn(before: string, headings: number, mayBeOnlyRow: boolean): boolean {
  const rows = before.split('\n').map(parseRow);
  // The first lines may be cut off, and are names or types of the columns otherwise.
  const [latest] = rows.filter((row) => row !== undefined).slice(-1);
  if (latest && latest.length !== 1) return false;
  const values = rows
    .filter((row) => row !== undefined)
    .slice(headings)
    .map(([value]) => value)
    .filter((value) => value !== null && value !== '');
  if (values.length === 0) return !mayBeOnlyRow;
  return values.some((value) => typeof value === 'string' && parseServerText(value) !== undefined);
}

function parseRow(line: string): readonly unknown[] | undefined {
  try {
    const row: unknown = JSON.parse(line);
    return Array.isArray(row) ? row : undefined;
  } catch {
    return undefined;
  }
}
