import fc from 'fast-check';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  type BulkheadLimits,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  ConfigError,
  loadClickHouseConfig,
  UnknownBulkheadError,
} from '../../../runtime/src/index.js';
import { Bulkheads } from '../../../runtime/src/concurrency/bulkheads.js';
import type { Permit, Semaphore } from '../../../runtime/src/concurrency/semaphore.js';
import { fakeServer } from '../harness/fake-server.js';

const limits = { max: 4, maxWaiting: 100, acquireTimeoutMs: 60_000 };

describe('a bulkhead', () => {
  it('gets its guaranteed permits when all others are in use', async () => {
    const bulkheads = new Bulkheads(limits, { reports: { guaranteed: 1 } });
    for (let count = 0; count < 3; count++) await bulkheads.unnamed.acquire();
    expect(bulkheads.unnamed.tryAcquire()).toBeUndefined();
    expect(bulkheads.named('reports').tryAcquire()).toBeDefined();
    expect(bulkheads.inUse).toBe(4);
  });

  it('gets no more permits than its max, even if others are free', () => {
    const bulkheads = new Bulkheads(limits, { reports: { max: 2 } });
    const reports = bulkheads.named('reports');
    expect([reports.tryAcquire(), reports.tryAcquire(), reports.tryAcquire()].map(Boolean)).toEqual([true, true, false]);
  });

  it('gets permits without a guarantee, and a released one goes to the longest wait', async () => {
    const bulkheads = new Bulkheads(limits, { reports: {}, ingest: {} });
    const held = await Promise.all(Array.from({ length: 4 }, () => bulkheads.named('reports').acquire()));
    const granted: string[] = [];
    const wait = async (name: string) => {
      (await bulkheads.named(name).acquire()).release();
      granted.push(name);
    };
    const waiting = [wait('ingest')];
    // Waits with the same start have no order.
    const startedAt = performance.now();
    while (performance.now() === startedAt);
    waiting.push(wait('reports'));
    held[0]?.release();
    await Promise.all(waiting);
    expect(granted).toEqual(['ingest', 'reports']);
  });

  it('is found only by its exact name', () => {
    expect(() => new Bulkheads(limits, { reports: {} }).named('report')).toThrow(UnknownBulkheadError);
    expect(() => new Bulkheads(limits, { reports: {} }).named('report')).toThrow('found "reports"');
  });

  it.each<[Record<string, BulkheadLimits>, string]>([
    [{ a: { max: 5 } }, 'bulkheads.a.max: found 5'],
    [{ a: { max: 2, guaranteed: 3 } }, 'bulkheads.a.guaranteed: found 3'],
    [{ a: { maxWaiting: NaN } }, 'bulkheads.a.maxWaiting: found NaN'],
    [{ a: { guaranteed: 2 }, b: { guaranteed: 2 } }, 'guarantees of 4 permits in total'],
  ])('rejects %j at construction', (bulkheads, message) => {
    expect(() => new Bulkheads(limits, bulkheads)).toThrow(ConfigError);
    expect(() => new Bulkheads(limits, bulkheads)).toThrow(message);
  });
});

it('partitions never exceed the total, never take permits that are guaranteed to others, and leave no waiter beside a free permit', async () => {
  const partitions = { a: { guaranteed: 1 }, b: { guaranteed: 1, max: 2 }, c: {} } as const;
  const names = ['a', 'b', 'c', undefined] as const;
  const step = fc.oneof(
    fc.record({ kind: fc.constant('acquire' as const), partition: fc.nat(3) }),
    fc.record({ kind: fc.constant('release' as const), index: fc.nat() }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const bulkheads = new Bulkheads(limits, partitions);
      const all = names.map((name) => (name ? bulkheads.named(name) : bulkheads.unnamed));
      const held: Permit[] = [];
      for (const action of steps) {
        if (action.kind === 'acquire') void all[action.partition]?.acquire().then((permit) => held.push(permit));
        else if (held.length > 0) held.splice(action.index % held.length, 1)[0]?.release();
        await Promise.resolve();
        const committed = all
          .map(({ inUse, limits: { guaranteed = 0 } }) => Math.max(inUse, guaranteed))
          .reduce((sum, count) => sum + count, 0);
        expect(committed).toBeLessThanOrEqual(limits.max);
        const canGrant = (partition: Semaphore) =>
          partition.waiting > 0 && partition.inUse < partition.limits.max && bulkheads.canAcquire(partition);
        expect(all.filter(canGrant)).toEqual([]);
      }
      while (bulkheads.inUse > 0 || bulkheads.waiting > 0) {
        await Promise.resolve();
        held.pop()?.release();
      }
      expect([bulkheads.granted, bulkheads.timedOut]).toEqual([steps.filter(({ kind }) => kind === 'acquire').length, 0]);
    }),
    { numRuns: 300 },
  );
});

it('a manager runs statements of a bulkhead with a guarantee while all other permits are in use', async () => {
  const responses: ServerResponse[] = [];
  await using server = await fakeServer((response) => responses.push(response));
  const config = loadClickHouseConfig({ maxConcurrentStatements: 3 }, { CLICKHOUSE_URL: server.url });
  const manager = new ClickHouseConnectionManager({
    config,
    factory: new ClickHouseConnectionFactory(),
    bulkheads: { admin: { guaranteed: 1 } },
  });
  const blocked = ['A', 'B', 'C'].map((query) => manager.service.command({ query }));
  await server.received(2);
  expect(manager.stats).toMatchObject({ max: 3, inUse: 2, waiting: 1 });
  const admin = manager.bulkhead('admin').command({ query: 'KILL' });
  await server.received(3);
  for (let count = 0; count < 4; count++) {
    await server.received(count + 1);
    responses[count]?.end();
  }
  await Promise.all([...blocked, admin]);
  expect(manager.stats).toMatchObject({ inUse: 0, waiting: 0, granted: 4 });
  await manager.close();
});
