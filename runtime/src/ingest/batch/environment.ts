import { randomUUID } from 'node:crypto';
import { maxTimerMs } from '../../concurrency/wait.js';

/** The clock, timers, ids and warnings of the process. Tests replace them. */
export interface IngestEnvironment {
  /** Returns milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** Calls `run` after so many milliseconds. The timer does not keep the process alive. Returns a function that cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** Returns a number from 0 to 1, exclusive. */
  readonly random: () => number;
  /** Returns a new id of letters, digits and dashes. */
  readonly newId: () => string;
  /** Keeps the process alive until the returned function is called. */
  readonly holdProcess: () => () => void;
  /** Emits a warning of the process. */
  readonly warn: (text: string) => void;
}

/** The environment of a process. */
export const processEnvironment: IngestEnvironment = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, Math.min(ms, maxTimerMs)).unref();
    return () => clearTimeout(timer);
  },
  random: Math.random,
  newId: randomUUID,
  holdProcess: () => {
    const timer = setInterval(() => undefined, maxTimerMs);
    return () => clearInterval(timer);
  },
  warn: (text) => process.emitWarning(text, 'ClickHouseSsotWarning'),
};
