import { describe, expect, it } from 'vitest';
import { Bulkheads } from '../../../runtime/src/concurrency/bulkheads.js';
import { AcquireTimeoutError, ConfigError, QueueFullError } from '../../../runtime/src/errors/index.js';

const limits = { max: 2, maxWaiting: 1, acquireTimeoutMs: 20 };

describe('a bulkhead', () => {
  it('has the limits of the manager by default, and no guarantee', async () => {
    const bulkheads = new Bulkheads(limits, { reports: {} });
    const reports = bulkheads.named('reports');
    await Promise.all([reports.acquire(), reports.acquire()]);
    expect(bulkheads.inUse).toBe(2);
    const [late, further] = await Promise.allSettled([reports.acquire(), reports.acquire()]);
    expect([late, further].map((result) => result.status === 'rejected' && (result.reason as unknown))).toEqual([
      expect.any(AcquireTimeoutError),
      expect.any(QueueFullError),
    ]);
    const unnamed = new Bulkheads(limits, { reports: {} }).unnamed;
    expect([unnamed.tryAcquire(), unnamed.tryAcquire()].every(Boolean)).toBe(true);
  });

  it('has a queue of its own: maxWaiting 0 fails at once, and the others still wait', async () => {
    const bulkheads = new Bulkheads({ ...limits, acquireTimeoutMs: 60_000 }, { reports: { maxWaiting: 0 } });
    const held = await Promise.all([bulkheads.unnamed.acquire(), bulkheads.unnamed.acquire()]);
    await expect(bulkheads.named('reports').acquire()).rejects.toThrow(QueueFullError);
    const waiting = bulkheads.unnamed.acquire();
    held[0].release();
    await expect(waiting).resolves.toBeDefined();
  });

  it('has an acquireTimeoutMs of its own', async () => {
    const bulkheads = new Bulkheads({ ...limits, acquireTimeoutMs: 60_000 }, { reports: { acquireTimeoutMs: 1 } });
    await Promise.all([bulkheads.unnamed.acquire(), bulkheads.unnamed.acquire()]);
    await expect(bulkheads.named('reports').acquire()).rejects.toThrow(AcquireTimeoutError);
  });

  it('and the others leave at least one permit for statements without a bulkhead', () => {
    expect(() => new Bulkheads(limits, { a: { guaranteed: 1 }, b: { guaranteed: 1 } })).toThrow(ConfigError);
    expect(() => new Bulkheads(limits, { a: { guaranteed: 1 } })).not.toThrow();
  });
});
