import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { raceWithSignal, waitAtMost } from '../../../runtime/src/concurrency/wait.js';
import { sleep } from '../../../runtime/src/resilience/retry.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new Promise<void>(() => undefined);

describe('waitAtMost', () => {
  it('resolves with the promise, and leaves no timer', async () => {
    await waitAtMost(1_000, Promise.resolve());
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects with the error of the promise, and leaves no timer', async () => {
    await expect(waitAtMost(1_000, Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('resolves after the timeout, and leaves no timer', async () => {
    const waited = waitAtMost(1_000, never);
    await vi.advanceTimersByTimeAsync(1_000);
    await waited;
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([2 ** 40, Infinity])('waits for a timeout that is longer than a timer allows: %s', async (timeoutMs) => {
    let isOver = false;
    void waitAtMost(timeoutMs, never).then(() => (isOver = true));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(isOver).toBe(false);
  });
});

describe('a pause before a retry', () => {
  it.each([new AbortController(), undefined])('leaves no timer after its end', async (controller) => {
    const pause = sleep(1_000, controller?.signal);
    await vi.advanceTimersByTimeAsync(1_000);
    await pause;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer after an abort, or if the signal was aborted before', async () => {
    const controller = new AbortController();
    const pause = sleep(1_000, controller.signal);
    controller.abort();
    await expect(pause).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(sleep(1_000, controller.signal)).rejects.toMatchObject({ code: 'ABORTED' });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('raceWithSignal', () => {
  it('leaves no listener at the signal, whether the promise resolves or rejects', async () => {
    const controller = new AbortController();
    const remove = vi.spyOn(controller.signal, 'removeEventListener');
    expect(await raceWithSignal(controller.signal, Promise.resolve(1))).toBe(1);
    await expect(raceWithSignal(controller.signal, Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(remove).toHaveBeenCalledTimes(2);
  });
});
