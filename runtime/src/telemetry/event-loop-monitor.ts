import { publish } from './telemetry.js';

export interface StallOptions {
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
  readonly every?: typeof setInterval;
  readonly warn?: (text: string) => void;
}

const tickMs = 250;
/** Shorter ones are the ordinary life of a busy process. */
const leastMs = 500;
const minuteMs = 60_000;
/** As they were at first: where a test of somebody's fakes the time, the event loop has not stood still. */
const real = { now: performance.now.bind(performance), every: setInterval };

/**
 * Notices when this process gave nobody a turn. After that all timers go off before a single answer is read that has long been there:
 * timeouts tell of this process then, and not of a server.
 */
export class EventLoopMonitor {
  readonly #now: () => number;
  readonly #every: typeof setInterval;
  readonly #warn: (text: string) => void;
  #count = 0;
  #lookedAt = 0;
  #usedAt = 0;
  #warnedAt = -Infinity;
  #isUsed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor({
    now = real.now,
    every = real.every,
    warn = (text) => process.emitWarning(text, 'ClickHouseSsotWarning'),
  }: StallOptions = {}) {
    this.#now = now;
    this.#every = every;
    this.#warn = warn;
  }

  /** Looks out for a minute from now at least. Gives what to ask about later. */
  beginWatch(): number {
    this.#isUsed = true;
    if (!this.#timer) this.#begin();
    return this.#count;
  }

  /** Has the event loop stood still since `lookOut` gave this? Whoever asks may be the first that has a turn after it. */
  hasStalledSince(count: number): boolean {
    this.sample();
    return this.#count !== count;
  }

  /** A timer does it as well, and keeps no process alive. */
  sample(): void {
    const now = this.#now();
    const stalledMs = now - this.#lookedAt - tickMs;
    this.#lookedAt = now;
    if (this.#timer && stalledMs >= leastMs) this.#tell(stalledMs, now);
    if (this.#isUsed) this.#usedAt = now;
    else if (now - this.#usedAt >= minuteMs) this.#pause();
    this.#isUsed = false;
  }

  #begin(): void {
    this.#lookedAt = this.#usedAt = this.#now();
    this.#timer = this.#every(() => this.sample(), tickMs).unref();
  }

  #pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tell(stalledMs: number, now: number): void {
    this.#count++;
    publish('clickhouse-ssot:event-loop:stall', () => ({ stalledMs }));
    if (now - this.#warnedAt < minuteMs) return;
    this.#warnedAt = now;
    this.#warn(
      `The event loop stood still for ${Math.round(stalledMs)} ms. ClickHouse statements that timed out in it are not held against their servers; look for synchronous work, such as large JSON, or for a process that was suspended.`,
    );
  }
}

/** All managers of a process have one event loop. */
export const eventLoop = new EventLoopMonitor();
