import { type ClickHouseSsotError, GatewayError, ServerError } from '../../errors/index.js';
import { isLaterException, laterTexts } from '../../errors/later-exception.js';
import { outcomeOf } from '../../errors/outcome.js';
import { refusedRowCodes } from './classify-failure.js';
import { literal } from './table-name.js';

/**
 * Codes that the server answers before the first part of an insert is written: of its identity, rights, quota, statement and target, of the end
 * of its body, and of too many parts. `system.errors` has their names.
 */
const earlyCodes = [3, 16, 33, 60, 62, 81, 115, 164, 192, 193, 194, 201, 202, 252, 291, 372, 373, 452, 497, 516];

const codes = [...earlyCodes, ...refusedRowCodes];
const isEarly = new Set(codes);

/**
 * Whether the failure of an insert proves that none of its rows is in the table. An answer alone is no proof: the exception may be that of a
 * materialized view, or of the second part of an insert.
 */
export function hasStoredNothing(failure: ClickHouseSsotError): boolean {
  const outcome = outcomeOf(failure);
  if (outcome !== 'refused') return outcome === 'never-sent';
  // A proxy that refuses a request does not forward it.
  if (failure instanceof GatewayError) return true;
  // To the exception of a library, such as code 1001, the server adds no text. So other codes prove nothing.
  return failure instanceof ServerError && isEarly.has(failure.clickhouseCode ?? 0) && !isLaterException(failure);
}

/** The same for an entry of `system.query_log`, as a condition of SQL. Type 3 is a failure before the start. */
export const hasStoredNothingInLog = `(toInt8(type) = 3 OR (match(exception, ${literal(`^Code: (${codes.join('|')})[^0-9]`)}) AND NOT match(exception, ${literal(laterTexts)})))`;
