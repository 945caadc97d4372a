import type { LogLine } from './lines.js';

/** The limit of lines that repeat each other. */
export interface RepeatLimits {
  /** Maximum number of lines of one event and subject in an interval. */
  readonly max: number;
  /** Length of the interval from the first of these lines, in milliseconds. */
  readonly intervalMs: number;
}

/** The lines of one event and subject in an interval. */
interface Interval {
  readonly timer: NodeJS.Timeout;
  written: number;
  suppressed: number;
  last: LogLine;
}

/**
 * Limits lines that repeat each other: a server that is away must not fill the log. The number of lines that were left out is written at the
 * end of each interval.
 */
export class RepeatLimit {
  readonly #intervals = new Map<string, Interval>();

  constructor(
    private readonly limits: RepeatLimits,
    private readonly write: (line: LogLine) => void,
  ) {}

  /** Writes the line, or counts it if there were too many like it. */
  add(line: LogLine): void {
    const key = `${line.event} ${line.subject}`;
    const interval = this.#intervals.get(key) ?? this.#begin(key, line);
    interval.last = line;
    if (interval.written >= this.limits.max) {
      interval.suppressed++;
      return;
    }
    interval.written++;
    this.write(line);
  }

  /** Ends all intervals, and writes what they left out. */
  end(): void {
    for (const key of this.#intervals.keys()) this.#end(key);
  }

  #begin(key: string, line: LogLine): Interval {
    // The timer does not keep the process alive.
    const timer = setTimeout(() => this.#end(key), this.limits.intervalMs).unref();
    const interval = { timer, written: 0, suppressed: 0, last: line };
    this.#intervals.set(key, interval);
    return interval;
  }

  #end(key: string): void {
    const interval = this.#intervals.get(key);
    if (!interval) return;
    this.#intervals.delete(key);
    clearTimeout(interval.timer);
    const { suppressed, last } = interval;
    if (suppressed === 0) return;
    const seconds = this.limits.intervalMs / 1_000;
    const message = `${suppressed} further lines like this were left out, at most ${this.limits.max} in ${seconds} s are written. The last one: ${last.message}`;
    this.write({ ...last, message, fields: { ...last.fields, suppressedLines: suppressed } });
  }
}
