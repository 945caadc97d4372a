import { GatewayError, OverloadedError, ServerError } from './index.js';
import type { ClickHouseSsotError } from './base.js';

/** Pattern of the texts that a server adds to an exception of a view, which comes after the rows of the table, and to one of another server. */
export const laterTexts = 'while [a-z ]+ to view|Received from [^ ]+:[0-9]+';
const isLater = new RegExp(laterTexts);

/** The text that a server adds to an exception of a step of the statement. Steps before it may have written rows. */
const isInStep = /while executing/i;

/**
 * Codes that a server answers while it reads or analyses a statement, or checks the user: syntax, unknown names and settings, columns that are
 * named twice, rights, credentials.
 */
const rejections: ReadonlySet<number> = new Set([15, 16, 46, 47, 60, 62, 81, 115, 164, 192, 193, 194, 497, 516]);

/** Whether the server names a view or another server as the origin of the error. */
export function isLaterException({ message }: ServerError): boolean {
  return isLater.test(message);
}

/** Whether the statement was rejected before it began: by TOO_MANY_SIMULTANEOUS_QUERIES or by the 429 of a proxy. Then a write is safe to repeat. */
export function wasTooMany(failure: ClickHouseSsotError): boolean {
  if (!(failure instanceof OverloadedError)) return false;
  return failure.clickhouseCode === 202 ? !isLaterException(failure) : failure.clickhouseCode === undefined && failure.httpStatus === 429;
}

/**
 * Whether a refused statement certainly did not begin. The code alone is no proof: the exception may be that of a dictionary, a value or a view,
 * after rows were written.
 */
export function wasRejectedBeforeStart(failure: ClickHouseSsotError): boolean {
  // A proxy that refuses a request does not forward it.
  if (failure instanceof GatewayError || wasTooMany(failure)) return true;
  if (!(failure instanceof ServerError) || !rejections.has(failure.clickhouseCode ?? 0)) return false;
  // The end of a long message is cut off, and it may have had such a text.
  return !failure.message.endsWith('…') && !isInStep.test(failure.message) && !isLaterException(failure);
}
