import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventLoopMonitor } from '../../../runtime/src/telemetry/event-loop-monitor.js';

/** A monitor with a clock that the test sets. */
function createMonitor() {
  const clock = { now: 1_000 };
  const warn = vi.fn();
  return { clock, warn, monitor: new EventLoopMonitor({ now: () => clock.now, every: setInterval, warn }) };
}

describe('the event loop monitor', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('reports no stall if a sample is a little late', () => {
    const { clock, warn, monitor } = createMonitor();
    const token = monitor.beginWatch();
    clock.now += 700;
    expect(monitor.hasStalledSince(token)).toBe(false);
    expect(warn).not.toHaveBeenCalled();
  });

  it('detects a stall at the first query after it, for all watches that began before it', () => {
    const { clock, monitor } = createMonitor();
    const before = monitor.beginWatch();
    clock.now += 3_000;
    expect(monitor.hasStalledSince(before)).toBe(true);
    expect(monitor.hasStalledSince(monitor.beginWatch())).toBe(false);
  });

  it('warns at most once a minute', () => {
    const { clock, warn, monitor } = createMonitor();
    for (let stall = 0; stall < 30; stall++) {
      monitor.beginWatch();
      clock.now += 3_000;
      monitor.sample();
    }
    expect(warn.mock.calls).toEqual([[expect.stringContaining('was blocked for 2750 ms')], [expect.stringContaining('was blocked')]]);
  });

  it('pauses after a minute without use, and reports no stall for the pause', () => {
    const { clock, monitor } = createMonitor();
    monitor.beginWatch();
    for (let tick = 0; tick < 250; tick++) {
      clock.now += 250;
      vi.advanceTimersByTime(250);
    }
    expect(vi.getTimerCount()).toBe(0);
    clock.now += 600_000;
    expect(monitor.hasStalledSince(monitor.beginWatch())).toBe(false);
  });
});

describe('work that is expected to block the event loop', () => {
  it('causes no warning, and still counts as a stall', async () => {
    const { clock, warn, monitor } = createMonitor();
    const token = monitor.beginWatch();
    expect(await monitor.expectStall(() => (clock.now += 3_000))).toBe(4_000);
    expect(monitor.hasStalledSince(token)).toBe(true);
    expect(warn).not.toHaveBeenCalled();
  });

  it('causes no warning if the timer runs between its steps', async () => {
    const { clock, warn, monitor } = createMonitor();
    monitor.beginWatch();
    await monitor.expectStall(async () => {
      clock.now += 3_000;
      await Promise.resolve();
      monitor.sample();
      clock.now += 3_000;
    });
    monitor.sample();
    expect(warn).not.toHaveBeenCalled();
  });

  it('hides no stall before and after it', async () => {
    for (const isBefore of [true, false]) {
      const { clock, warn, monitor } = createMonitor();
      monitor.beginWatch();
      if (isBefore) clock.now += 3_000;
      await monitor.expectStall(() => Promise.reject(new Error('scripted failure'))).catch(() => undefined);
      if (!isBefore) clock.now += 3_000;
      monitor.sample();
      expect(warn).toHaveBeenCalledOnce();
    }
  });
});
