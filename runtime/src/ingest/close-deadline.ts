import { maxTimerMs, waitAtMost } from '../concurrency/wait.js';

/** The end of the time that a close has. Each call of `close()` may bring it forward: a signal must not wait for an earlier call. */
export interface CloseDeadline {
  /** Ends the time after so many milliseconds, unless it ends before. */
  readonly shorten: (timeoutMs: number) => void;
  /**
   * Resolves when the promise resolves, and when the time ends at the latest.
   * @param graceMs time after the end that the promise has, in milliseconds. Default: 0.
   * @throws the error of the promise
   */
  readonly wait: (promise: Promise<unknown>, graceMs?: number) => Promise<void>;
  /** Removes the timers, which keep the process alive. */
  readonly clear: () => void;
}

export function closeDeadline(): CloseDeadline {
  const timers: NodeJS.Timeout[] = [];
  let isCleared = false;
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return {
    shorten: (timeoutMs) => {
      if (!isCleared) timers.push(setTimeout(end, Math.min(timeoutMs, maxTimerMs)));
    },
    wait: async (promise, graceMs = 0) => {
      await Promise.race([promise, ended]);
      if (graceMs > 0) await waitAtMost(graceMs, promise);
    },
    clear: () => {
      isCleared = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
