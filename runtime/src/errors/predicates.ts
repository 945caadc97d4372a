import {
  AbortedError,
  AcquireTimeoutError,
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

/**
 * Questions about a failure, whoever threw it: this package, another copy of it, the official client, chDB or Node.
 * A stream that broke off and a write that is in doubt are asked for what broke them, too.
 */
type Question = (failure: ClickHouseSsotError) => boolean;

function ask(error: unknown, question: Question): boolean {
  const failure = parseFailure(error);
  const { cause } = failure;
  return (
    question(failure) ||
    ((failure instanceof StreamError || failure instanceof AmbiguousWriteError) && cause instanceof ClickHouseSsotError && question(cause))
  );
}

/** No connection came about: nothing was sent. */
export function isConnectError(error: unknown): boolean {
  return ask(error, (failure) => failure instanceof ConnectError);
}

/** A write may or may not have happened. */
export function isAmbiguousWrite(error: unknown): boolean {
  return ask(error, (failure) => failure instanceof AmbiguousWriteError || failure instanceof UnknownStatusError);
}

/** Too much at once, for the server or a proxy before it. */
export function isOverloaded(error: unknown): boolean {
  return ask(error, (failure) => failure instanceof OverloadedError);
}

/** It took too long: on the server, on the wire, in the queue for a permit, or for its deadline. */
export function isTimeout(error: unknown): boolean {
  return ask(error, (failure) =>
    [TimeoutError, ServerTimeoutError, DeadlineExceededError, AcquireTimeoutError].some((type) => failure instanceof type),
  );
}

/** The caller's signal, or somebody who killed the statement on the server. */
export function isAborted(error: unknown): boolean {
  return ask(error, (failure) => failure instanceof AbortedError || failure instanceof StatementCancelledError);
}

/** Unknown user, wrong password, refused token. */
export function isAuthenticationError(error: unknown): boolean {
  return ask(error, (failure) => failure instanceof AuthenticationError);
}

/** The server answered with an error: any, or this one. `code` as in `system.errors`. */
export function isServerError(error: unknown, code?: number): boolean {
  return ask(error, (failure) => failure instanceof ServerError && (code === undefined || failure.clickhouseCode === code));
}

/** Is the same call likely to succeed a moment later? Of a write, ask `isAmbiguousWrite` first. */
export function isRetryable(error: unknown): boolean {
  return parseFailure(error).retryable;
}
