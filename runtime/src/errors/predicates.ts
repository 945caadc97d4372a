import {
  AbortedError,
  AcquireTimeoutError,
  CreateTimeoutError,
  AmbiguousWriteError,
  AuthenticationError,
  ClickHouseSsotError,
  ConnectError,
  OverloadedError,
  parseFailure,
  ServerError,
  ServerTimeoutError,
  StatementCancelledError,
  StreamError,
  TimeoutError,
  UnknownStatusError,
} from './index.js';
import { DeadlineExceededError } from './interruption.js';

type Predicate = (failure: ClickHouseSsotError) => boolean;

/**
 * Whether the predicate holds for an error of this package, of another copy of it, of the official client, of chDB or of Node.js. For a
 * StreamError and an AmbiguousWriteError it may also hold for the cause.
 */
function matches(error: unknown, predicate: Predicate): boolean {
  const failure = parseFailure(error);
  const { cause } = failure;
  return (
    predicate(failure) ||
    ((failure instanceof StreamError || failure instanceof AmbiguousWriteError) && cause instanceof ClickHouseSsotError && predicate(cause))
  );
}

/** Whether the connection could not be established, so that nothing was sent. */
export function isConnectError(error: unknown): boolean {
  return matches(error, (failure) => failure instanceof ConnectError);
}

/** Whether a write may or may not have happened. */
export function isAmbiguousWrite(error: unknown): boolean {
  return matches(error, (failure) => failure instanceof AmbiguousWriteError || failure instanceof UnknownStatusError);
}

/** Whether the server, or a proxy in front of it, has too much load. */
export function isOverloaded(error: unknown): boolean {
  return matches(error, (failure) => failure instanceof OverloadedError);
}

/** Whether a time limit was exceeded: on the server, on the connection, in the queue for a permit or in `onCreate`, or the deadline. */
export function isTimeout(error: unknown): boolean {
  return matches(error, (failure) =>
    [TimeoutError, ServerTimeoutError, DeadlineExceededError, AcquireTimeoutError, CreateTimeoutError].some(
      (type) => failure instanceof type,
    ),
  );
}

/** Whether the caller's signal was aborted, or the statement was killed on the server. */
export function isAborted(error: unknown): boolean {
  return matches(error, (failure) => failure instanceof AbortedError || failure instanceof StatementCancelledError);
}

/** Whether the server rejected the credentials: unknown user, wrong password or invalid token. */
export function isAuthenticationError(error: unknown): boolean {
  return matches(error, (failure) => failure instanceof AuthenticationError);
}

/**
 * Whether the server answered with an error.
 * @param code a code of `system.errors`, such as 62. Without it, every code matches.
 */
export function isServerError(error: unknown, code?: number): boolean {
  return matches(error, (failure) => failure instanceof ServerError && (code === undefined || failure.clickhouseCode === code));
}

/** Whether the same call is likely to succeed a moment later. For a write, check `isAmbiguousWrite` first. */
export function isRetryable(error: unknown): boolean {
  return parseFailure(error).retryable;
}
