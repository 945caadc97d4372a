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
import type { Permit } from '../../../runtime/src/concurrency/semaphore.js';
import { fakeServer } from '../harness/fake-server.js';

const limits = { max: 4, maxWaiting: 100, acquireTimeoutMs: 60_000 };

describe('a bulkhead', () => {
  it('has what it is guaranteed, however many others ask', async () => {
    const bulkheads = new Bulkheads(limits, { reports: { guaranteed: 1 } });
    for (let count = 0; count < 3; count++) await bulkheads.unnamed.acquire();
    expect(bulkheads.unnamed.tryAcquire()).toBeUndefined();
    expect(bulkheads.named('reports').tryAcquire()).toBeDefined();
    expect(bulkheads.inUse).toBe(4);
  });

  it('has no more than its max, however idle the others are', () => {
    const bulkheads = new Bulkheads(limits, { reports: { max: 2 } });
    const reports = bulkheads.named('reports');
    expect([reports.tryAcquire(), reports.tryAcquire(), reports.tryAcquire()].map(Boolean)).toEqual([true, true, false]);
  });

  it('has what nobody needs, and gives it back to who has waited longest', async () => {
    const bulkheads = new Bulkheads(limits, { reports: {}, ingest: {} });
    const held = await Promise.all(Array.from({ length: 4 }, () => bulkheads.named('reports').acquire()));
    const served: string[] = [];
    const wait = async (name: string) => {
      (await bulkheads.named(name).acquire()).release();
      served.push(name);
    };
    const waiting = [wait('ingest')];
    // Two of the same instant would be served in any order.
    const [asked] = [performance.now()];
    while (performance.now() === asked);
    waiting.push(wait('reports'));
    held[0]?.release();
    await Promise.all(waiting);
    expect(served).toEqual(['ingest', 'reports']);
  });

  it('is found by its name only', () => {
    expect(() => new Bulkheads(limits, { reports: {} }).named('report')).toThrow(UnknownBulkheadError);
    expect(() => new Bulkheads(limits, { reports: {} }).named('report')).toThrow('found "reports"');
  });

  it.each<[Record<string, BulkheadLimits>, string]>([
    [{ a: { max: 5 } }, 'bulkheads.a.max: found 5'],
    [{ a: { max: 2, guaranteed: 3 } }, 'bulkheads.a.guaranteed: found 3'],
    [{ a: { maxWaiting: NaN } }, 'bulkheads.a.maxWaiting: found NaN'],
    [{ a: { guaranteed: 2 }, b: { guaranteed: 2 } }, 'guarantees of 4 permits together'],
  ])('%j is refused at once', (bulkheads, message) => {
    expect(() => new Bulkheads(limits, bulkheads)).toThrow(ConfigError);
    expect(() => new Bulkheads(limits, bulkheads)).toThrow(message);
  });
});

it('shares never take more than there is, never what is guaranteed to others, and leave nobody waiting for what is free', async () => {
  const shares = { a: { guaranteed: 1 }, b: { guaranteed: 1, max: 2 }, c: {} } as const;
  const names = ['a', 'b', 'c', undefined] as const;
  const step = fc.oneof(
    fc.record({ kind: fc.constant('acquire' as const), share: fc.nat(3) }),
    fc.record({ kind: fc.constant('release' as const), which: fc.nat() }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const bulkheads = new Bulkheads(limits, shares);
      const all = names.map((name) => (name ? bulkheads.named(name) : bulkheads.unnamed));
      const held: Permit[] = [];
      for (const given of steps) {
        if (given.kind === 'acquire') void all[given.share]?.acquire().then((permit) => held.push(permit));
        else if (held.length > 0) held.splice(given.which % held.length, 1)[0]?.release();
        await Promise.resolve();
        const claims = all
          .map(({ inUse, limits: { guaranteed = 0 } }) => Math.max(inUse, guaranteed))
          .reduce((sum, claim) => sum + claim, 0);
        expect(claims).toBeLessThanOrEqual(limits.max);
        expect(all.filter((share) => share.waiting > 0 && share.inUse < share.limits.max && bulkheads.canAcquire(share))).toEqual([]);
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

it('the manager keeps a place for one kind of work while another is stuck', async () => {
  const answers: ServerResponse[] = [];
  await using server = await fakeServer((response) => answers.push(response));
  const config = loadClickHouseConfig({ maxConcurrentStatements: 3 }, { CLICKHOUSE_URL: server.url });
  const manager = new ClickHouseConnectionManager({
    config,
    factory: new ClickHouseConnectionFactory(),
    bulkheads: { admin: { guaranteed: 1 } },
  });
  const stuck = ['A', 'B', 'C'].map((query) => manager.service.command({ query }));
  await server.received(2);
  expect(manager.stats).toMatchObject({ max: 3, inUse: 2, waiting: 1 });
  const admin = manager.bulkhead('admin').command({ query: 'KILL' });
  await server.received(3);
  for (let count = 0; count < 4; count++) {
    await server.received(count + 1);
    answers[count]?.end();
  }
  await Promise.all([...stuck, admin]);
  expect(manager.stats).toMatchObject({ inUse: 0, waiting: 0, granted: 4 });
  await manager.close();
});
