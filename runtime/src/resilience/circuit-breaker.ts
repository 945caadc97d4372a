import { atLeast, completeOptions, countFrom, type OptionRules, type SomeOptions } from '../config/validate-options.js';
import { BreakerOpenError } from '../errors/index.js';
import { SlidingWindow } from './sliding-window.js';

/** When a breaker opens and closes. Times are in milliseconds, rates are shares from 0 to 1. */
export interface BreakerLimits {
  /** Length of the window in which results count, in milliseconds. At least 1. Default: 10,000. */
  readonly windowMs: number;
  /**
   * Number of results in the window from which on the rates apply. If the window has fewer, the breaker opens after this number of failures
   * in a row: slow failures rarely fill the window. At least 1. Default: 10.
   */
  readonly minimumCalls: number;
  /** The breaker opens when this share of the results are failures. Default: 0.5. */
  readonly failureRate: number;
  /**
   * A call is slow if the headers of its response take longer, in milliseconds. Default: Infinity, since analytical statements may take
   * minutes.
   */
  readonly slowCallDurationMs: number;
  /** The breaker opens when this share of the results are slow. Default: 0.8. */
  readonly slowCallRate: number;
  /** Time that the breaker stays open, in milliseconds. It doubles whenever the probes fail, up to `maxOpenDurationMs`. Default: 5,000. */
  readonly openDurationMs: number;
  /** Maximum time that the breaker stays open, before `jitter`, in milliseconds. Default: 60,000. */
  readonly maxOpenDurationMs: number;
  /** Maximum random extension of the open time, as a share of it. It spreads the probes of many processes. Default: 0.2. */
  readonly jitter: number;
  /** Number of calls that a half-open breaker admits as probes. It rejects all others. At least 1. Default: 3. */
  readonly halfOpenCalls: number;
}

/** The defaults of `BreakerLimits`. */
export const breakerDefaults: BreakerLimits = {
  windowMs: 10_000,
  minimumCalls: 10,
  failureRate: 0.5,
  slowCallDurationMs: Infinity,
  slowCallRate: 0.8,
  openDurationMs: 5_000,
  maxOpenDurationMs: 60_000,
  jitter: 0.2,
  halfOpenCalls: 3,
};

/** The valid values of `BreakerLimits`. */
export const breakerRules: OptionRules<BreakerLimits> = {
  windowMs: atLeast(1),
  minimumCalls: countFrom(1),
  failureRate: atLeast(0),
  slowCallDurationMs: atLeast(0),
  slowCallRate: atLeast(0),
  openDurationMs: atLeast(0),
  maxOpenDurationMs: atLeast(0),
  jitter: atLeast(0),
  halfOpenCalls: countFrom(1),
};

/** `closed` admits all calls, `open` and `isolated` reject all, and `half-open` admits probes. */
export type BreakerState =
  | { readonly kind: 'closed' }
  | {
      readonly kind: 'open';
      /** End of the state, on the breaker's clock, in milliseconds. The next call after it is a probe. */
      readonly until: number;
      /** Number of openings in a row, from 1. */
      readonly openings: number;
    }
  | {
      readonly kind: 'half-open';
      /** Time from which on unsettled probes count as failed, on the breaker's clock, in milliseconds. */
      readonly until: number;
      /** Number of openings in a row, from 1. */
      readonly openings: number;
    }
  | { readonly kind: 'isolated' };

/** An admitted call. Its first result counts, unless the breaker has changed its state since. */
export interface BreakerCall {
  succeeded(): void;
  /** `cause` becomes the cause of the errors of rejected calls. */
  failed(cause?: unknown): void;
  /** The call had no result that says anything about the endpoint, such as an abort by the caller. */
  ignored(): void;
}

export interface BreakerOptions {
  /** Origin without credentials, for error messages. */
  readonly endpoint: string;
  /** Limits that are left out have the values of `breakerDefaults`. */
  readonly limits?: SomeOptions<BreakerLimits> | undefined;
  /** Returns milliseconds of a monotonic clock. Default: `performance.now`. */
  readonly clock?: () => number;
  /** Returns a number from 0 to 1, exclusive. Default: `Math.random`. */
  readonly random?: () => number;
  /** Called after each change of the state. Its errors are ignored. */
  readonly onTransition?: (from: BreakerState, to: BreakerState) => void;
}

type Result = 'succeeded' | 'failed' | 'ignored';

/** Rejects calls to a failing endpoint. It has no timers: the state changes when a call is admitted or settles. */
export class CircuitBreaker {
  readonly limits: BreakerLimits;
  readonly #clock: () => number;
  readonly #random: () => number;
  #state: BreakerState = { kind: 'closed' };
  #window: SlidingWindow;
  #failedInARow = 0;
  #availableProbes = 0;
  #isolations = 0;
  #rejected = 0;
  #lastFailure: unknown;

  /** @throws ConfigError if a limit is unknown, not a number or out of range */
  constructor(private readonly options: BreakerOptions) {
    this.limits = completeOptions('breaker', breakerRules, breakerDefaults, options.limits);
    this.#clock = options.clock ?? (() => performance.now());
    this.#random = options.random ?? Math.random;
    this.#window = new SlidingWindow(this.limits.windowMs);
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Number of results that count: in the window if the breaker is closed, else since the last change of the state. */
  get calls(): number {
    return this.#window.size;
  }

  /** Number of failures among `calls`. */
  get failures(): number {
    return this.#window.failures;
  }

  /** Number of rejected calls since the breaker was created. */
  get rejected(): number {
    return this.#rejected;
  }

  /** Cause of the last failure. Undefined if there was none since the breaker was last closed. */
  get lastFailure(): unknown {
    return this.#lastFailure;
  }

  /** Whether `admit` would admit a call. */
  get isReady(): boolean {
    const state = this.#state;
    if (state.kind === 'closed') return true;
    if (state.kind === 'isolated') return false;
    return state.kind === 'half-open' ? this.#availableProbes > 0 : this.#clock() >= state.until;
  }

  /** Admits a call. The caller reports its result. @throws BreakerOpenError if the breaker is open or isolated, or has no probe left */
  admit(): BreakerCall {
    if (this.#state.kind !== 'closed') this.#admitProbe();
    return new Call(this.#window, this.#settle, this.limits.slowCallDurationMs === Infinity ? 0 : this.#clock());
  }

  /** Records the failure of a call that was reported as a success when its headers had arrived. */
  recordLateFailure(cause: unknown): void {
    if (this.#state.kind === 'closed') this.#settle(this.#window, 'failed', 0, cause);
  }

  /** Makes the next call a probe if the breaker is open, since the endpoint may have recovered. */
  allowProbe(): void {
    if (this.#state.kind === 'open') this.#state = { ...this.#state, until: this.#clock() };
  }

  /** Rejects all calls until every handle is disposed. */
  isolate(): Disposable {
    this.#isolations++;
    this.#enter({ kind: 'isolated' });
    let isDisposed = false;
    return {
      [Symbol.dispose]: () => {
        if (isDisposed) return;
        isDisposed = true;
        if (--this.#isolations === 0) this.#enter({ kind: 'closed' });
      },
    };
  }

  /** @throws BreakerOpenError unless the call is a probe */
  #admitProbe(): void {
    const now = this.#clock();
    const state = this.#state;
    if (state.kind === 'open' && now >= state.until)
      this.#enter({ kind: 'half-open', until: now + this.limits.openDurationMs, openings: state.openings });
    else if (state.kind === 'half-open' && this.#availableProbes === 0 && now >= state.until) this.#open(state.openings + 1);
    if (this.#state.kind === 'half-open' && this.#availableProbes > 0) {
      this.#availableProbes--;
      return;
    }
    this.#rejected++;
    throw new BreakerOpenError(
      this.options.endpoint,
      'until' in this.#state ? Math.max(0, this.#state.until - now) : undefined,
      this.#lastFailure,
    );
  }

  readonly #settle = (window: SlidingWindow, result: Result, since: number, cause?: unknown): void => {
    if (window !== this.#window) return;
    const state = this.#state;
    if (result === 'ignored') {
      if (state.kind === 'half-open') this.#availableProbes++;
      return;
    }
    if (result === 'failed') this.#lastFailure = cause;
    const { minimumCalls, failureRate, slowCallDurationMs, slowCallRate, halfOpenCalls } = this.limits;
    const now = this.#clock();
    const isSlow = now - since > slowCallDurationMs;
    // A slow probe does not show that the endpoint has recovered.
    window.add(result === 'failed' || (isSlow && state.kind === 'half-open'), isSlow, now);
    this.#failedInARow = result === 'failed' ? this.#failedInARow + 1 : 0;
    if (state.kind === 'half-open') {
      // Decides as soon as the outstanding probes cannot change the decision.
      const minFailures = Math.max(1, Math.ceil(failureRate * halfOpenCalls));
      if (window.failures >= minFailures) this.#open(state.openings + 1);
      else if (window.size - window.failures > halfOpenCalls - minFailures) this.#enter({ kind: 'closed' });
      return;
    }
    const hasManyFailures = window.size >= minimumCalls ? window.failures >= failureRate * window.size : this.#failedInARow >= minimumCalls;
    const hasManySlowCalls = window.size >= minimumCalls && window.slowCalls >= slowCallRate * window.size;
    if ((result === 'failed' && hasManyFailures) || (isSlow && hasManySlowCalls)) this.#open(1);
  };

  #open(openings: number): void {
    const { openDurationMs, maxOpenDurationMs, jitter } = this.limits;
    const durationMs = Math.min(maxOpenDurationMs, openDurationMs * 2 ** (openings - 1)) * (1 + jitter * this.#random());
    this.#enter({ kind: 'open', until: this.#clock() + durationMs, openings });
  }

  #enter(to: BreakerState): void {
    const from = this.#state;
    this.#state = to;
    // Calls that were admitted before refer to the old window, so that their results do not count.
    this.#window = new SlidingWindow(to.kind === 'closed' ? this.limits.windowMs : undefined);
    this.#failedInARow = 0;
    this.#availableProbes = to.kind === 'half-open' ? this.limits.halfOpenCalls : 0;
    if (to.kind === 'closed') this.#lastFailure = undefined;
    try {
      this.options.onTransition?.(from, to);
    } catch {
      // An error of the listener must not fail the statement that changed the state.
    }
  }
}

/** An admitted call, with the window of the state that admitted it. */
class Call implements BreakerCall {
  #isSettled = false;

  constructor(
    private readonly window: SlidingWindow,
    private readonly settle: (window: SlidingWindow, result: Result, since: number, cause?: unknown) => void,
    /** Start on the breaker's clock. 0 if the duration does not matter: reading the clock costs time. */
    private readonly since: number,
  ) {}

  succeeded(): void {
    this.#end('succeeded');
  }

  failed(cause?: unknown): void {
    this.#end('failed', cause);
  }

  ignored(): void {
    this.#end('ignored');
  }

  #end(result: Result, cause?: unknown): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.settle(this.window, result, this.since, cause);
  }
}
