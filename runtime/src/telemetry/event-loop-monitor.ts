import { publish } from './telemetry.js';

/** Options of `EventLoopMonitor`. Tests replace the clock and the timer. */
export interface EventLoopMonitorOptions {
  /** Returns milliseconds of a monotonic clock. Default: `performance.now`. */
  readonly now?: () => number;
  /** Starts the timer of the samples. Default: `setInterval`. */
  readonly every?: typeof setInterval;
  /** Receives the text of a warning. Default: emits a warning of the process. */
  readonly warn?: (text: string) => void;
}

/** Interval of the samples, in milliseconds. */
const sampleIntervalMs = 250;
/** Minimum length of a stall, in milliseconds. Shorter delays are normal in a busy process. */
const minStallMs = 500;
const minuteMs = 60_000;
/** The originals: fake timers of a user's test must not look like a stall. */
const original = { now: performance.now.bind(performance), every: setInterval };

/**
 * Detects a blocked event loop. After a stall, timers fire before buffered responses are read, so a timeout in it does not indicate a
 * failing server.
 */
export class EventLoopMonitor {
  readonly #now: () => number;
  readonly #every: typeof setInterval;
  readonly #warn: (text: string) => void;
  #stalls = 0;
  #sampledAt = 0;
  #usedAt = 0;
  #warnedAt = -Infinity;
  #isUsed = false;
  /** Number of running calls of `expectStall`. */
  #expected = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor({
    now = original.now,
    every = original.every,
    warn = (text) => process.emitWarning(text, 'ClickHouseSsotWarning'),
  }: EventLoopMonitorOptions = {}) {
    this.#now = now;
    this.#every = every;
    this.#warn = warn;
  }

  /** Monitors the event loop for at least one minute. Returns a token for `hasStalledSince`. */
  beginWatch(): number {
    this.#isUsed = true;
    if (!this.#timer) this.#start();
    return this.#stalls;
  }

  /** Whether the event loop has stalled since `beginWatch` returned this token. Samples first: the caller may be the first to run after a stall. */
  hasStalledSince(token: number): boolean {
    this.sample();
    return this.#stalls !== token;
  }

  /**
   * Runs work of this package that may block the event loop. A stall in it counts for `hasStalledSince`, and is neither published nor warned
   * of. @throws the error of `run`
   */
  async expectStall<Result>(run: () => Result | Promise<Result>): Promise<Result> {
    // Until now, a stall has another reason.
    this.sample();
    this.#expected++;
    try {
      return await run();
    } finally {
      // The work may have blocked the timer of the samples until now.
      this.sample();
      this.#expected--;
    }
  }

  /** Compares the clock with the time of the last sample. A timer calls this; it does not keep the process alive. */
  sample(): void {
    const now = this.#now();
    const stalledMs = now - this.#sampledAt - sampleIntervalMs;
    this.#sampledAt = now;
    if (this.#timer && stalledMs >= minStallMs) this.#onStall(stalledMs, now);
    if (this.#isUsed) this.#usedAt = now;
    else if (now - this.#usedAt >= minuteMs) this.#pause();
    this.#isUsed = false;
  }

  #start(): void {
    this.#sampledAt = this.#usedAt = this.#now();
    this.#timer = this.#every(() => this.sample(), sampleIntervalMs).unref();
  }

  #pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #onStall(stalledMs: number, now: number): void {
    this.#stalls++;
    if (this.#expected > 0) return;
    publish('clickhouse-ssot:event-loop:stall', () => ({ stalledMs }));
    if (now - this.#warnedAt < minuteMs) return;
    this.#warnedAt = now;
    this.#warn(
      `The event loop was blocked for ${Math.round(stalledMs)} ms. Timeouts of ClickHouse statements in that time do not count as failures of their servers. Look for synchronous work, such as large JSON, or for a process that was suspended.`,
    );
  }
}

/** The monitor of this process, which all managers share. */
export const eventLoop = new EventLoopMonitor();
