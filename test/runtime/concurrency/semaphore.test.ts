import { describe, expect, it } from 'vitest';
import { AbortedError, AcquireTimeoutError, ManagerClosedError, DoubleReleaseError, QueueFullError } from '../../../runtime/src/index.js';
import { observe } from '../../../runtime/src/telemetry/telemetry.js';
import { Semaphore } from '../../../runtime/src/concurrency/semaphore.js';

const limits = { max: 1, maxWaiting: 10, acquireTimeoutMs: 60_000 };

describe('permits', () => {
  it('fault 19: are granted first come, first served', async () => {
    const permits = new Semaphore(limits);
    const first = await permits.acquire();
    const granted: number[] = [];
    const waiting = [1, 2, 3, 4, 5].map((number) =>
      permits.acquire().then((permit) => {
        granted.push(number);
        permit.release();
      }),
    );
    first.release();
    await Promise.all(waiting);
    expect(granted).toEqual([1, 2, 3, 4, 5]);
    expect([permits.inUse, permits.waiting, permits.granted]).toEqual([0, 0, 6]);
  });

  it('never exceed max', async () => {
    const permits = new Semaphore({ ...limits, max: 3, maxWaiting: 100 });
    let running = 0;
    let maxRunning = 0;
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        const permit = await permits.acquire();
        maxRunning = Math.max(maxRunning, ++running);
        await new Promise(setImmediate);
        running--;
        permit.release();
      }),
    );
    expect(maxRunning).toBe(3);
  });

  it('fault 19: are denied after the acquire timeout, which removes the waiter from the queue', async () => {
    const permits = new Semaphore({ ...limits, acquireTimeoutMs: 5 });
    const held = await permits.acquire();
    await expect(permits.acquire()).rejects.toThrow(AcquireTimeoutError);
    expect([permits.waiting, permits.timedOut]).toEqual([0, 1]);
    held.release();
    (await permits.acquire()).release();
  });

  it('fault 25: are denied in time even if the event loop is blocked again and again', async () => {
    const permits = new Semaphore({ max: 1, maxWaiting: 5, acquireTimeoutMs: 100 });
    await permits.acquire();
    const rejected = permits.acquire().catch((error: unknown) => error);
    const ended = { at: 0 };
    void rejected.then(() => (ended.at = performance.now()));
    for (let lag = 0; lag < 6 && ended.at === 0; lag++) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(ended.at).toBeGreaterThan(0);
    expect(await rejected).toBeInstanceOf(AcquireTimeoutError);
  });

  it('never exceed max if a subscriber of the wait event acquires one', async () => {
    const permits = new Semaphore({ max: 1, maxWaiting: 5, acquireTimeoutMs: 1_000 });
    const first = await permits.acquire();
    const second = permits.acquire();
    using _observer = observe('clickhouse-ssot:permit:wait', () => expect(permits.tryAcquire()).toBeUndefined());
    first.release();
    (await second).release();
    expect(permits.inUse).toBe(0);
  });

  it('fault 19: are denied if the queue is full', async () => {
    const permits = new Semaphore({ ...limits, maxWaiting: 1 });
    const held = await permits.acquire();
    const waiting = permits.acquire();
    await expect(permits.acquire()).rejects.toThrow(QueueFullError);
    held.release();
    (await waiting).release();
  });

  it('fault 19: are not granted to an aborted waiter, which leaves the queue intact', async () => {
    const permits = new Semaphore(limits);
    const held = await permits.acquire();
    const controller = new AbortController();
    const aborted = permits.acquire(controller.signal);
    const next = permits.acquire();
    controller.abort('enough');
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
    await expect(permits.acquire(AbortSignal.abort())).rejects.toThrow(AbortedError);
    held.release();
    (await next).release();
    expect(permits.inUse).toBe(0);
  });

  it('fault 23: cannot be released twice', async () => {
    const permit = await new Semaphore(limits).acquire();
    permit.release();
    expect(() => permit.release()).toThrow(DoubleReleaseError);
  });

  it('are denied to all waiters after close(), and those in use stay valid', async () => {
    const permits = new Semaphore(limits);
    const held = await permits.acquire();
    const waiting = permits.acquire();
    permits.close();
    await expect(waiting).rejects.toThrow(ManagerClosedError);
    await expect(permits.acquire()).rejects.toThrow(ManagerClosedError);
    const idle = permits.whenIdle();
    held.release();
    await idle;
  });
});
