import type { Readable } from 'node:stream';
import type { FailureContext, StreamError } from '../errors/index.js';
import { BodyContent } from './body-content.js';
import { FrameFilter } from './frame-filter.js';
import { failureInTail, incompleteException } from './result-tail.js';
import { destroyBody, type Statement } from './statement.js';
import { onStreamDestroy, statementFailure } from './stream-failure.js';

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
    // A search in the bytes is cheaper than decoding each tail. Markers and exceptions contain this part of the word.
    failureInTail(content.tail, format, content.tail.includes('xception'), () => contextOf(rowsDelivered)) ??
    (frames?.hasFrame === true ? incompleteException(contextOf(rowsDelivered)) : undefined);
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

function textOf(header: unknown): string | undefined {
  return typeof header === 'string' ? header : undefined;
}
