import { ConnectionLostError, type FailureContext, GatewayError, parseResultTail, StreamError } from '../errors/index.js';

/** Formats in which each row ends with a line feed, also the last one. The client drops an incomplete last line. */
const lineFormats = /^JSON\w*EachRow/;
const lineFeed = 10;

/**
 * Returns the failure that the end of a body shows: an exception of the server, or a truncated row.
 * @param tail the last bytes, at most 64 KiB
 * @param format name of the format that the client reads. Empty if the caller reads the body as it is.
 * @param mayHaveException whether to look for an exception
 */
export function failureInTail(
  tail: Uint8Array,
  format: string,
  mayHaveException: boolean,
  contextOf: () => FailureContext,
): StreamError | undefined {
  if (mayHaveException) {
    const context = contextOf();
    const exception = parseResultTail(textOf(tail), { ...context, format: context.format ?? formatOfSql(context.sql) });
    if (exception) return exception;
  }
  if (tail.length === 0 || tail.at(-1) === lineFeed || !lineFormats.test(format)) return undefined;
  const context = contextOf();
  const text = textOf(tail);
  // A page instead of rows comes from a proxy.
  const isPage = text.startsWith('<');
  const cause = isPage
    ? new GatewayError(text, context)
    : new ConnectionLostError(undefined, 'the result ends in the middle of a row', context);
  return new StreamError(cause, context.rowsDelivered);
}

/** Returns the failure of a body with the beginning of a marked exception, whose rest is missing or damaged. */
export function incompleteException(context: FailureContext): StreamError {
  return new StreamError(
    new ConnectionLostError(undefined, 'the result ends in the middle of an exception', context),
    context.rowsDelivered,
  );
}

/** Returns the format that a statement names at its end, for a body that is read as it is. */
function formatOfSql(sql = ''): string | undefined {
  return /\bFORMAT\s+(\w+)\s*(?:\bSETTINGS\b[^;]*)?[;\s]*$/i.exec(sql.slice(-maxClauseLength))?.[1];
}

/** In characters. Limits the input of a pattern that is anchored at the end. */
const maxClauseLength = 1_000;

function textOf(bytes: Uint8Array): string {
  // `Buffer` keeps a byte order mark as well.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
