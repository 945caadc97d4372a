import { describe, expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  type LeakReport,
  loadClickHouseConfig,
} from '../../../runtime/src/index.js';
import { callSite } from '../../../runtime/src/concurrency/call-site.js';
import { LeakDetector } from '../../../runtime/src/concurrency/leak-detector.js';
import { fakeServer } from '../harness/fake-server.js';

function watch() {
  const clock = { now: 0 };
  const reports: LeakReport[] = [];
  const leaks = new LeakDetector({ afterMs: 100, report: (report) => reports.push(report), now: () => clock.now });
  const acquire = () => leaks.track({ release: () => undefined }, callSite(callSite));
  return { clock, reports, leaks, acquire };
}

describe('a permit that is held for too long', () => {
  it('is reported once, with the call that acquired it, and again when it comes back', () => {
    const { clock, reports, leaks, acquire } = watch();
    const permit = acquire();
    clock.now = 99;
    leaks.check();
    expect(reports).toEqual([]);
    clock.now = 100;
    leaks.check();
    leaks.check();
    expect(reports).toMatchObject([
      { kind: 'held', heldMs: 100, acquiredAt: expect.stringMatching(/^\s+at acquire .*leak-detector\.test\.ts/) as unknown },
    ]);
    clock.now = 150;
    permit.release();
    expect(reports[1]).toMatchObject({ kind: 'returned', heldMs: 150 });
  });

  it('is not reported when it came back in time', () => {
    const { clock, reports, leaks, acquire } = watch();
    acquire().release();
    clock.now = 1000;
    leaks.check();
    expect(reports).toEqual([]);
  });

  it('fault 32: does not flood the log: ten reports a minute, and how many were left out', () => {
    const { clock, reports, leaks, acquire } = watch();
    for (let count = 0; count < 30; count++) acquire();
    clock.now = 100;
    leaks.check();
    expect(reports).toHaveLength(10);
    acquire();
    clock.now = 60_100;
    leaks.check();
    expect(reports[10]).toMatchObject({ leftOut: 20 });
  });

  it('breaks nothing when whoever listens throws', () => {
    const leaks = new LeakDetector({ afterMs: 0, report: () => expect.fail('no') });
    const permit = leaks.track({ release: () => undefined }, callSite(callSite));
    leaks.check();
    permit.release();
  });
});

it('the manager names the line whose result nobody reads', async () => {
  await using server = await fakeServer((response) => response.end('{"n":1}\n'));
  const reports: LeakReport[] = [];
  const config = loadClickHouseConfig({}, { CLICKHOUSE_URL: server.url });
  const manager = new ClickHouseConnectionManager({
    config,
    factory: new ClickHouseConnectionFactory(),
    leakDetectionThresholdMs: 4,
    onLeak: (report) => reports.push(report),
  });
  const unread = await manager.service.query({ query: 'SELECT n', format: 'JSONEachRow' });
  await expect
    .poll(() => reports)
    .toMatchObject([{ kind: 'held', acquiredAt: expect.stringContaining('leak-detector.test.ts') as unknown }]);
  unread.close();
  await expect.poll(() => reports).toHaveLength(2);
  await manager.close();
});
