import { onAbort } from './abort-listeners.js';

/** Maximum delay of a timer, in milliseconds. Node fires a timer with a longer delay at once. */
export const maxTimerMs = 2 ** 31 - 1;

/** Time that terminated statements have to end, in this process and on the server, in milliseconds. */
export const shutdownGraceMs = 250;

/**
 * Resolves when the promise resolves, and after `timeoutMs` milliseconds at the latest.
 * @param inBackground whether the timer lets the process exit. Default: false.
 * @throws the error of the promise
 */
export async function waitAtMost(timeoutMs: number, promise: Promise<unknown>, { inBackground = false } = {}): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.min(timeoutMs, maxTimerMs))));
  if (inBackground) unref(timer);
  try {
    await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves in the next turn of the event loop: before it, all callers whose promises are settled continue. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void inNextTurn(resolve));
}

/** Calls the listener in the next turn of the event loop. Run times without `setImmediate` have only timers for it. */
export function inNextTurn(listener: () => void): NodeJS.Immediate | NodeJS.Timeout {
  return typeof setImmediate === 'function' ? setImmediate(listener) : setTimeout(listener, 0);
}

/** Lets the process exit while the timer is pending. Does nothing in a run time whose timers are numbers: browsers and Workers. */
export function unref(timer: { readonly unref?: () => unknown } | undefined): void {
  timer?.unref?.();
}

/** Keeps the process alive until the timer has fired, where timers can do that. */
export function ref(timer: { readonly ref?: () => unknown } | undefined): void {
  timer?.ref?.();
}

const aborted = Symbol('aborted');

/** Resolves with the promise, or rejects with the signal's reason, whichever is first. @throws the error of the promise; the signal's reason */
export async function raceWithSignal<Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> {
  // After an abort, a rejection of the promise has no other handler.
  promise.catch(() => undefined);
  signal.throwIfAborted();
  let stopListening = (): void => undefined;
  const abort = new Promise<typeof aborted>((resolve) => (stopListening = onAbort(signal, () => resolve(aborted))));
  try {
    const first = await Promise.race([promise, abort]);
    if (first !== aborted) return first;
  } finally {
    stopListening();
  }
  signal.throwIfAborted();
  return promise;
}
