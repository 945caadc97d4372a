import { BreakerOpenError } from '../errors/index.js';
import { validateLimits } from '../config/validate-limits.js';
import { SlidingWindow } from './sliding-window.js';

export interface BreakerLimits {
  /** Results count for so long. */
  readonly windowMs: number;
  /** No verdict before so many. Where fewer fall into that time, as they do where each fails slowly, so many failures in a row count. */
  readonly minimumCalls: number;
  /** Opens when this share of them has failed. */
  readonly failureRate: number;
  /** A call that takes longer, to the headers of its answer, is slow. None is by default: what an analyst asks may take minutes. */
  readonly slowCallDurationMs: number;
  /** Opens when this share of them was slow. */
  readonly slowCallRate: number;
  /** How long it stays open at first; twice as long whenever a probe fails again, up to `maxOpenDurationMs`. */
  readonly openDurationMs: number;
  readonly maxOpenDurationMs: number;
  /** How much longer it may stay open, by chance, as a share: so that a fleet does not come back all at once. */
  readonly jitter: number;
  /** How many calls may probe a half-open endpoint. All others are rejected at once. */
  readonly halfOpenCalls: number;
}

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

export type BreakerState =
  | { readonly kind: 'closed' }
  /** Until `until` on the clock; `openings`: how often in a row. */
  | { readonly kind: 'open'; readonly until: number; readonly openings: number }
  /** Probes that do not settle until `until` count as failed. */
  | { readonly kind: 'half-open'; readonly until: number; readonly openings: number }
  | { readonly kind: 'isolated' };

/** A call that was let through. Its first result counts; none comes from a state that is over. */
export interface BreakerCall {
  succeeded(): void;
  /** `cause` is told to those who are turned away for it. */
  failed(cause?: unknown): void;
  /** It says nothing of the endpoint: the caller changed its mind, say. */
  ignored(): void;
}

export interface BreakerOptions {
  /** Named in errors, without credentials. */
  readonly endpoint: string;
  readonly limits?: Partial<BreakerLimits>;
  /** Milliseconds, monotonic. */
  readonly clock?: () => number;
  readonly random?: () => number;
  readonly onTransition?: (from: BreakerState, to: BreakerState) => void;
}

type Result = 'succeeded' | 'failed' | 'ignored';

/** Keeps calls from an endpoint that fails. It owns no timer. */
export class CircuitBreaker {
  readonly limits: BreakerLimits;
  readonly #clock: () => number;
  readonly #random: () => number;
  #state: BreakerState = { kind: 'closed' };
  #window: SlidingWindow;
  #failedInARow = 0;
  #probesLeft = 0;
  #isolations = 0;
  #rejected = 0;
  #lastFailure: unknown;

  constructor(private readonly options: BreakerOptions) {
    this.limits = validateLimits('breaker', breakerDefaults, options.limits, { windowMs: 1, minimumCalls: 1, halfOpenCalls: 1 });
    this.#clock = options.clock ?? (() => performance.now());
    this.#random = options.random ?? Math.random;
    this.#window = new SlidingWindow(this.limits.windowMs);
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Results of the present state, as far as they count. */
  get calls(): number {
    return this.#window.size;
  }

  get failures(): number {
    return this.#window.failures;
  }

  /** Calls turned away since it exists. */
  get rejected(): number {
    return this.#rejected;
  }

  /** What the latest failure of the present state, or the one that led to it, was told to be. */
  get lastFailure(): unknown {
    return this.#lastFailure;
  }

  /** Would `admit` let a call through? */
  get isReady(): boolean {
    const state = this.#state;
    if (state.kind === 'closed') return true;
    if (state.kind === 'isolated') return false;
    return state.kind === 'half-open' ? this.#probesLeft > 0 : this.#clock() >= state.until;
  }

  /** @throws BreakerOpenError at once, where it lets nothing through */
  admit(): BreakerCall {
    if (this.#state.kind !== 'closed') this.#admitProbe();
    return new Call(this.#window, this.#settle, this.limits.slowCallDurationMs === Infinity ? 0 : this.#clock());
  }

  /** A call that had succeeded, as far as its headers, has failed after all. */
  recordLateFailure(cause: unknown): void {
    if (this.#state.kind === 'closed') this.#settle(this.#window, 'failed', 0, cause);
  }

  /** There is reason to believe that an open endpoint has recovered: who asks next may probe it. */
  allowProbe(): void {
    if (this.#state.kind === 'open') this.#state = { ...this.#state, until: this.#clock() };
  }

  /** Lets nothing through until every handle is disposed of. */
  isolate(): Disposable {
    this.#isolations++;
    this.#enter({ kind: 'isolated' });
    let isOver = false;
    return {
      [Symbol.dispose]: () => {
        if (isOver) return;
        isOver = true;
        if (--this.#isolations === 0) this.#enter({ kind: 'closed' });
      },
    };
  }

  #admitProbe(): void {
    const now = this.#clock();
    const state = this.#state;
    if (state.kind === 'open' && now >= state.until)
      this.#enter({ kind: 'half-open', until: now + this.limits.openDurationMs, openings: state.openings });
    else if (state.kind === 'half-open' && this.#probesLeft === 0 && now >= state.until) this.#open(state.openings + 1);
    if (this.#state.kind === 'half-open' && this.#probesLeft > 0) {
      this.#probesLeft--;
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
      if (state.kind === 'half-open') this.#probesLeft++;
      return;
    }
    if (result === 'failed') this.#lastFailure = cause;
    const { minimumCalls, failureRate, slowCallDurationMs, slowCallRate, halfOpenCalls } = this.limits;
    const now = this.#clock();
    const isSlow = now - since > slowCallDurationMs;
    // Who tries whether it has recovered has not been convinced by a slow answer.
    window.add(result === 'failed' || (isSlow && state.kind === 'half-open'), isSlow, now);
    this.#failedInARow = result === 'failed' ? this.#failedInARow + 1 : 0;
    if (state.kind === 'half-open') {
      // Decided as soon as the outstanding probes cannot change it.
      const tooMany = Math.max(1, Math.ceil(failureRate * halfOpenCalls));
      if (window.failures >= tooMany) this.#open(state.openings + 1);
      else if (window.size - window.failures > halfOpenCalls - tooMany) this.#enter({ kind: 'closed' });
      return;
    }
    const isTooMany = window.size >= minimumCalls ? window.failures >= failureRate * window.size : this.#failedInARow >= minimumCalls;
    const areTooSlow = window.size >= minimumCalls && window.slowCalls >= slowCallRate * window.size;
    if ((result === 'failed' && isTooMany) || (isSlow && areTooSlow)) this.#open(1);
  };

  #open(openings: number): void {
    const { openDurationMs, maxOpenDurationMs, jitter } = this.limits;
    const wait = Math.min(maxOpenDurationMs, openDurationMs * 2 ** (openings - 1)) * (1 + jitter * this.#random());
    this.#enter({ kind: 'open', until: this.#clock() + wait, openings });
  }

  #enter(to: BreakerState): void {
    const from = this.#state;
    this.#state = to;
    // Whoever was admitted before holds the old window, and so has no say any more.
    this.#window = new SlidingWindow(to.kind === 'closed' ? this.limits.windowMs : undefined);
    this.#failedInARow = 0;
    this.#probesLeft = to.kind === 'half-open' ? this.limits.halfOpenCalls : 0;
    if (to.kind === 'closed') this.#lastFailure = undefined;
    try {
      this.options.onTransition?.(from, to);
    } catch {
      // Whoever watches the breaker must not break the statement that happens to move it.
    }
  }
}

class Call implements BreakerCall {
  #isSettled = false;

  constructor(
    private readonly window: SlidingWindow,
    private readonly settle: (window: SlidingWindow, result: Result, since: number, cause?: unknown) => void,
    /** On the breaker's clock, if it looks. */
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
