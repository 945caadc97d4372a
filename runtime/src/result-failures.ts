import { Readable } from 'node:stream';
import { parseFailure, parseResultTail, StatementError, StreamError, UnclassifiedError } from './errors.js';
import type { Statement } from './statement.js';

interface Result {
  json(): Promise<unknown>;
  text(): Promise<unknown>;
  stream(): unknown;
}

/** As much of the end of a body as may hold an exception. */
const tailBytes = 64 * 1024;

/**
 * Has a body that breaks off fail in our words, wherever its reader stands: also one that ends with an exception of the server, which an
 * old server writes behind the rows of a good answer, and which nobody else would tell from data.
 */
export function failInOurWords(body: Readable, statement: Statement, headers: Readonly<Record<string, unknown>> = {}): void {
  const context = { ...statement.facts, headers: { 'x-clickhouse-exception-tag': textOf(headers['x-clickhouse-exception-tag']) } };
  const push = body.push.bind(body);
  let [last, before]: (Buffer | undefined)[] = [];
  body.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (Buffer.isBuffer(chunk)) {
      if (last === undefined || last.length < tailBytes) before = last;
      else before = undefined;
      last = chunk;
    } else if (chunk === null && last !== undefined) {
      const tail = Buffer.concat(before === undefined ? [last] : [before, last]).subarray(-tailBytes);
      // The word itself, so that nobody pays for decoding what cannot be one.
      const exception = tail.includes('xception') ? parseResultTail(tail.toString(), context) : undefined;
      if (exception) {
        body.destroy(exception);
        return false;
      }
    }
    return push(chunk, encoding);
  };
  translate(body, (error) => ours(error, statement));
}

/** The methods of a result set, whose own failures come from behind the body: rows that are none, and marks of new servers. */
export function speakOurWords<R extends Result>(result: R, statement: Statement): R {
  const told = (error: unknown): never => {
    throw ours(error, statement, 0);
  };
  const [json, text, stream] = [result.json.bind(result), result.text.bind(result), result.stream.bind(result)];
  result.json = () => json().catch(told);
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
  translate(rows, (error) => ours(error, statement, delivered));
}

/** What a stream is destroyed with is what its reader is told. */
function translate(stream: Readable, told: (error: Error) => Error): void {
  const destroy = stream._destroy.bind(stream);
  stream._destroy = (error, done) => destroy(error && told(error), done);
}

/** The client's complaints about how a result is used are the caller's own affair, and stay as they are. */
function ours(error: unknown, statement: Statement, rowsDelivered?: number): Error {
  if (statement.failure) return statement.failure;
  if (error instanceof StreamError)
    return error.rowsDelivered === undefined && error.cause instanceof StatementError ? new StreamError(error.cause, rowsDelivered) : error;
  const isOfResult = error instanceof SyntaxError;
  const failure = parseFailure(error, { ...statement.facts, isStreaming: true, rowsDelivered });
  const isForeign = failure instanceof StreamError && failure.cause instanceof UnclassifiedError && !isOfResult;
  return isForeign && error instanceof Error ? error : failure;
}

function textOf(header: unknown): string | undefined {
  return typeof header === 'string' ? header : undefined;
}
