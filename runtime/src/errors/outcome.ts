import {
  AbortedError,
  AcquireTimeoutError,
  AmbiguousWriteError,
  BreakerOpenError,
  type ClickHouseSsotError,
  ConnectError,
  GatewayError,
  InvalidArgumentError,
  ManagerClosedError,
  NestedAcquireError,
  OverloadedError,
  QueueFullError,
  ReplicaError,
  ServerError,
  StatementError,
  StreamError,
  TimeoutError,
  ConnectionLostError,
  UnknownStatusError,
} from './index.js';
import { keywordOf, statementOf } from './sql-keyword.js';
import { DeadlineExceededError } from './interruption.js';

/** How far a statement came: to the client, to the headers of the answer, to the end of its body. */
export type Phase = 'waiting' | 'sending' | 'streaming' | 'done';

/**
 * What happened to a statement, as far as anybody on this side can know.
 * - `never-sent`: no server has seen it.
 * - `unknown`: it may have happened, or may still be running.
 * - `refused`: a server answered with an error. What a write had done until then may stay.
 * - `failed-mid-stream`: its result broke off after it began.
 * - `done`: it was answered to the end.
 */
export type Outcome = 'never-sent' | 'unknown' | 'refused' | 'failed-mid-stream' | 'done';

/** What doing a statement twice would do. The body of a streamed write is gone after the first time. */
export type Effect = 'read' | 'write' | 'deduplicated-write' | 'streamed-write';

const neverSent = [
  ConnectError,
  InvalidArgumentError,
  BreakerOpenError,
  AcquireTimeoutError,
  NestedAcquireError,
  QueueFullError,
  ManagerClosedError,
];

/** What statements begin with that only read. */
const reading = new Set(['SELECT', 'WITH', 'SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'EXPLAIN', 'CHECK']);

/** What is not known to only read may write. A token says that the server drops a second copy; `insert` is given values, the others their SQL. */
export function classifyEffect(
  statement: { readonly sql: string } | { readonly values: unknown },
  settings: Readonly<Record<string, unknown>> = {},
): Effect {
  if ('sql' in statement) return isRead(statement.sql) ? 'read' : 'write';
  if (typeof statement.values === 'object' && statement.values !== null && !Array.isArray(statement.values) && 'pipe' in statement.values)
    return 'streamed-write';
  return typeof settings['insert_deduplication_token'] === 'string' && settings['insert_deduplication_token'] !== ''
    ? 'deduplicated-write'
    : 'write';
}

function isRead(sql: string): boolean {
  const keyword = keywordOf(sql);
  // New servers take `WITH … INSERT INTO … SELECT` as well.
  return keyword !== undefined && reading.has(keyword) && !(keyword === 'WITH' && /\bINSERT\b/i.test(statementOf(sql)));
}

/** A reset proves nothing: the server may have read the statement and run it before it dropped the connection, reused or new. */
export function outcomeOf(failure: ClickHouseSsotError | undefined, phase: Phase = 'sending'): Outcome {
  if (failure === undefined || phase === 'done') return 'done';
  const isEndedEarly = failure instanceof DeadlineExceededError || failure instanceof AbortedError;
  if (phase === 'waiting' || neverSent.some((type) => failure instanceof type) || (isEndedEarly && failure.phase === 'waiting'))
    return 'never-sent';
  if (phase === 'streaming' || failure instanceof StreamError) return 'failed-mid-stream';
  return failure instanceof ServerError && !isInDoubt(failure) ? 'refused' : 'unknown';
}

/** A proxy says 503 of a connection that it lost, too. */
function isInDoubt(failure: ServerError): boolean {
  return failure instanceof UnknownStatusError || (failure.clickhouseCode === undefined && failure.httpStatus === 503);
}

/** Turned away at the door, by TOO_MANY_SIMULTANEOUS_QUERIES or a proxy's 429: not even a write has begun. */
function wasTurnedAway(failure: ClickHouseSsotError): boolean {
  return (
    failure instanceof OverloadedError &&
    (failure.clickhouseCode === 202 || (failure.clickhouseCode === undefined && failure.httpStatus === 429))
  );
}

/** May this statement be sent again? `ambiguous`: no, and its caller has to hear that it may have happened. */
export function retryDecision(failure: ClickHouseSsotError, effect: Effect, phase?: Phase): 'retry' | 'fail' | 'ambiguous' {
  // A deadline, an abort, a drain speak for themselves; a full queue and an open breaker are there to end waiting, not to prolong it.
  if (!(failure instanceof StatementError) || failure instanceof AmbiguousWriteError) return 'fail';
  const outcome = outcomeOf(failure, phase);
  const isWrite = effect === 'write' || effect === 'streamed-write';
  if (isWrite && outcome !== 'never-sent' && !wasTurnedAway(failure)) return outcome === 'refused' ? 'fail' : 'ambiguous';
  if (effect === 'streamed-write') return 'fail';
  return failure.retryable && outcome !== 'failed-mid-stream' ? 'retry' : 'fail';
}

/** What a failure says of the endpoint: an unwelcome answer is a sign of life, and a caller's change of mind is no sign. */
export function endpointSignal(failure: ClickHouseSsotError): 'healthy' | 'failing' | 'none' {
  const { cause } = failure;
  if ((failure instanceof StreamError || failure instanceof AmbiguousWriteError) && cause instanceof StatementError)
    return endpointSignal(cause);
  if (failure instanceof OverloadedError) return 'none';
  if ([ReplicaError, ConnectError, ConnectionLostError, TimeoutError, GatewayError].some((type) => failure instanceof type))
    return 'failing';
  return failure instanceof ServerError ? 'healthy' : 'none';
}
