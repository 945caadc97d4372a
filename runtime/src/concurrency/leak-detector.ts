import { type LeakReport, publish } from '../telemetry/telemetry.js';
import { type CallSite, framesOf } from './call-site.js';
import type { Permit } from './semaphore.js';

/** Options of `LeakDetector`. */
export interface LeakDetectorOptions {
  /** Time after which a held permit is reported, in milliseconds. */
  readonly thresholdMs: number;
  /** Receives each report. Its errors are ignored. Default: emits a warning of the process. */
  readonly report?: (report: LeakReport) => void;
  /** Returns milliseconds of a monotonic clock. Default: `performance.now`. */
  readonly now?: () => number;
}

interface TrackedPermit {
  readonly acquiredAt: CallSite;
  /** On the detector's clock, in milliseconds. */
  readonly since: number;
  isReported: boolean;
}

const maxReportsPerMinute = 10;
const minuteMs = 60_000;

/**
 * Reports each permit that is held for longer than the threshold, once, with the call that acquired it, and again when it is released. To
 * capture that call costs microseconds, so a manager without a threshold has no detector.
 */
export class LeakDetector {
  /** In the order of acquisition. */
  readonly #tracked = new Set<TrackedPermit>();
  readonly #now: () => number;
  readonly #onReport: (report: LeakReport) => void;
  #timer: NodeJS.Timeout | undefined;
  #minuteStartedAt = -Infinity;
  #reportsInMinute = 0;
  #suppressed = 0;

  constructor(private readonly options: LeakDetectorOptions) {
    this.#now = options.now ?? (() => performance.now());
    this.#onReport = options.report ?? warn;
  }

  /**
   * Returns the permit, tracked until its release.
   * @param acquiredAt the call that requested the permit, which may be long before the grant
   */
  track(permit: Permit, acquiredAt: CallSite): Permit {
    const tracked: TrackedPermit = { acquiredAt, since: this.#now(), isReported: false };
    this.#tracked.add(tracked);
    this.#timer ??= setInterval(() => this.check(), Math.max(this.options.thresholdMs / 2, 1)).unref();
    return {
      release: () => {
        permit.release();
        this.#tracked.delete(tracked);
        if (tracked.isReported) this.#report('returned', tracked);
        if (this.#tracked.size === 0) this.#stopTimer();
      },
    };
  }

  /** Reports the permits that have exceeded the threshold since the last check. A timer calls this; it does not keep the process alive. */
  check(): void {
    const now = this.#now();
    for (const tracked of this.#tracked) {
      // All later permits are younger.
      if (now - tracked.since < this.options.thresholdMs) return;
      if (tracked.isReported) continue;
      tracked.isReported = true;
      this.#report('held', tracked);
    }
  }

  #report(kind: LeakReport['kind'], { acquiredAt, since }: TrackedPermit): void {
    const now = this.#now();
    if (now - this.#minuteStartedAt >= minuteMs) {
      this.#minuteStartedAt = now;
      this.#reportsInMinute = 0;
    }
    if (++this.#reportsInMinute > maxReportsPerMinute) {
      this.#suppressed++;
      return;
    }
    const report: LeakReport = { kind, heldMs: now - since, acquiredAt: framesOf(acquiredAt).join('\n'), suppressed: this.#suppressed };
    this.#suppressed = 0;
    publish('clickhouse-ssot:permit:leak', () => report);
    try {
      this.#onReport(report);
    } catch {
      // An error of the user's callback must not fail the statement that releases the permit.
    }
  }

  #stopTimer(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function warn({ kind, heldMs, acquiredAt, suppressed }: LeakReport): void {
  const omitted = suppressed === 0 ? '' : ` (${suppressed} earlier reports were suppressed)`;
  const text =
    kind === 'held'
      ? `A permit to run a ClickHouse statement has been held for ${Math.round(heldMs)} ms; read its result to the end, or close it`
      : `A permit that was reported as held for too long was released after ${Math.round(heldMs)} ms`;
  process.emitWarning(`${text}${omitted}. Acquired by:\n${acquiredAt}`, 'ClickHouseSsotWarning');
}
