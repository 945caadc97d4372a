import { findExceptionRow, parseJsonText } from './exception-row.js';
import { maxTextLength, parseServerText, prefixes, suffixOf } from './parse-server-exception.js';
import type { ServerException } from './server.js';

/** Facts about the result that may contain an exception. */
export interface ResultFacts {
  /** The header `x-clickhouse-exception-tag` of servers since 25.11. */
  readonly tag: string | undefined;
  /** Name of the format. Undefined if it is unknown. */
  readonly format: string | undefined;
  /** Whether the response has progress headers: then the server sent status 200 before the statement ran. */
  readonly hasProgress: boolean;
}

const frameMarker = '__exception__\r\n';

/**
 * Returns the exception that a server appended to the rows when the statement failed after the headers were sent, or undefined.
 *
 * Without a tag, a column value at the end of the body that looks exactly like an exception is mistaken for one.
 * @param tail the end of the body, at most 64 KiB
 */
export function findInBandException(tail: string, { tag, format, hasProgress }: ResultFacts): ServerException | undefined {
  const end = tail.slice(-maxTextLength).trimEnd();
  // With `http_write_exception_in_output_format` a server with tags writes an exception in the format instead of a frame.
  if (tag !== undefined)
    return findTagged(tail, tag) ?? (format?.startsWith('JSON') === true ? findInFormat(end, format, hasProgress) : undefined);
  const exception = findInFormat(end, format, hasProgress);
  if (exception) return exception;
  const start = [...end.matchAll(prefixes)].at(-1)?.index;
  return start !== undefined && suffixOf(end) !== undefined ? parseServerText(end.slice(start)) : undefined;
}

/** A document has the exception as its last key. Rows may be enclosed in an array, whose bracket follows the exception. */
function findInFormat(end: string, format: string | undefined, hasProgress: boolean): ServerException | undefined {
  const inDocument = /(?:^|\n)\t"exception": ("(?:[^"\\]|\\.)*")\s?\}$/.exec(end)?.[1];
  return inDocument === undefined ? findExceptionRow(end.replace(/\n\]$/, ''), format, hasProgress) : parseJsonText(inDocument);
}

function findTagged(tail: string, tag: string): ServerException | undefined {
  const end = `${tag}\r\n${frameMarker}`;
  if (!tail.endsWith(end)) return undefined;
  const start = tail.lastIndexOf(`${frameMarker}${tag}`, tail.length - end.length - 1);
  const framed = start === -1 ? tail : tail.slice(start + frameMarker.length + tag.length);
  return parseServerText(framed.slice(0, -end.length).replace(/\n\d+ $/, ''));
}
