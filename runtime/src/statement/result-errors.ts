import { Readable } from 'node:stream';
import {
  AbortedError,
  type FailureContext,
  GatewayError,
  parseFailure,
  parseResultTail,
  ServerError,
  StatementError,
  StreamError,
  ConnectionLostError,
  UnclassifiedError,
} from '../errors/index.js';
import { isError } from '../errors/is-error.js';
import { TailBuffer } from '../client/body-tail.js';
import { FrameFilter } from './frame-filter.js';
import { destroyBody, type Statement } from './statement.js';

/** The methods of a result set that read its body. */
export interface BodyReader {
  json(): Promise<unknown>;
  text(): Promise<unknown>;
  stream(): unknown;
}

/** Lines that begin like an exception are rows if more lines than this follow. */
const maxExceptionLines = 1_000;

/** Formats in which each row ends with a line feed, also the last one. The client drops an incomplete last line. */
const lineFormats = /^JSON\w*EachRow/;
const lineFeed = 10;

/**
 * Converts the failures of a response body to errors of this package. Two of them look like data to the client: an exception that the
 * server appended after valid rows, and a truncated last row.
 * @throws StreamError if the whole body has arrived already and has such a failure
 */
export function translateBodyErrors(
  body: Readable,
  statement: Statement,
  headers: Readonly<Record<string, unknown>> = {},
  format = '',
): void {
  const tag = textOf(headers['x-clickhouse-exception-tag']);
  const context = {
    ...statement.facts,
    headers: { 'x-clickhouse-exception-tag': tag, 'x-clickhouse-progress': textOf(headers['x-clickhouse-progress']) },
  };
  const rowFormat = format === '' ? textOf(headers['x-clickhouse-format']) : format;
  const frames = tag === undefined ? undefined : new FrameFilter(tag);
  const tail = new TailBuffer();
  const takeRows = (chunk: Buffer): Buffer => {
    tail.add(chunk);
    return frames ? frames.takeRows(chunk) : chunk;
  };
  const failureAtEnd = (facts: FailureContext): StreamError | undefined =>
    failureIn(tail.bytes, format, facts) ?? (frames?.hasFrame === true ? invalidFrame(facts) : undefined);
  // The bytes that arrived together with the headers are buffered. Reading removes them from the body.
  const buffered: unknown = body.readableLength > 0 ? body.read() : undefined;
  if (Buffer.isBuffer(buffered)) {
    const isComplete = Reflect.get(body, 'complete') === true;
    const rows = takeRows(buffered);
    const failure = isComplete ? failureAtEnd({ ...context, format: rowFormat, rowsDelivered: 0 }) : undefined;
    if (failure) {
      body.resume();
      throw failure;
    }
    if (isComplete || rows.length > 0) body.unshift(isComplete ? buffered : rows);
  }
  const push = body.push.bind(body);
  body.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (Buffer.isBuffer(chunk)) return push(takeRows(chunk), encoding);
    const failure = chunk === null ? failureAtEnd({ ...context, format: rowFormat }) : undefined;
    if (failure) {
      destroyBody(body, failure);
      return false;
    }
    const pending = frames?.pending;
    if (pending && pending.length > 0) push(pending);
    return push(chunk, encoding);
  };
  translateConnectionErrors(body, statement);
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
function failureIn(tail: Buffer, format: string, context: FailureContext): StreamError | undefined {
  // A search in the bytes is cheaper than decoding each tail. Markers and exceptions contain this part of the word.
  const exception = tail.includes('xception')
    ? parseResultTail(tail.toString(), { ...context, format: context.format ?? formatOfSql(context.sql) })
    : undefined;
  if (exception || tail.length === 0 || tail.at(-1) === lineFeed || !lineFormats.test(format)) return exception;
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

/** Message of the error with which the client destroys a body when `close()` is called. */
const closedMessage = 'ResultSet has been closed';

/**
 * Converts the failures of the methods of a result set to errors of this package: invalid rows, and exceptions that the client finds
 * itself.
 */
export function translateResultSetErrors<R extends BodyReader>(result: R, statement: Statement): R {
  const toError = (error: unknown): never => {
    throw statementFailure(error, statement, 0);
  };
  const [json, text, stream] = [result.json.bind(result), result.text.bind(result), result.stream.bind(result)];
  result.json = () => {
    statement.isBuffered = true;
    return json().catch(toError);
  };
  result.text = () => text().catch(toError);
  result.stream = () => {
    const rows = stream();
    if (rows instanceof Readable) translateRowErrors(rows, statement);
    return rows;
  };
  return result;
}

/** Converts the failures of a stream of rows to errors of this package, with the number of rows that were delivered. */
function translateRowErrors(rows: Readable, statement: Statement): void {
  const push = rows.push.bind(rows);
  let delivered = 0;
  /** Rows that may be the lines of an exception, until more rows or the end of the body decide it. */
  const pendingRows: unknown[] = [];
  let isDecided = false;
  rows.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk === null && pendingRows.length > 0) push(pendingRows);
    if (!Array.isArray(chunk)) return push(chunk, encoding);
    const batch: unknown[] = chunk;
    // An exception in JSON is the last row, so this row is data.
    if (pendingRows.length === 1 && !isPlainException(pendingRows[0])) batch.unshift(...pendingRows.splice(0));
    const end = isDecided ? -1 : pendingRows.length > 0 ? 0 : findException(batch);
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
 * first one: the comparison of one character is fast. A JSON value is the last row of the result.
 */
function findException(batch: readonly unknown[]): number {
  const line = batch.findIndex(isPlainException);
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

/**
 * Translates the error that destroys a stream, for its reader, and ends the statement with it. If the reader stopped, the statement ends
 * without a failure.
 */
function onStreamDestroy(stream: Readable, statement: Statement, toError: (error: Error) => Error): void {
  const destroy = stream._destroy.bind(stream);
  stream._destroy = (error, done) => {
    const failure = error && toError(error);
    const isAbort = isConsumerAbort(stream, error) && !statement.isBuffered;
    if (!isAbort && failure instanceof StreamError) statement.streamError = failure;
    // After an exception among the rows, the server has finished the statement.
    statement.end(failure instanceof StreamError && failure.cause instanceof ServerError, isAbort ? undefined : (failure ?? undefined));
    destroy(failure, done);
  };
}

/**
 * Whether the reader stopped: `close()`, `destroy()` without an error, or `break` out of `for await`. Node reports the last one by an
 * AbortError or, at the body itself, by aborting the request.
 */
function isConsumerAbort(stream: Readable, error: Error | null): boolean {
  // An AbortedError comes from the caller's signal.
  if (!error || (error.name === 'AbortError' && !(error instanceof AbortedError)) || error.message === closedMessage) return true;
  const request: unknown = Reflect.get(stream, 'req');
  return typeof request === 'object' && request !== null && Reflect.get(request, 'aborted') === true;
}

/** Returns the error for the reader: the reason of an early end of the statement, if there is one. */
function statementFailure(error: unknown, statement: Statement, rowsDelivered?: number): Error {
  return statement.failure ?? statement.withAttempts(toRuntimeError(error, statement, rowsDelivered));
}

/** Returns an error of this package. Errors of the client about a wrong use of the result stay unchanged. */
function toRuntimeError(error: unknown, statement: Statement, rowsDelivered?: number): Error {
  if (error instanceof StreamError)
    return error.rowsDelivered === undefined && error.cause instanceof StatementError ? new StreamError(error.cause, rowsDelivered) : error;
  const { facts } = statement;
  if (isSyntaxError(error))
    return new StreamError(
      new ConnectionLostError(undefined, `the server sent invalid JSON: ${String(error.message)}`, { ...facts, cause: error }),
      rowsDelivered,
    );
  const failure = parseFailure(error, { ...facts, isStreaming: true, rowsDelivered });
  const isUnknown = failure instanceof StreamError && failure.cause instanceof UnclassifiedError;
  return isUnknown && isError(error) ? error : failure;
}

/** Whether a JSON parser rejected the text. The parser of the configuration may throw an object of its own. */
function isSyntaxError(error: unknown): error is { readonly name: 'SyntaxError'; readonly message: unknown } {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'SyntaxError' && 'message' in error;
}

function textOf(header: unknown): string | undefined {
  return typeof header === 'string' ? header : undefined;
}
