import type { ClickHouseSsotError } from '../errors/index.js';
import { isWhole } from '../statement/streamed-values.js';
import { copyValues } from './copy-values.js';

/**
 * A statement that the test double received. Optional properties are absent if the statement has no such parameter.
 * Arrays, plain objects, maps and dates are copies: a later change by the caller changes no record.
 */
export interface RecordedStatement {
  /** The method of the service that was called. */
  readonly operation: 'query' | 'insert' | 'command' | 'exec';
  /** The SQL as the caller passed it. For an insert: `INSERT INTO ` and the table. */
  readonly text: string;
  /** The `query_params` of the statement. */
  readonly queryParams?: Record<string, unknown>;
  /** The values of an insert, or the body of `exec()`. A stream is not read. */
  readonly values?: unknown;
  /** The format of an insert. Of one without `format`: `JSONCompactEachRow`, as the official client has it. */
  readonly format?: string;
  /** The `columns` of an insert. */
  readonly columns?: unknown;
  /** The `clickhouse_settings` of the statement. */
  readonly settings?: object;
  /** The `session_id` of the statement. */
  readonly sessionId?: string;
  /** The `role` of the statement. */
  readonly role?: string | readonly string[];
  /** The error with which the statement failed. Absent if it succeeded. */
  readonly error?: ClickHouseSsotError;
}

/** The parameters of a statement that the test double uses. */
export interface StatementInput {
  readonly query?: string;
  readonly query_params?: Record<string, unknown>;
  readonly values?: unknown;
  readonly format?: string;
  readonly columns?: unknown;
  readonly clickhouse_settings?: object;
  readonly session_id?: string;
  readonly role?: string | readonly string[];
  readonly query_id?: string;
  readonly abort_signal?: AbortSignal;
}

/** Returns the record of a statement. Reads no stream. */
export function recordStatement(operation: RecordedStatement['operation'], text: string, input: StatementInput): RecordedStatement {
  const { query_params, values, format, columns, clickhouse_settings, session_id, role } = input;
  return {
    operation,
    text,
    ...(query_params && { queryParams: copyValues(query_params) }),
    ...(values !== undefined && { values: isWhole(values) ? copyValues(values) : values }),
    ...(operation === 'insert' && format !== undefined && { format }),
    ...(columns !== undefined && { columns: copyValues(columns) }),
    ...(clickhouse_settings && { settings: copyValues(clickhouse_settings) }),
    ...(session_id !== undefined && { sessionId: session_id }),
    ...(role !== undefined && { role: copyValues(role) }),
  };
}
