import { BreakerOpenError, type ClickHouseSsotError, StatementError } from '../../errors/index.js';

/** The pauses between the attempts of a batch. There is no last attempt. */
const pauses = {
  transient: { firstMs: 100, maxMs: 30_000 },
  unknown: { firstMs: 100, maxMs: 30_000 },
  stalled: { firstMs: 2_000, maxMs: 60_000 },
} as const;

/**
 * Returns the pause before the next attempt, in milliseconds: random, from half of a bound to the bound, which doubles with each attempt. A
 * longer pause that the server or the circuit breaker asks for is kept.
 * @param attempt number of failed attempts in a row, 1 or more
 */
export function pauseAfter(reason: keyof typeof pauses, failure: ClickHouseSsotError, attempt: number, random: () => number): number {
  const { firstMs, maxMs } = pauses[reason];
  // An exponent without a bound overflows to Infinity, which Math.min handles.
  const bound = Math.min(maxMs, firstMs * 2 ** (attempt - 1));
  const requested = failure instanceof StatementError || failure instanceof BreakerOpenError ? (failure.retryAfterMs ?? 0) : 0;
  return requested + (bound / 2) * (1 + random());
}
