import { spawnSync } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CircuitBreaker } from '../../runtime/src/resilience/circuit-breaker.js';
import { AcquireTimeoutError, NestedAcquireError } from '../../runtime/src/index.js';
import { Semaphore } from '../../runtime/src/concurrency/semaphore.js';
import { repository } from '../places.js';
import { fakeServer } from '../runtime/harness/fake-server.js';
import { failureOf, managerOf, selectOne } from './server-under-test.js';

describe('a nested acquire', () => {
  it('fault 22: fails at once if the session of the caller holds the last permit', async () => {
    await using server = await fakeServer((response) => void response.end('{"n":1}\n'));
    await using tested = managerOf(server.url, { input: { maxConcurrentStatements: 1 }, options: { detectNestedAcquires: true } });
    await using session = await tested.manager.session();
    expect(await failureOf(tested.manager.service.query(selectOne))).toBeInstanceOf(NestedAcquireError);
    expect(await (await session.query(selectOne)).json()).toEqual([{ n: 1 }]);
  });

  it('fault 22: fails at the acquire timeout if the detection is off', async () => {
    await using server = await fakeServer((response) => void response.end('{"n":1}\n'));
    await using tested = managerOf(server.url, {
      input: { maxConcurrentStatements: 1, acquireTimeoutMs: 20 },
      options: { detectNestedAcquires: false },
    });
    await using session = await tested.manager.session();
    expect(await failureOf(tested.manager.service.query(selectOne))).toBeInstanceOf(AcquireTimeoutError);
    expect(await (await session.query(selectOne)).json()).toEqual([{ n: 1 }]);
  });
});

describe('a clock that jumps', () => {
  afterEach(() => void vi.restoreAllMocks());

  it.each([-3_600_000, 3_600_000])(
    'fault 25: by %d ms changes no breaker state, times out no waiter and grants no permit',
    async (jump) => {
      const breaker = new CircuitBreaker({ endpoint: 'http://a', limits: { minimumCalls: 1, openDurationMs: 60_000 } });
      breaker.admit().failed();
      const permits = new Semaphore({ max: 1, maxWaiting: 1, acquireTimeoutMs: 60_000 });
      const held = await permits.acquire();
      const waiting = permits.acquire();
      const [now, date] = [Date.now(), vi.spyOn(Date, 'now')];
      date.mockImplementation(() => now + jump);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(breaker.state.kind).toBe('open');
      expect(breaker.isReady).toBe(false);
      expect([permits.waiting, permits.timedOut]).toEqual([1, 0]);
      held.release();
      (await waiting).release();
    },
  );
});

/** Blocks the event loop for this long. */
const blockFor = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

describe('a blocked event loop', () => {
  const silent = () => fakeServer(() => undefined);
  const shortTimeout = { input: { requestTimeoutMs: 300 }, options: { retry: false, breaker: { minimumCalls: 5 } } } as const;

  it('fault 25: opens no breaker by the timeouts that it causes, and is reported', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const events: unknown[] = [];
    const listen = (event: unknown) => void events.push(event);
    subscribe('clickhouse-ssot:event-loop:stall', listen);
    await using server = await silent();
    await using tested = managerOf(server.url, shortTimeout);
    const failures = Array.from({ length: 10 }, () => failureOf(tested.manager.service.query(selectOne)));
    await server.received(10);
    blockFor(2_000);
    for (const failure of await Promise.all(failures)) expect(failure.code).toBe('TIMED_OUT');
    expect(tested.manager.health()).toMatchObject({ status: 'unknown', endpoints: [{ breaker: 'closed' }] });
    expect(events).toEqual([{ stalledMs: expect.any(Number) }]);
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/^The event loop was blocked for \d+ ms\./), 'ClickHouseSsotWarning');
    unsubscribe('clickhouse-ssot:event-loop:stall', listen);
    warn.mockRestore();
  });

  it('fault 25: is required for that, since without a stall the same timeouts open the breaker', async () => {
    await using server = await silent();
    await using tested = managerOf(server.url, shortTimeout);
    await Promise.all(Array.from({ length: 10 }, () => failureOf(tested.manager.service.query(selectOne))));
    expect(tested.manager.health()).toMatchObject({ status: 'down', endpoints: [{ breaker: 'open' }] });
  });

  it('fault 25: times out no waiter whose permit was released meanwhile', async () => {
    const permits = new Semaphore({ max: 1, maxWaiting: 1, acquireTimeoutMs: 50 });
    const held = permits.tryAcquire();
    const waiting = permits.acquire();
    // Runs after the timers, as a buffered response does.
    setImmediate(() => held?.release());
    blockFor(1_000);
    (await waiting).release();
    expect(permits).toMatchObject({ timedOut: 0, inUse: 0 });
  });
});

describe('permits that are never released', () => {
  it('fault 32: use less than 1,000 bytes each, and their reports are limited', () => {
    const program = `
      import { LeakDetector } from ${JSON.stringify(join(repository, 'runtime/src/concurrency/leak-detector.ts'))};
      import { Semaphore } from ${JSON.stringify(join(repository, 'runtime/src/concurrency/semaphore.ts'))};
      const permits = new Semaphore({ max: 10_000, maxWaiting: 1, acquireTimeoutMs: 1_000 });
      let reports = 0;
      const detector = new LeakDetector({ thresholdMs: 1, report: () => void reports++ });
      const acquiredAt = new Error('acquired here');
      globalThis.gc();
      const before = process.memoryUsage().heapUsed;
      for (let held = 0; held < 10_000; held++) detector.track(permits.tryAcquire(), acquiredAt);
      setTimeout(() => {
        globalThis.gc();
        console.log(JSON.stringify({ reports, bytesEach: (process.memoryUsage().heapUsed - before) / 10_000, inUse: permits.inUse }));
        process.exit();
      }, 200);`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', '--import', 'tsx', '--input-type=module', '-e', program], {
      cwd: repository,
      encoding: 'utf8',
    });
    const { reports, bytesEach, inUse }: { reports: number; bytesEach: number; inUse: number } = JSON.parse(stdout || stderr);
    expect(inUse).toBe(10_000);
    expect(reports).toBeGreaterThan(0);
    expect(reports).toBeLessThanOrEqual(10);
    expect(bytesEach).toBeLessThan(1_000);
  });
});
