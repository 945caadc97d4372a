import { describe, expect, it } from 'vitest';
import { AbortedError, AcquireTimeoutError, ManagerClosedError, DoubleReleaseError, QueueFullError } from '../../../runtime/src/index.js';
import { observe } from '../../../runtime/src/telemetry/telemetry.js';
import { Semaphore } from '../../../runtime/src/concurrency/semaphore.js';

const limits = { max: 1, maxWaiting: 10, acquireTimeoutMs: 60_000 };

describe('permits', () => {
  it('fault 19: are handed out first come, first served', async () => {
    const permits = new Semaphore(limits);
    const first = await permits.acquire();
    const served: number[] = [];
    const waiting = [1, 2, 3, 4, 5].map((number) =>
      permits.acquire().then((permit) => {
        served.push(number);
        permit.release();
      }),
    );
    first.release();
    await Promise.all(waiting);
    expect(served).toEqual([1, 2, 3, 4, 5]);
    expect([permits.inUse, permits.waiting, permits.granted]).toEqual([0, 0, 6]);
  });

  it('are never more than max', async () => {
    const permits = new Semaphore({ ...limits, max: 3, maxWaiting: 100 });
    let running = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        const permit = await permits.acquire();
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        running--;
        permit.release();
      }),
    );
    expect(most).toBe(3);
  });

  it('fault 19: are refused after the acquire timeout, and the queue closes ranks', async () => {
    const permits = new Semaphore({ ...limits, acquireTimeoutMs: 5 });
    const held = await permits.acquire();
    await expect(permits.acquire()).rejects.toThrow(AcquireTimeoutError);
    expect([permits.waiting, permits.timedOut]).toEqual([0, 1]);
    held.release();
    (await permits.acquire()).release();
  });

  it('25 are refused in time also where the event loop lags all the time', async () => {
    const permits = new Semaphore({ max: 1, maxWaiting: 5, acquireTimeoutMs: 100 });
    await permits.acquire();
    const refused = permits.acquire().catch((error: unknown) => error);
    const ended = { at: 0 };
    void refused.then(() => (ended.at = performance.now()));
    for (let lag = 0; lag < 6 && ended.at === 0; lag++) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(ended.at).toBeGreaterThan(0);
    expect(await refused).toBeInstanceOf(AcquireTimeoutError);
  });

  it('are never more than max, also where who is told of a wait asks for one himself', async () => {
    const permits = new Semaphore({ max: 1, maxWaiting: 5, acquireTimeoutMs: 1_000 });
    const first = await permits.acquire();
    const second = permits.acquire();
    using _observer = observe('clickhouse-ssot:permit:wait', () => expect(permits.tryAcquire()).toBeUndefined());
    first.release();
    (await second).release();
    expect(permits.inUse).toBe(0);
  });

  it('fault 19: are refused when the queue is full', async () => {
    const permits = new Semaphore({ ...limits, maxWaiting: 1 });
    const held = await permits.acquire();
    const waiting = permits.acquire();
    await expect(permits.acquire()).rejects.toThrow(QueueFullError);
    held.release();
    (await waiting).release();
  });

  it('fault 19: are not waited for by who is aborted, which leaves no hole in the queue', async () => {
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

  it('fault 23: cannot be given back twice', async () => {
    const permit = await new Semaphore(limits).acquire();
    permit.release();
    expect(() => permit.release()).toThrow(DoubleReleaseError);
  });

  it('are refused to all who wait when closed, and those in use stay good', async () => {
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
