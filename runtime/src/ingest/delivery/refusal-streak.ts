import type { ClickHouseSsotError } from '../../errors/index.js';
import { commonReasonOf } from './classify-failure.js';

/** Number of refusals after which the rows are not to blame. */
const maxRefusals = 8;

/**
 * What refused rows say.
 * - `rows`: they are to blame.
 * - `everything`: the table or a proxy refuses all rows.
 * - `undecided`: either, so far.
 */
export type Blame = 'rows' | 'everything' | 'undecided';

/**
 * Counts the refusals of single rows that follow each other, without an insert between them, for the same reason that may be of all rows. It lives as
 * long as its ingest: a batch with few rows decides nothing.
 */
export class RefusalStreak {
  #reason: string | undefined;
  #refusals = 0;

  /** Rows were inserted. */
  end(): void {
    this.#reason = undefined;
    this.#refusals = 0;
  }

  /** Counts a refusal of rows that are not divided further. */
  add(failure: ClickHouseSsotError): Blame {
    const reason = commonReasonOf(failure);
    if (reason !== this.#reason) this.end();
    if (reason === undefined) return 'rows';
    this.#reason = reason;
    return ++this.#refusals < maxRefusals ? 'undecided' : 'everything';
  }
}
