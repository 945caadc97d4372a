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

function createDetector() {
  const clock = { now: 0 };
  const reports: LeakReport[] = [];
  const detector = new LeakDetector({ thresholdMs: 100, report: (report) => reports.push(report), now: () => clock.now });
  const acquire = () => detector.track({ release: () => undefined }, callSite(callSite));
  return { clock, reports, detector, acquire };
}

describe('a permit that is held for too long', () => {
  it('is reported once, with the call that acquired it, and again when it is released', () => {
    const { clock, reports, detector, acquire } = createDetector();
    const permit = acquire();
    clock.now = 99;
    detector.check();
    expect(reports).toEqual([]);
    clock.now = 100;
    detector.check();
    detector.check();
    expect(reports).toMatchObject([
      { kind: 'held', heldMs: 100, acquiredAt: expect.stringMatching(/^\s+at acquire .*leak-detector\.test\.ts/) as unknown },
    ]);
    clock.now = 150;
    permit.release();
    expect(reports[1]).toMatchObject({ kind: 'returned', heldMs: 150 });
  });

  it('is not reported if it is released in time', () => {
    const { clock, reports, detector, acquire } = createDetector();
    acquire().release();
    clock.now = 1000;
    detector.check();
    expect(reports).toEqual([]);
  });

  it('fault 32: causes at most ten reports a minute, which count the suppressed ones', () => {
    const { clock, reports, detector, acquire } = createDetector();
    for (let count = 0; count < 30; count++) acquire();
    clock.now = 100;
    detector.check();
    expect(reports).toHaveLength(10);
    acquire();
    clock.now = 60_100;
    detector.check();
    expect(reports[10]).toMatchObject({ suppressed: 20 });
  });

  it('is released if the report callback throws', () => {
    const detector = new LeakDetector({ thresholdMs: 0, report: () => expect.fail('no') });
    const permit = detector.track({ release: () => undefined }, callSite(callSite));
    detector.check();
    permit.release();
  });
});

it('the manager reports the line whose result is not read', async () => {
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
