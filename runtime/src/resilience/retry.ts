import { atLeast, countFrom, type OptionRules } from '../config/validate-options.js';
import { AbortedError, AmbiguousWriteError, type ClickHouseSsotError, parseFailure, StatementError } from '../errors/index.js';
import { type Effect, outcomeOf, type Phase, retryDecision } from '../errors/outcome.js';

/** When a failed statement is sent again. */
export interface RetryPolicy {
  /** Maximum number of attempts, including the first one. At least 1. Default: 3. */
  readonly maxAttempts: number;
  /**
   * Upper bound of the random pause before the second attempt, in milliseconds. It doubles before each further attempt, up to `maxDelayMs`.
   * Default: 50.
   */
  readonly initialDelayMs: number;
  /** Maximum of that upper bound, in milliseconds. Default: 2,000. */
  readonly maxDelayMs: number;
  /** If a server requests a longer pause than this, in milliseconds, the statement fails instead. Default: 30,000. */
  readonly maxRetryAfterMs: number;
  /** If less time than this is left before the deadline, in milliseconds, there is no further attempt. Default: 10. */
  readonly minAttemptMs: number;
}

/** The defaults of `RetryPolicy`. */
export const retryDefaults: RetryPolicy = {
  maxAttempts: 3,
  initialDelayMs: 50,
  maxDelayMs: 2_000,
  maxRetryAfterMs: 30_000,
  minAttemptMs: 10,
};

/** The valid values of `RetryPolicy`. */
export const retryRules: OptionRules<RetryPolicy> = {
  maxAttempts: countFrom(1),
  initialDelayMs: atLeast(0),
  maxDelayMs: atLeast(0),
  maxRetryAfterMs: atLeast(0),
  minAttemptMs: atLeast(0),
};

/** The policy without retries. */
export const noRetry: RetryPolicy = { ...retryDefaults, maxAttempts: 1 };

/** Limits the retries of an endpoint to a share of its statements, so that an outage does not multiply the load. A token bucket. */
export class RetryBudget {
  #tokens: number;

  /**
   * @param share retries for each statement, in the long run
   * @param capacity maximum number of tokens, which is also the initial number
   */
  constructor(
    readonly share = 0.2,
    readonly capacity = 10,
  ) {
    this.#tokens = capacity;
  }

  /** Number of available tokens. A retry takes one. */
  get tokens(): number {
    return this.#tokens;
  }

  /** Adds the share of one statement. Called for its first attempt. */
  deposit(): void {
    this.#tokens = Math.min(this.capacity, this.#tokens + this.share);
  }

  /** Returns whether the budget allows one more retry, and takes a token. */
  withdraw(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}

export interface RetryOptions {
  /** The effect of running the statement twice. */
  readonly effect: Effect;
  /** Returns the phase in which the latest attempt failed. Default: `sending`. */
  readonly phase?: () => Phase;
  /** Default: `retryDefaults`. */
  readonly policy?: RetryPolicy;
  /** Each retry takes a token. The caller deposits the statement's share. Default: no limit. */
  readonly budget?: RetryBudget | undefined;
  /** Ends a pause, and prevents further attempts. */
  readonly signal?: AbortSignal | undefined;
  /** Time on `clock` after which no attempt starts, in milliseconds. Default: Infinity. */
  readonly deadline?: number | undefined;
  /** Returns milliseconds of a monotonic clock. Default: `performance.now`. */
  readonly clock?: () => number;
  /** Returns a number from 0 to 1, exclusive. Default: `Math.random`. */
  readonly random?: () => number;
  /** Resolves after so many milliseconds, and rejects when the signal is aborted. Default: `sleep` of this module. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Returns whether the next attempt goes to an endpoint that was not tried. Then there is no pause. Default: never. */
  readonly hasOtherEndpoint?: () => boolean;
  /** Called before each pause, with its length in milliseconds. Its errors are ignored. */
  readonly onRetry?: (failure: ClickHouseSsotError, attempt: number, pauseMs: number) => void;
}

/**
 * Runs `run` until it succeeds or `retryDecision` allows no further attempt.
 * @throws AmbiguousWriteError if a write may have happened; AbortedError if the signal is aborted during a pause; else the last failure,
 * with its `attempts`
 */
export async function retry<Result>(run: (attempt: number) => Promise<Result>, options: RetryOptions): Promise<Result> {
  let ambiguous: StatementError | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(attempt);
    } catch (error) {
      const failure = parseFailure(error);
      if (options.effect !== 'read' && isAmbiguous(failure, options.phase?.())) ambiguous ??= failure;
      const pauseMs = pauseAfter(failure, attempt, options);
      if (pauseMs === undefined) throw finalFailure(failure, ambiguous, attempt);
      notify(options, failure, attempt, pauseMs);
      await (options.sleep ?? sleep)(pauseMs, options.signal);
    }
  }
}

/** Returns the pause before the next attempt, in milliseconds, or undefined if there is no further attempt. */
function pauseAfter(
  failure: ClickHouseSsotError,
  attempt: number,
  {
    effect,
    phase,
    policy = retryDefaults,
    budget,
    signal,
    deadline = Infinity,
    clock = now,
    random = Math.random,
    hasOtherEndpoint,
  }: RetryOptions,
): number | undefined {
  if (signal?.aborted === true || attempt >= policy.maxAttempts || retryDecision(failure, effect, phase?.()) !== 'retry') return undefined;
  const retryAfterMs = failure instanceof StatementError ? (failure.retryAfterMs ?? 0) : 0;
  const isFailover = hasOtherEndpoint?.() ?? false;
  if (retryAfterMs > policy.maxRetryAfterMs && !isFailover) return undefined;
  // Full jitter, in addition to the pause that the server requests: statements that were rejected together are not sent again together.
  const pauseMs = isFailover ? 0 : retryAfterMs + random() * Math.min(policy.maxDelayMs, policy.initialDelayMs * 2 ** (attempt - 1));
  // A statement that no server received adds no load.
  const isFree = isFailover && outcomeOf(failure, phase?.()) === 'never-sent';
  const isInTime = clock() + pauseMs + policy.minAttemptMs <= deadline;
  return isInTime && (isFree || (budget?.withdraw() ?? true)) ? pauseMs : undefined;
}

function notify({ onRetry }: RetryOptions, failure: ClickHouseSsotError, attempt: number, pauseMs: number): void {
  try {
    onRetry?.(failure, attempt, pauseMs);
  } catch {
    // An error of the listener must not fail the statement.
  }
}

/** Whether a server may have run the statement, completely or in part. */
function isAmbiguous(failure: ClickHouseSsotError, phase: Phase | undefined): failure is StatementError {
  return failure instanceof StatementError && ['unknown', 'failed-mid-stream'].includes(outcomeOf(failure, phase));
}

/** Returns the error for the caller. If any attempt of a write was ambiguous, the write is ambiguous, even if later attempts were not. */
function finalFailure(failure: ClickHouseSsotError, ambiguous: StatementError | undefined, attempts: number): ClickHouseSsotError {
  const last = ambiguous && !(ambiguous instanceof AmbiguousWriteError) ? new AmbiguousWriteError(ambiguous) : failure;
  if (last instanceof StatementError) last.attempts = attempts;
  return last;
}

function now(): number {
  return performance.now();
}

/** Resolves after `ms` milliseconds. @throws AbortedError as soon as the signal is aborted */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(new AbortedError(signal?.reason, 'between-attempts'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
