import {
  BreakerOpenError,
  type ClickHouseErrorKind,
  ClickHouseSsotError,
  ManagerClosedError,
  parseFailure,
  StatementError,
  StreamError,
} from '../errors/index.js';
import { DeadlineExceededError } from '../errors/interruption.js';
import { isError } from '../errors/is-error.js';

/** The public code of a failure. It says what the client of the application can do, and nothing about ClickHouse. */
export type HttpFailureCode =
  | 'BAD_GATEWAY'
  | 'CLIENT_CLOSED_REQUEST'
  | 'DATABASE_UNAVAILABLE'
  | 'INTERNAL_ERROR'
  | 'OVERLOADED'
  | 'SHUTTING_DOWN'
  | 'TIMED_OUT'
  | 'WRITE_OUTCOME_UNKNOWN';

/** The HTTP response to a request that failed because of ClickHouse. */
export interface HttpFailure {
  /** HTTP status, 499 to 504. */
  readonly status: number;
  /** Headers with lower-case names: `content-type`, and `retry-after` in seconds if the same request is likely to succeed later. */
  readonly headers: Readonly<Record<string, string>>;
  /** Problem details (RFC 9457). They contain no SQL, no host, no user and no text of the server. */
  readonly body: {
    /** HTTP status, as in the response. */
    readonly status: number;
    /** Name of the status. */
    readonly title: string;
    /** The code, for programs. */
    readonly code: HttpFailureCode;
    /** A sentence for people. */
    readonly detail: string;
  };
}

/** Pause for which clients are asked if the failure does not say one, in milliseconds. */
const defaultPauseMs = 1_000;

const responses: Readonly<Record<HttpFailureCode, Omit<HttpFailure['body'], 'code'>>> = {
  BAD_GATEWAY: { status: 502, title: 'Bad Gateway', detail: 'The database gave no valid response.' },
  // The status of nginx for a client that closed the connection. No client reads this response.
  CLIENT_CLOSED_REQUEST: { status: 499, title: 'Client Closed Request', detail: 'The request was aborted.' },
  DATABASE_UNAVAILABLE: { status: 503, title: 'Service Unavailable', detail: 'The database is not available at the moment.' },
  INTERNAL_ERROR: { status: 500, title: 'Internal Server Error', detail: 'The request failed because of an error of the service.' },
  OVERLOADED: { status: 503, title: 'Service Unavailable', detail: 'The service has too much load at the moment.' },
  SHUTTING_DOWN: { status: 503, title: 'Service Unavailable', detail: 'This instance of the service is shutting down.' },
  TIMED_OUT: { status: 504, title: 'Gateway Timeout', detail: 'The request took too long.' },
  WRITE_OUTCOME_UNKNOWN: {
    status: 500,
    title: 'Internal Server Error',
    detail: 'The change may or may not have been made. Check the data before you send the request again.',
  },
};

/** The code of each error class. The type makes a new class without an entry an error of the compiler. */
const codes: Readonly<Record<ClickHouseErrorKind, HttpFailureCode | ((failure: ClickHouseSsotError) => HttpFailureCode)>> = {
  AbortedError: ({ cause }) => (isTimeoutReason(cause) ? 'TIMED_OUT' : 'CLIENT_CLOSED_REQUEST'),
  AcquireTimeoutError: 'OVERLOADED',
  AmbiguousWriteError: 'WRITE_OUTCOME_UNKNOWN',
  // Not 401: the credentials are those of the service, and not those of its client.
  AuthenticationError: 'INTERNAL_ERROR',
  BreakerOpenError: 'DATABASE_UNAVAILABLE',
  ClickHouseSsotError: 'INTERNAL_ERROR',
  ConfigError: 'INTERNAL_ERROR',
  ConnectError: unavailableIfRetryable,
  ConnectionLostError: unavailableIfRetryable,
  ConnectionRecursionError: 'INTERNAL_ERROR',
  CreateTimeoutError: 'DATABASE_UNAVAILABLE',
  DeadlineExceededError: (failure) =>
    failure instanceof DeadlineExceededError && failure.phase === 'waiting' ? 'OVERLOADED' : 'TIMED_OUT',
  DependencyError: 'INTERNAL_ERROR',
  DoubleReleaseError: 'INTERNAL_ERROR',
  EngineMissingError: 'INTERNAL_ERROR',
  GatewayError: 'BAD_GATEWAY',
  IngestClosedError: 'SHUTTING_DOWN',
  IngestFullError: 'OVERLOADED',
  IngestLockedError: 'INTERNAL_ERROR',
  IngestStoreError: 'INTERNAL_ERROR',
  IngestUndeliveredError: 'INTERNAL_ERROR',
  InvalidArgumentError: 'INTERNAL_ERROR',
  ManagerAlreadySetError: 'INTERNAL_ERROR',
  ManagerClosedError: 'SHUTTING_DOWN',
  MigrationError: 'INTERNAL_ERROR',
  NestedAcquireError: 'INTERNAL_ERROR',
  OverloadedError: 'OVERLOADED',
  // Not 403, for the same reason as above.
  PermissionError: 'INTERNAL_ERROR',
  QueueFullError: 'OVERLOADED',
  ReplicaError: 'DATABASE_UNAVAILABLE',
  ResourceLimitError: 'INTERNAL_ERROR',
  ServerError: 'INTERNAL_ERROR',
  ServerTimeoutError: 'TIMED_OUT',
  SessionError: 'INTERNAL_ERROR',
  SessionLostError: 'DATABASE_UNAVAILABLE',
  SessionReleasedError: 'INTERNAL_ERROR',
  StatementCancelledError: 'INTERNAL_ERROR',
  StatementError: 'INTERNAL_ERROR',
  StatementTerminatedError: 'SHUTTING_DOWN',
  // The failure is in the cause.
  StreamError: 'INTERNAL_ERROR',
  TenantLimitError: 'OVERLOADED',
  TimeoutError: 'TIMED_OUT',
  UnclassifiedError: 'INTERNAL_ERROR',
  UnknownBulkheadError: 'INTERNAL_ERROR',
  UnknownStatusError: 'WRITE_OUTCOME_UNKNOWN',
  UnsupportedByBackendError: 'INTERNAL_ERROR',
};

/**
 * Returns the HTTP response to a request that failed with this error, for every error of this package, of the official client and of
 * Node.js. `docs/runtime/frameworks.md` has the table. An error that `parseFailure` does not recognise is a 500.
 */
export function httpStatusOf(error: unknown): HttpFailure {
  const failure = rootOf(parseFailure(error));
  const entry = codeOfKind(failure.kind);
  const code = typeof entry === 'function' ? entry(failure) : entry;
  const pauseMs = code === 'WRITE_OUTCOME_UNKNOWN' ? undefined : pauseOf(failure);
  const { status, title, detail } = responses[code];
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(pauseMs !== undefined && { 'retry-after': String(Math.max(1, Math.ceil(pauseMs / 1_000))) }),
    },
    body: { status, title, code, detail },
  };
}

/** Returns the code of a kind. A second copy of this package may have classes that this one does not know. */
function codeOfKind(kind: ClickHouseErrorKind): (typeof codes)[ClickHouseErrorKind] {
  return Object.hasOwn(codes, kind) ? codes[kind] : 'INTERNAL_ERROR';
}

/** Returns the failure that broke off a result, in place of the StreamError. */
function rootOf(failure: ClickHouseSsotError): ClickHouseSsotError {
  return failure instanceof StreamError && failure.cause instanceof ClickHouseSsotError ? failure.cause : failure;
}

/** A failure of TLS, and a response that is no HTTP, do not pass by themselves. */
function unavailableIfRetryable(failure: ClickHouseSsotError): HttpFailureCode {
  return failure.retryable ? 'DATABASE_UNAVAILABLE' : 'BAD_GATEWAY';
}

/** Returns the pause before a repetition in milliseconds. Undefined if a repetition is unsafe or unlikely to succeed. */
function pauseOf(failure: ClickHouseSsotError): number | undefined {
  if (failure instanceof BreakerOpenError) return failure.retryAfterMs ?? defaultPauseMs;
  if (failure instanceof ManagerClosedError) return defaultPauseMs;
  if (!failure.retryable) return undefined;
  return (failure instanceof StatementError ? failure.retryAfterMs : undefined) ?? defaultPauseMs;
}

/** Whether a signal was aborted by `AbortSignal.timeout()`. */
function isTimeoutReason(reason: unknown): boolean {
  return isError(reason) && reason.name === 'TimeoutError';
}
