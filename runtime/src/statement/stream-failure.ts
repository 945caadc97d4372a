import type { Readable } from 'node:stream';
import {
  AbortedError,
  ConnectionLostError,
  parseFailure,
  StatementError,
  ServerError,
  StreamError,
  UnclassifiedError,
} from '../errors/index.js';
import { isError } from '../errors/is-error.js';
import type { Statement } from './statement.js';

/** Message of the error with which the client destroys a body when `close()` is called. */
const closedMessage = 'ResultSet has been closed';

/**
 * Translates the error that destroys a stream, for its reader, and ends the statement with it. If the reader stopped, the statement ends
 * without a failure.
 */
export function onStreamDestroy(stream: Readable, statement: Statement, toError: (error: Error) => Error): void {
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
export function statementFailure(error: unknown, statement: Statement, rowsDelivered?: number): Error {
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
