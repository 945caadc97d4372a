import { Readable } from 'node:stream';
import {
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
import { destroyBody, type Statement } from './statement.js';

interface Result {
  json(): Promise<unknown>;
  text(): Promise<unknown>;
  stream(): unknown;
}

/** As much of the end of a body as may hold an exception. */
const tailBytes = 64 * 1024;

const longestExceptionLines = 1_000;

/** Formats whose every row ends with its line, the last one too: the client drops what stands behind the last line. */
const lineFormats = /^JSON\w*EachRow/;
const newline = 10;

/**
 * Has a body that breaks off fail in our words, wherever its reader stands: also one that ends with an exception of the server, which an
 * old server writes behind the rows of a good answer, and one that ends in the midst of a row. Nobody else would tell them from data.
 * @throws StreamError if it is all there by now, as short ones are
 */
export function translateBodyErrors(
  body: Readable,
  statement: Statement,
  headers: Readonly<Record<string, unknown>> = {},
  format = '',
): void {
  const tag = textOf(headers['x-clickhouse-exception-tag']);
  const context = { ...statement.facts, headers: { 'x-clickhouse-exception-tag': tag } };
  const isMarked = tag !== undefined && lineFormats.test(format);
  const tail = new TailBuffer();
  /** No row holds a carriage return, and each mark of an exception begins with one: of a piece of it the client would make an error of its own. */
  const pendingChunks: Buffer[] = [];
  const rowsOf = (chunk: Buffer): Buffer => {
    tail.add(chunk);
    const end = pendingChunks.length > 0 ? 0 : isMarked ? chunk.indexOf('\r') : -1;
    if (end === -1) return chunk;
    pendingChunks.push(chunk.subarray(end));
    return chunk.subarray(0, end);
  };
  // What came together with the headers is there already. A look at it takes it out.
  const early: unknown = body.readableLength > 0 ? body.read() : undefined;
  if (Buffer.isBuffer(early)) {
    const isAll = Reflect.get(body, 'complete') === true;
    const rows = rowsOf(early);
    const failure = isAll ? failureIn(tail.bytes, format, { ...context, rowsDelivered: 0 }) : undefined;
    if (failure) {
      body.resume();
      throw failure;
    }
    if (isAll || rows.length > 0) body.unshift(isAll ? early : rows);
  }
  const push = body.push.bind(body);
  body.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (Buffer.isBuffer(chunk)) return push(rowsOf(chunk), encoding);
    const failure = chunk === null ? failureIn(tail.bytes, format, context) : undefined;
    if (failure) {
      destroyBody(body, failure);
      return false;
    }
    for (const rest of pendingChunks.splice(0)) push(rest);
    return push(chunk, encoding);
  };
  onStreamDestroy(body, statement, (error) => statementFailure(error, statement));
}

class TailBuffer {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    for (let [first] = this.#chunks; first && this.#length - first.length >= tailBytes; [first] = this.#chunks) {
      this.#chunks.shift();
      this.#length -= first.length;
    }
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks).subarray(-tailBytes);
  }
}

function failureIn(tail: Buffer, format: string, context: FailureContext): StreamError | undefined {
  // The word itself, so that nobody pays for decoding what cannot be one.
  const exception = tail.includes('xception') ? parseResultTail(tail.toString(), context) : undefined;
  if (exception || tail.length === 0 || tail.at(-1) === newline || !lineFormats.test(format)) return exception;
  const text = tail.toString();
  const isPage = text.startsWith('<');
  const cause = isPage
    ? new GatewayError(text, context)
    : new ConnectionLostError(undefined, 'the result ends in the midst of a row', context);
  return new StreamError(cause, context.rowsDelivered);
}

/** How the client ends a body whose result is closed. */
const closed = 'ResultSet has been closed';

/** The methods of a result set, whose own failures come from behind the body: rows that are none, and marks of new servers. */
export function translateResultSetErrors<R extends Result>(result: R, statement: Statement): R {
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

function translateRowErrors(rows: Readable, statement: Statement): void {
  const push = rows.push.bind(rows);
  let delivered = 0;
  /** What is an exception, if the body ends with it soon. */
  const pendingChunks: unknown[] = [];
  let hasPassed = false;
  rows.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk === null && pendingChunks.length > 0) push(pendingChunks);
    if (!Array.isArray(chunk)) return push(chunk, encoding);
    const found: unknown[] = chunk;
    const end = hasPassed ? -1 : pendingChunks.length > 0 ? 0 : found.findIndex(isPerhapsException);
    if (end !== -1) for (const row of found.splice(end)) pendingChunks.push(row);
    // No exception is so long: these were rows that begin as one does.
    if (pendingChunks.length > longestExceptionLines) {
      hasPassed = true;
      for (const row of pendingChunks.splice(0)) found.push(row);
    }
    delivered += found.length;
    return found.length === 0 || push(found, encoding);
  };
  onStreamDestroy(rows, statement, (error) => statementFailure(error, statement, delivered));
}

function isPerhapsException(row: unknown): boolean {
  const text: unknown = typeof row === 'object' && row !== null && 'text' in row ? row.text : undefined;
  return typeof text === 'string' && (text.startsWith('Code: ') || text.startsWith('{"exception": '));
}

/** What a stream is destroyed with is what its reader is told, and what becomes of the statement, unless he has enough. */
function onStreamDestroy(stream: Readable, statement: Statement, toError: (error: Error) => Error): void {
  const destroy = stream._destroy.bind(stream);
  stream._destroy = (error, done) => {
    const failure = error && toError(error);
    const isEnough = isConsumerAbort(stream, error) && !statement.isBuffered;
    if (!isEnough && failure instanceof StreamError) statement.streamError = failure;
    // An exception among the rows is the server's last word.
    statement.end(failure instanceof StreamError && failure.cause instanceof ServerError, isEnough ? undefined : (failure ?? undefined));
    destroy(failure, done);
  };
}

/** He closes the result, destroys it without a reason, or leaves his loop, which Node tells by an AbortError of its own or, of the body itself, by aborting the request. */
function isConsumerAbort(stream: Readable, error: Error | null): boolean {
  if (!error || error.name === 'AbortError' || error.message === closed) return true;
  const request: unknown = Reflect.get(stream, 'req');
  return typeof request === 'object' && request !== null && Reflect.get(request, 'aborted') === true;
}

/** The client's complaints about how a result is used are the caller's own affair, and stay as they are. */
function statementFailure(error: unknown, statement: Statement, rowsDelivered?: number): Error {
  return statement.failure ?? statement.withTimings(toRuntimeError(error, statement, rowsDelivered));
}

function toRuntimeError(error: unknown, statement: Statement, rowsDelivered?: number): Error {
  if (error instanceof StreamError)
    return error.rowsDelivered === undefined && error.cause instanceof StatementError ? new StreamError(error.cause, rowsDelivered) : error;
  const { facts } = statement;
  if (error instanceof SyntaxError)
    return new StreamError(
      new ConnectionLostError(undefined, `it sent what is no JSON: ${error.message}`, { ...facts, cause: error }),
      rowsDelivered,
    );
  const failure = parseFailure(error, { ...facts, isStreaming: true, rowsDelivered });
  const isForeign = failure instanceof StreamError && failure.cause instanceof UnclassifiedError;
  return isForeign && error instanceof Error ? error : failure;
}

function textOf(header: unknown): string | undefined {
  return typeof header === 'string' ? header : undefined;
}
