import {
  AcquireTimeoutError,
  AbortedError,
  BreakerOpenError,
  type ClickHouseSsotError,
  ConnectError,
  CreateTimeoutError,
  GatewayError,
  ManagerClosedError,
  OverloadedError,
  QueueFullError,
  ServerError,
  StatementCancelledError,
  TenantLimitError,
} from '../../errors/index.js';
import { DeadlineExceededError } from '../../errors/interruption.js';
import { outcomeOf } from '../../errors/outcome.js';

/**
 * The consequence of a failed insert for its batch. See `hasStoredNothing` for the rows that it may have left.
 * - `rows`: ClickHouse refuses at least one of the rows.
 * - `size`: the batch has too many bytes or partitions. Its halves may be accepted.
 * - `transient`: the same insert is likely to succeed later.
 * - `stalled`: a change is needed: of the table, of rights, of a limit, of the configuration.
 * - `unknown`: there is no answer.
 */
export type InsertFailure = 'rows' | 'size' | 'transient' | 'stalled' | 'unknown';

/** Codes of values that cannot be read, are out of range, or violate a constraint. `system.errors` has their names. These blame rows alone. */
const rowCodes: ReadonlySet<number> = new Set([
  6, 25, 26, 27, 38, 41, 69, 72, 130, 131, 153, 190, 321, 366, 376, 395, 407, 441, 467, 469, 632, 675, 676, 691,
]);

/**
 * Codes that blame rows or the table: TYPE_MISMATCH, CANNOT_CONVERT_TYPE, INCORRECT_DATA (also a field without a column), and
 * CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN.
 */
const rowOrTableCodes: ReadonlySet<number> = new Set([53, 70, 117, 349]);

/** All codes of refused rows. */
export const refusedRowCodes: ReadonlySet<number> = new Set([...rowCodes, ...rowOrTableCodes]);

/** Code of `TOO_MANY_PARTS`, which is also that of a block with too many partitions. Only the message tells them apart. */
const tooManyParts = 252;
const tooManyPartitions = /too many partitions for single insert block/i;

/** Errors without a statement whose reason passes by itself. */
const passing = [
  AbortedError,
  AcquireTimeoutError,
  BreakerOpenError,
  CreateTimeoutError,
  DeadlineExceededError,
  ManagerClosedError,
  QueueFullError,
  TenantLimitError,
];

/** Returns what the failure of an insert means for its batch. */
export function classifyFailure(failure: ClickHouseSsotError): InsertFailure {
  const outcome = outcomeOf(failure);
  if (outcome === 'never-sent') {
    const isPassing = passing.some((type) => failure instanceof type) || (failure instanceof ConnectError && failure.retryable);
    return isPassing ? 'transient' : 'stalled';
  }
  if (outcome !== 'refused') return 'unknown';
  if (isTooLargeForProxy(failure)) return 'size';
  if (!(failure instanceof ServerError)) return failure.retryable ? 'transient' : 'stalled';
  const { clickhouseCode = 0 } = failure;
  if (refusedRowCodes.has(clickhouseCode)) return 'rows';
  if (clickhouseCode === tooManyParts && tooManyPartitions.test(failure.message)) return 'size';
  return failure.retryable || failure instanceof OverloadedError || failure instanceof StatementCancelledError ? 'transient' : 'stalled';
}

/** Returns whether the server refuses a question alone. Too much load, and a refusal of the user's identity, also refuse the next insert. */
export function refusesQuestion(failure: ClickHouseSsotError): boolean {
  return outcomeOf(failure) === 'refused' && !failure.retryable && failure.kind !== 'AuthenticationError';
}

/** Returns whether a proxy has refused the size of the request. */
export function isTooLargeForProxy(failure: ClickHouseSsotError): boolean {
  return failure instanceof GatewayError && failure.httpStatus === 413;
}

/** Returns the reason of a refusal if it may be that of all rows: of the table or of a proxy. Undefined if it blames rows alone. */
export function commonReasonOf(failure: ClickHouseSsotError): string | undefined {
  if (isTooLargeForProxy(failure)) return 'HTTP 413';
  if (!(failure instanceof ServerError) || !rowOrTableCodes.has(failure.clickhouseCode ?? 0)) return undefined;
  return `code ${failure.clickhouseCode}`;
}
