import { parseFailure } from '../errors/index.js';
import { isAborted } from '../errors/predicates.js';
import { errorCodeOf } from '../telemetry/error-code.js';
import type { Pools } from '../telemetry/pools.js';
import type { IngestRejection, IngestRetry } from '../telemetry/ingest.js';
import type {
  BreakerTransition,
  ConnectionEvent,
  EventLoopStall,
  LeakReport,
  RotationEnd,
  StatementEvent,
  StatementRetry,
} from '../telemetry/telemetry.js';

/** The events that are logged. */
export type LogEvent =
  | 'statement.failed'
  | 'statement.aborted'
  | 'statement.slow'
  | 'statement.retry'
  | 'connection.failed'
  | 'breaker.opened'
  | 'breaker.changed'
  | 'permit.leaked'
  | 'permit.returned'
  | 'rotation.done'
  | 'rotation.failed'
  | 'event-loop.stalled'
  | 'ingest.retry'
  | 'ingest.stalled'
  | 'ingest.rejected';

/** One line of the log. */
export interface LogLine {
  readonly event: LogEvent;
  /** Lines with an equal subject repeat each other: an endpoint or a pool, and the code of an error. */
  readonly subject: string;
  readonly message: string;
  /** Values for a search. Never SQL, query parameters, rows or credentials. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Returns the line for the end of a statement, or undefined if it neither failed nor was slow. */
export function endLine(statement: StatementEvent, pools: Pools, slowStatementMs: number): LogLine | undefined {
  const { operation, durationMs, attempts, failure } = statement;
  if (failure === undefined) {
    if (durationMs < slowStatementMs) return undefined;
    const message = `ClickHouse statement was slow: ${operation} took ${Math.round(durationMs)} ms`;
    return statementLine('statement.slow', message, statement, pools);
  }
  const fields = { error: parseFailure(failure).toJSON() };
  if (isAborted(failure))
    return statementLine('statement.aborted', `ClickHouse statement was aborted: ${operation}`, statement, pools, fields);
  const after = attempts > 1 ? ` after ${attempts} attempts` : '';
  return statementLine(
    'statement.failed',
    `ClickHouse statement failed${after}: ${operation}. ${textOf(failure)}`,
    statement,
    pools,
    fields,
  );
}

export function retryLine({ statement, failure, pauseMs }: StatementRetry, pools: Pools): LogLine {
  const message = `ClickHouse statement is sent again: ${statement.operation}, attempt ${statement.attempts}. ${textOf(failure)}`;
  const fields = { pauseMs: Math.round(pauseMs), error: parseFailure(failure).toJSON() };
  return statementLine('statement.retry', message, statement, pools, fields);
}

/** Returns the line for a socket that could not be connected, or undefined. */
export function connectionLine({ endpoint, durationMs, failure }: ConnectionEvent): LogLine | undefined {
  if (failure === undefined) return undefined;
  return {
    event: 'connection.failed',
    subject: endpoint,
    message: `ClickHouse connection failed: ${endpoint}. ${textOf(failure)}`,
    fields: { endpoint, durationMs: Math.round(durationMs), error: parseFailure(failure).toJSON() },
  };
}

export function breakerLine({ endpoint, from, to }: BreakerTransition): LogLine {
  return {
    event: to === 'open' ? 'breaker.opened' : 'breaker.changed',
    subject: `${endpoint} ${to}`,
    message: `ClickHouse circuit breaker is ${to}: ${endpoint}`,
    fields: { endpoint, from, to },
  };
}

export function leakLine({ kind, heldMs, acquiredAt, suppressed }: LeakReport): LogLine {
  const isHeld = kind === 'held';
  const message = isHeld
    ? `ClickHouse permit has been held for ${Math.round(heldMs)} ms. Read its result to the end, or close it`
    : `ClickHouse permit that was reported as held for too long was returned after ${Math.round(heldMs)} ms`;
  const fields = { heldMs: Math.round(heldMs), acquiredAt, ...(suppressed > 0 && { suppressedReports: suppressed }) };
  return { event: isHeld ? 'permit.leaked' : 'permit.returned', subject: '', message, fields };
}

export function rotationLine({ manager, failure }: RotationEnd, pools: Pools): LogLine {
  const pool = pools.nameOf(manager);
  if (failure === undefined)
    return { event: 'rotation.done', subject: pool, message: `ClickHouse connection was rotated: ${pool}`, fields: { pool } };
  return {
    event: 'rotation.failed',
    subject: pool,
    message: `ClickHouse connection was not rotated, and the previous one stays in use: ${pool}. ${textOf(failure)}`,
    fields: { pool, error: parseFailure(failure).toJSON() },
  };
}

export function stallLine({ stalledMs }: EventLoopStall): LogLine {
  const message = `The event loop was blocked for ${Math.round(stalledMs)} ms while ClickHouse statements ran`;
  return { event: 'event-loop.stalled', subject: '', message, fields: { stalledMs: Math.round(stalledMs) } };
}

export function ingestRetryLine({ ingest, reason, rows, failure, pauseMs }: IngestRetry): LogLine {
  const { table } = ingest;
  const message =
    reason === 'stalled'
      ? `ClickHouse refuses the rows of an ingest, which keeps them: ${table}. ${textOf(failure)}`
      : `ClickHouse insert of an ingest is sent again: ${table}, ${rows} rows. ${textOf(failure)}`;
  return {
    event: reason === 'stalled' ? 'ingest.stalled' : 'ingest.retry',
    subject: `${table} ${errorCodeOf(failure) ?? reason}`,
    message,
    fields: { table, reason, rows, pauseMs: Math.round(pauseMs), error: parseFailure(failure).toJSON() },
  };
}

export function ingestRejectionLine({ ingest: { table }, rows, failure, file }: IngestRejection): LogLine {
  return {
    event: 'ingest.rejected',
    subject: `${table} ${errorCodeOf(failure) ?? ''}`,
    message: `Rows of an ingest were set aside: ${table}, ${rows} rows. ${textOf(failure)}`,
    fields: { table, rows, ...(file !== undefined && { file }), error: parseFailure(failure).toJSON() },
  };
}

function statementLine(event: LogEvent, message: string, statement: StatementEvent, pools: Pools, fields: object = {}): LogLine {
  const { operation, table, endpoint, queryId, attempts, durationMs, waitedMs, manager } = statement;
  const pool = pools.nameOf(manager);
  return {
    event,
    subject: `${endpoint ?? pool} ${errorCodeOf(statement.failure) ?? operation}`,
    message,
    fields: {
      pool,
      operation,
      ...(table !== undefined && { table }),
      ...(endpoint !== undefined && { endpoint }),
      ...(queryId !== undefined && { queryId }),
      attempts,
      durationMs: Math.round(durationMs),
      ...(waitedMs !== undefined && { waitedMs: Math.round(waitedMs) }),
      ...fields,
    },
  };
}

/** Returns the message of an error without the parts that may quote SQL, and with the code of Node.js. */
function textOf(failure: unknown): string {
  const { message, systemCode } = parseFailure(failure).toJSON();
  return typeof systemCode === 'string' ? `${String(message)} (${systemCode})` : String(message);
}
