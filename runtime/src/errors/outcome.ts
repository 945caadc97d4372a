import {
  AbortedError,
  AcquireTimeoutError,
  AmbiguousWriteError,
  BreakerOpenError,
  type ClickHouseSsotError,
  ConfigError,
  ConnectError,
  ConnectionRecursionError,
  CreateTimeoutError,
  EngineMissingError,
  GatewayError,
  IngestClosedError,
  IngestFullError,
  IngestLockedError,
  InvalidArgumentError,
  ManagerAlreadySetError,
  ManagerClosedError,
  NestedAcquireError,
  OverloadedError,
  QueueFullError,
  ReplicaError,
  ServerError,
  StatementError,
  StreamError,
  TenantLimitError,
  TimeoutError,
  ConnectionLostError,
  UnknownStatusError,
  UnsupportedByBackendError,
} from './index.js';
import { wasTooMany } from './later-exception.js';
import { isRequestRefusal } from './request-refusal.js';
import { keywordOf, skipLeadingComments } from './sql-keyword.js';
import { DeadlineExceededError, SessionLostError, SessionReleasedError, UnknownBulkheadError } from './interruption.js';

/**
 * The phase that a statement has reached.
 * - `waiting`: for a permit or a client.
 * - `sending`: until the headers of the response arrive.
 * - `streaming`: until the body of the response ends.
 * - `done`: the body has ended.
 */
export type Phase = 'waiting' | 'sending' | 'streaming' | 'done';

/**
 * The outcome of a statement, as far as the client can know it.
 * - `never-sent`: no server received the statement.
 * - `unknown`: the server may have run the statement, or may still run it.
 * - `refused`: the server answered with an error. Rows that a write inserted before the error may remain.
 * - `failed-mid-stream`: the result ended early, after it had begun.
 * - `done`: the result arrived completely.
 */
export type Outcome = 'never-sent' | 'unknown' | 'refused' | 'failed-mid-stream' | 'done';

/**
 * The effect of sending a statement twice.
 * - `read`: none.
 * - `write`: the change may happen twice.
 * - `deduplicated-write`: none, since the server drops the second copy.
 * - `streamed-write`: the body was read from a stream, at least in part, so a second attempt is impossible.
 */
export type Effect = 'read' | 'write' | 'deduplicated-write' | 'streamed-write';

const neverSentErrors = [
  ConfigError,
  ConnectionRecursionError,
  EngineMissingError,
  ConnectError,
  InvalidArgumentError,
  BreakerOpenError,
  AcquireTimeoutError,
  CreateTimeoutError,
  NestedAcquireError,
  QueueFullError,
  TenantLimitError,
  ManagerAlreadySetError,
  ManagerClosedError,
  SessionLostError,
  SessionReleasedError,
  UnknownBulkheadError,
  UnsupportedByBackendError,
];

/** First keywords of statements that only read. */
const readKeywords = new Set(['SELECT', 'WITH', 'SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'EXPLAIN', 'CHECK']);

/**
 * Returns the effect of a statement. A statement that is not known to only read counts as a write.
 * @param statement the SQL, or the values of an `insert`
 * @param settings its ClickHouse settings. With an `insert_deduplication_token` the server drops the second copy of an insert.
 */
export function classifyEffect(
  statement: { readonly sql: unknown } | { readonly values: unknown },
  settings: Readonly<Record<string, unknown>> = {},
): Effect {
  // A caller without types may pass anything, which the client rejects.
  if ('sql' in statement) return typeof statement.sql === 'string' && isRead(statement.sql) ? 'read' : 'write';
  if (typeof statement.values === 'object' && statement.values !== null && !Array.isArray(statement.values) && 'pipe' in statement.values)
    return 'streamed-write';
  return typeof settings['insert_deduplication_token'] === 'string' && settings['insert_deduplication_token'] !== ''
    ? 'deduplicated-write'
    : 'write';
}

function isRead(sql: string): boolean {
  const keyword = keywordOf(sql);
  // Recent servers also accept `WITH … INSERT INTO … SELECT`.
  return keyword !== undefined && readKeywords.has(keyword) && !(keyword === 'WITH' && /\bINSERT\b/i.test(skipLeadingComments(sql)));
}

/**
 * Returns the outcome of a statement from its failure.
 * A connection reset means `unknown`: the server may have run the statement before it closed the connection.
 * @param failure undefined if the statement succeeded
 * @param phase the phase at the failure. Default: `sending`.
 */
export function outcomeOf(failure: ClickHouseSsotError | undefined, phase: Phase = 'sending'): Outcome {
  if (failure === undefined || phase === 'done') return 'done';
  const isRefusedRow =
    (failure instanceof IngestClosedError || failure instanceof IngestFullError || failure instanceof IngestLockedError) &&
    failure.acceptedRows === 0;
  const isEndedEarly = failure instanceof DeadlineExceededError || failure instanceof AbortedError;
  if (
    phase === 'waiting' ||
    isRefusedRow ||
    neverSentErrors.some((type) => failure instanceof type) ||
    (isEndedEarly && failure.phase === 'waiting')
  )
    return 'never-sent';
  if (phase === 'streaming' || failure instanceof StreamError) return 'failed-mid-stream';
  // A proxy that answers with a success has not forwarded the statement: it reports a lost server by an error.
  if (failure instanceof GatewayError) return isSuccess(failure.httpStatus) || isRequestRefusal(failure.httpStatus) ? 'refused' : 'unknown';
  return failure instanceof ServerError && !isOutcomeUnknown(failure) ? 'refused' : 'unknown';
}

/** Whether the server may have run the statement. A proxy also answers 503 when it loses the connection to the server. */
function isOutcomeUnknown(failure: ServerError): boolean {
  return failure instanceof UnknownStatusError || (failure.clickhouseCode === undefined && failure.httpStatus === 503);
}

/** Whether the response had arrived and was not valid HTTP, or had more headers than the client reads. */
function isParseError(failure: ClickHouseSsotError): boolean {
  return failure instanceof ConnectionLostError && failure.systemCode?.startsWith('HPE_') === true;
}

/**
 * Decides what follows a failed attempt. `retry`: send the statement again. `fail`: throw the failure. `ambiguous`: throw an
 * AmbiguousWriteError, since the write may have happened.
 */
export function retryDecision(failure: ClickHouseSsotError, effect: Effect, phase?: Phase): 'retry' | 'fail' | 'ambiguous' {
  // A deadline, an abort and a drain end the statement. A full queue and an open breaker limit the wait, which a retry would prolong.
  if (!(failure instanceof StatementError) || failure instanceof AmbiguousWriteError) return 'fail';
  const outcome = outcomeOf(failure, phase);
  const isWrite = effect === 'write' || effect === 'streamed-write';
  if (isWrite && outcome !== 'never-sent' && !wasTooMany(failure)) return outcome === 'refused' ? 'fail' : 'ambiguous';
  if (effect === 'streamed-write') return 'fail';
  return failure.retryable && outcome !== 'failed-mid-stream' ? 'retry' : 'fail';
}

/**
 * Returns what a failure says about the health of the endpoint. `healthy`: the server answered, if only with an error. `none`: nothing,
 * as for an abort or a deadline.
 */
export function endpointSignal(failure: ClickHouseSsotError): 'healthy' | 'failing' | 'none' {
  const { cause } = failure;
  if ((failure instanceof StreamError || failure instanceof AmbiguousWriteError) && cause instanceof StatementError)
    return endpointSignal(cause);
  if (failure instanceof OverloadedError || isParseError(failure)) return 'none';
  // An answer, if an unwelcome one, shows that the endpoint works.
  if (failure instanceof GatewayError && isRequestRefusal(failure.httpStatus)) return 'healthy';
  if ([ReplicaError, ConnectError, ConnectionLostError, TimeoutError, GatewayError].some((type) => failure instanceof type))
    return 'failing';
  return failure instanceof ServerError ? 'healthy' : 'none';
}

function isSuccess(httpStatus: number | undefined): boolean {
  return httpStatus !== undefined && httpStatus < 300;
}
