import type { Readable } from 'node:stream';
import { ConnectionLostError, type FailureContext, GatewayError, parseResultTail, StreamError } from '../errors/index.js';
import { BodyContent } from './body-content.js';
import { FrameFilter } from './frame-filter.js';
import { isLineFormat } from './line-formats.js';
import { destroyBody, type Statement } from './statement.js';
import { onStreamDestroy, statementFailure } from './stream-failure.js';

const lineFeed = 10;

/**
 * Converts the failures of a response body to errors of this package. Two of them look like data to the client: an exception that the
 * server appended after valid rows, and a truncated last row. Returns what the readers of its rows need to know.
 * @throws StreamError if the whole body has arrived already and has such a failure
 */
export function translateBodyErrors(
  body: Readable,
  statement: Statement,
  headers: Readonly<Record<string, unknown>> = {},
  format = '',
): BodyContent {
  const content = new BodyContent();
  const tag = textOf(headers['x-clickhouse-exception-tag']);
  const contextOf = (rowsDelivered?: number): FailureContext => ({
    ...statement.facts,
    headers: { 'x-clickhouse-exception-tag': tag, 'x-clickhouse-progress': textOf(headers['x-clickhouse-progress']) },
    format: format === '' ? textOf(headers['x-clickhouse-format']) : format,
    rowsDelivered,
  });
  const frames = tag === undefined ? undefined : new FrameFilter(tag);
  const takeRows = (chunk: Buffer): Uint8Array => {
    content.add(chunk);
    return frames ? frames.takeRows(chunk) : chunk;
  };
  const failureAtEnd = (rowsDelivered?: number): StreamError | undefined =>
    failureIn(content.tail, format, () => contextOf(rowsDelivered)) ??
    (frames?.hasFrame === true ? invalidFrame(contextOf(rowsDelivered)) : undefined);
  translateConnectionErrors(body, statement);
  // The bytes that arrived together with the headers are buffered. Reading removes them from the body.
  const buffered: unknown = body.readableLength > 0 ? body.read() : undefined;
  // Most small results are complete.
  if (Reflect.get(body, 'complete') === true && (buffered === undefined || Buffer.isBuffer(buffered))) {
    if (buffered) takeRows(buffered);
    const failure = failureAtEnd(0);
    if (failure) {
      body.resume();
      throw failure;
    }
    if (buffered) body.unshift(buffered);
    content.isVerified = true;
    return content;
  }
  if (Buffer.isBuffer(buffered)) {
    const rows = takeRows(buffered);
    if (rows.length > 0) body.unshift(rows);
  }
  const push = body.push.bind(body);
  body.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (Buffer.isBuffer(chunk)) return push(takeRows(chunk), encoding);
    if (chunk !== null) {
      content.addUnknown();
      return push(chunk, encoding);
    }
    const failure = failureAtEnd();
    if (failure) {
      destroyBody(body, failure);
      return false;
    }
    const pending = frames?.pending;
    if (pending && pending.length > 0) push(pending);
    return push(null);
  };
  return content;
}

/** Converts the failures of the connection only: the content of the body is not looked at. */
export function translateConnectionErrors(body: Readable, statement: Statement): void {
  onStreamDestroy(body, statement, (error) => statementFailure(error, statement));
}

/** A server that marks exceptions has written the beginning of one, and the rest is missing or damaged. */
function invalidFrame(context: FailureContext): StreamError {
  return new StreamError(
    new ConnectionLostError(undefined, 'the result ends in the middle of an exception', context),
    context.rowsDelivered,
  );
}

/** Returns the failure that the end of a body shows: an exception of the server, or a truncated row. */
function failureIn(tail: Buffer, format: string, contextOf: () => FailureContext): StreamError | undefined {
  // A search in the bytes is cheaper than decoding each tail. Markers and exceptions contain this part of the word.
  if (tail.includes('xception')) {
    const context = contextOf();
    const exception = parseResultTail(tail.toString(), { ...context, format: context.format ?? formatOfSql(context.sql) });
    if (exception) return exception;
  }
  // The client drops an incomplete last line.
  if (tail.length === 0 || tail.at(-1) === lineFeed || !isLineFormat(format)) return undefined;
  const context = contextOf();
  const text = tail.toString();
  // A page instead of rows comes from a proxy.
  const isPage = text.startsWith('<');
  const cause = isPage
    ? new GatewayError(text, context)
    : new ConnectionLostError(undefined, 'the result ends in the middle of a row', context);
  return new StreamError(cause, context.rowsDelivered);
}

/** Returns the format that a statement names at its end, for a body that is read as it is. */
function formatOfSql(sql = ''): string | undefined {
  return /\bFORMAT\s+(\w+)\s*(?:\bSETTINGS\b[^;]*)?[;\s]*$/i.exec(sql.slice(-maxClauseLength))?.[1];
}

/** In characters. Limits the input of a pattern that is anchored at the end. */
const maxClauseLength = 1_000;

function textOf(header: unknown): string | undefined {
  return typeof header === 'string' ? header : undefined;
}
