import { Readable } from 'node:stream';
import {
  type FailureContext,
  GatewayError,
  parseFailure,
  parseResultTail,
  StatementError,
  StreamError,
  TransportError,
  UnclassifiedError,
} from './errors.js';
import type { Statement } from './statement.js';

interface Result {
  json(): Promise<unknown>;
  text(): Promise<unknown>;
  stream(): unknown;
}

/** As much of the end of a body as may hold an exception. */
const tailBytes = 64 * 1024;

/** Formats whose every row ends with its line, the last one too: the client drops what stands behind the last line. */
const linewise = /^JSON\w*EachRow/;
const newline = 10;

/**
 * Has a body that breaks off fail in our words, wherever its reader stands: also one that ends with an exception of the server, which an
 * old server writes behind the rows of a good answer, and one that ends in the midst of a row. Nobody else would tell them from data.
 * @throws StreamError if it is all there by now, as short ones are
 */
export function failInOurWords(body: Readable, statement: Statement, headers: Readonly<Record<string, unknown>> = {}, format = ''): void {
  const context = { ...statement.facts, headers: { 'x-clickhouse-exception-tag': textOf(headers['x-clickhouse-exception-tag']) } };
  const tail = new Tail();
  // What came together with the headers is there already. A look at it takes it out.
  const early: unknown = body.readableLength > 0 ? body.read() : undefined;
  if (Buffer.isBuffer(early)) {
    body.unshift(early);
    tail.add(early);
    const failure = Reflect.get(body, 'complete') === true ? failureIn(tail.bytes, format, { ...context, rowsDelivered: 0 }) : undefined;
    if (failure) {
      body.resume();
      throw failure;
    }
  }
  const push = body.push.bind(body);
  body.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (Buffer.isBuffer(chunk)) tail.add(chunk);
    const failure = chunk === null ? failureIn(tail.bytes, format, context) : undefined;
    if (!failure) return push(chunk, encoding);
    body.destroy(failure);
    return false;
  };
  translate(body, statement, (error) => ours(error, statement));
}

class Tail {
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
  if (exception || tail.length === 0 || tail.at(-1) === newline || !linewise.test(format)) return exception;
  const text = tail.toString();
  const isPage = text.startsWith('<');
  const cause = isPage ? new GatewayError(text, context) : new TransportError(undefined, 'the result ends in the midst of a row', context);
  return new StreamError(cause, context.rowsDelivered);
}

/** How the client ends a body whose result is closed. */
const closed = 'ResultSet has been closed';

/** The methods of a result set, whose own failures come from behind the body: rows that are none, and marks of new servers. */
export function speakOurWords<R extends Result>(result: R, statement: Statement): R {
  const told = (error: unknown): never => {
    throw ours(error, statement, 0);
  };
  const [json, text, stream] = [result.json.bind(result), result.text.bind(result), result.stream.bind(result)];
  result.json = () => {
    statement.isReadWhole = true;
    return json().catch(told);
  };
  result.text = () => text().catch(told);
  result.stream = () => {
    const rows = stream();
    if (rows instanceof Readable) translateRows(rows, statement);
    return rows;
  };
  return result;
}

function translateRows(rows: Readable, statement: Statement): void {
  const push = rows.push.bind(rows);
  let delivered = 0;
  rows.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (Array.isArray(chunk)) delivered += chunk.length;
    return push(chunk, encoding);
  };
  translate(rows, statement, (error) => ours(error, statement, delivered));
}

/** What a stream is destroyed with is what its reader is told, and what becomes of the statement, unless he has enough. */
function translate(stream: Readable, statement: Statement, told: (error: Error) => Error): void {
  const destroy = stream._destroy.bind(stream);
  stream._destroy = (error, done) => {
    const failure = error && told(error);
    statement.end(false, hasEnough(stream, error) && !statement.isReadWhole ? undefined : (failure ?? undefined));
    destroy(failure, done);
  };
}

/** He closes the result, destroys it without a reason, or leaves his loop, which Node tells by an AbortError of its own or, of the body itself, by aborting the request. */
function hasEnough(stream: Readable, error: Error | null): boolean {
  if (!error || error.name === 'AbortError' || error.message === closed) return true;
  const request: unknown = Reflect.get(stream, 'req');
  return typeof request === 'object' && request !== null && Reflect.get(request, 'aborted') === true;
}

/** The client's complaints about how a result is used are the caller's own affair, and stay as they are. */
function ours(error: unknown, statement: Statement, rowsDelivered?: number): Error {
  if (statement.failure) return statement.failure;
  if (error instanceof StreamError)
    return error.rowsDelivered === undefined && error.cause instanceof StatementError ? new StreamError(error.cause, rowsDelivered) : error;
  const { facts } = statement;
  if (error instanceof SyntaxError)
    return new StreamError(
      new TransportError(undefined, `it sent what is no JSON: ${error.message}`, { ...facts, cause: error }),
      rowsDelivered,
    );
  const failure = parseFailure(error, { ...facts, isStreaming: true, rowsDelivered });
  const isForeign = failure instanceof StreamError && failure.cause instanceof UnclassifiedError;
  return isForeign && error instanceof Error ? error : failure;
}

function textOf(header: unknown): string | undefined {
  return typeof header === 'string' ? header : undefined;
}
