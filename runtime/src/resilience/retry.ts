import { AbortedError, AmbiguousWriteError, type ClickHouseSsotError, parseFailure, StatementError } from '../errors/index.js';
import { type Effect, outcomeOf, retryDecision } from '../errors/outcome.js';

export interface RetryPolicy {
  /** The first one included. */
  readonly maxAttempts: number;
  /** The longest pause before the second attempt; twice as long before each further one, up to `maxDelayMs`. */
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  /** A server that asks for a longer pause than this is not waited for. */
  readonly maxRetryAfterMs: number;
  /** Not worth starting with less time than this before the deadline. */
  readonly minAttemptMs: number;
}

export const retryDefaults: RetryPolicy = {
  maxAttempts: 3,
  initialDelayMs: 50,
  maxDelayMs: 2_000,
  maxRetryAfterMs: 30_000,
  minAttemptMs: 10,
};

/** No repetition at all. */
export const noRetry: RetryPolicy = { ...retryDefaults, maxAttempts: 1 };

/** Keeps repetitions a fixed share of the calls: a server that is down gets no multiple of its load. One for each endpoint. */
export class RetryBudget {
  #tokens: number;

  /** `share`: repetitions for each call, over time; `capacity`: how many at once. */
  constructor(
    readonly share = 0.2,
    readonly capacity = 10,
  ) {
    this.#tokens = capacity;
  }

  get tokens(): number {
    return this.#tokens;
  }

  /** A statement is sent for the first time. */
  deposit(): void {
    this.#tokens = Math.min(this.capacity, this.#tokens + this.share);
  }

  /** May one be repeated? */
  withdraw(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}

export interface RetryOptions {
  /** What doing it twice would do. */
  readonly effect: Effect;
  readonly policy?: RetryPolicy;
  /** Repetitions are taken from it. Whoever begins a statement deposits. */
  readonly budget?: RetryBudget | undefined;
  /** The caller's. Ends a pause at once. */
  readonly signal?: AbortSignal | undefined;
  /** On `clock`. */
  readonly deadline?: number | undefined;
  readonly clock?: () => number;
  readonly random?: () => number;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Would the next attempt go to another server? Then there is nothing to wait for. */
  readonly isElsewhere?: () => boolean;
  /** Told before each pause. */
  readonly onRetry?: (failure: ClickHouseSsotError, attempt: number, initialDelayMs: number) => void;
}

/**
 * Runs until it succeeds or nothing speaks for repeating it: decided by what happened to the statement, not by what its error is called.
 * @throws AmbiguousWriteError where a write may have happened; AbortedError from a pause; else the last failure, with its `attempts`
 */
export async function retry<Result>(run: (attempt: number) => Promise<Result>, options: RetryOptions): Promise<Result> {
  let inDoubt: StatementError | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(attempt);
    } catch (error) {
      const failure = parseFailure(error);
      if (options.effect !== 'read' && mayHaveHappened(failure)) inDoubt ??= failure;
      const initialDelayMs = pauseAfter(failure, attempt, options);
      if (initialDelayMs === undefined) throw conclusion(failure, inDoubt, attempt);
      notify(options, failure, attempt, initialDelayMs);
      await (options.sleep ?? sleep)(initialDelayMs, options.signal);
    }
  }
}

/** How long to wait before the next attempt; undefined where there is none. */
function pauseAfter(
  failure: ClickHouseSsotError,
  attempt: number,
  { effect, policy = retryDefaults, budget, signal, deadline = Infinity, clock = now, random = Math.random, isElsewhere }: RetryOptions,
): number | undefined {
  if (signal?.aborted === true || attempt >= policy.maxAttempts || retryDecision(failure, effect) !== 'retry') return undefined;
  const asked = failure instanceof StatementError ? (failure.retryAfterMs ?? 0) : 0;
  const elsewhere = isElsewhere?.() ?? false;
  if (asked > policy.maxRetryAfterMs && !elsewhere) return undefined;
  // Full jitter, on top of what the server asks for: whoever was turned away together does not come back together.
  const initialDelayMs = elsewhere ? 0 : asked + random() * Math.min(policy.maxDelayMs, policy.initialDelayMs * 2 ** (attempt - 1));
  // What nobody was sent burdens nobody twice.
  const isFree = elsewhere && outcomeOf(failure) === 'never-sent';
  return clock() + initialDelayMs + policy.minAttemptMs <= deadline && (isFree || (budget?.withdraw() ?? true))
    ? initialDelayMs
    : undefined;
}

function notify({ onRetry }: RetryOptions, failure: ClickHouseSsotError, attempt: number, initialDelayMs: number): void {
  try {
    onRetry?.(failure, attempt, initialDelayMs);
  } catch {
    // Whoever watches must not end what it watches.
  }
}

function mayHaveHappened(failure: ClickHouseSsotError): failure is StatementError {
  return failure instanceof StatementError && ['unknown', 'failed-mid-stream'].includes(outcomeOf(failure));
}

/** A write that may have happened once stays in doubt, whatever became of its repetitions. */
function conclusion(failure: ClickHouseSsotError, inDoubt: StatementError | undefined, attempts: number): ClickHouseSsotError {
  const last = inDoubt && !(inDoubt instanceof AmbiguousWriteError) ? new AmbiguousWriteError(inDoubt) : failure;
  if (last instanceof StatementError) last.attempts = attempts;
  return last;
}

function now(): number {
  return performance.now();
}

/** @throws AbortedError as soon as the signal is aborted */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(new AbortedError(signal?.reason, 'between two attempts'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
