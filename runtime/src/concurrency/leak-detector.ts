import { type CallSite, framesOf } from './call-site.js';
import type { Permit } from './semaphore.js';
import { type LeakReport, publish } from '../telemetry/telemetry.js';

export interface LeakOptions {
  readonly afterMs: number;
  readonly report?: (report: LeakReport) => void;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
}

interface Held {
  readonly acquiredAt: CallSite;
  readonly since: number;
  isReported: boolean;
}

const reportsPerMinute = 10;
const minuteMs = 60_000;

/**
 * Tells of each permit that is held for longer than `afterMs`, once, with the call that acquired it, and again when it comes
 * back after all. Capturing that call costs microseconds: who wants no report makes no watch.
 */
export class LeakDetector {
  readonly #held = new Set<Held>();
  readonly #now: () => number;
  readonly #report: (report: LeakReport) => void;
  #timer: NodeJS.Timeout | undefined;
  #minute = -Infinity;
  #reported = 0;
  #leftOut = 0;

  constructor(private readonly options: LeakOptions) {
    this.#now = options.now ?? (() => performance.now());
    this.#report = options.report ?? warn;
  }

  /** Returns the permit, watched until its release. `acquiredAt`: the call that requested it, which may be long before it was granted. */
  track(permit: Permit, acquiredAt: CallSite): Permit {
    const held: Held = { acquiredAt, since: this.#now(), isReported: false };
    this.#held.add(held);
    this.#timer ??= setInterval(() => this.check(), Math.max(this.options.afterMs / 2, 1)).unref();
    return {
      release: () => {
        permit.release();
        this.#held.delete(held);
        if (held.isReported) this.#tell('returned', held);
        if (this.#held.size === 0) this.#rest();
      },
    };
  }

  /** Looks once. A timer does it as well, and keeps no process alive. */
  check(): void {
    const now = this.#now();
    for (const held of this.#held) {
      // In the order of their acquisition: whoever comes after this one is younger.
      if (now - held.since < this.options.afterMs) return;
      if (held.isReported) continue;
      held.isReported = true;
      this.#tell('held', held);
    }
  }

  #tell(kind: LeakReport['kind'], { acquiredAt, since }: Held): void {
    const now = this.#now();
    if (now - this.#minute >= minuteMs) {
      this.#minute = now;
      this.#reported = 0;
    }
    if (++this.#reported > reportsPerMinute) {
      this.#leftOut++;
      return;
    }
    const report: LeakReport = { kind, heldMs: now - since, acquiredAt: framesOf(acquiredAt).join('\n'), leftOut: this.#leftOut };
    this.#leftOut = 0;
    publish('clickhouse-ssot:permit:leak', () => report);
    try {
      this.#report(report);
    } catch {
      // Whoever listens to reports must not break the statement that happens to cause one.
    }
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function warn({ kind, heldMs, acquiredAt, leftOut }: LeakReport): void {
  const more = leftOut === 0 ? '' : ` (${leftOut} such reports were left out before)`;
  const text =
    kind === 'held'
      ? `A permit to run a ClickHouse statement has been held for ${Math.round(heldMs)} ms; read its result to the end, or close it`
      : `A permit that was reported came back after ${Math.round(heldMs)} ms`;
  process.emitWarning(`${text}${more}. Acquired by:\n${acquiredAt}`, 'ClickHouseSsotWarning');
}
