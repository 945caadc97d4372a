import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventLoopMonitor } from '../../../runtime/src/telemetry/event-loop-monitor.js';

/** A watch on a clock that stands still until it is moved. */
function watchAt() {
  const time = { now: 1_000 };
  const warn = vi.fn();
  return { time, warn, watch: new EventLoopMonitor({ now: () => time.now, every: setInterval, warn }) };
}

describe('a watch for an event loop that stands still', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('takes turns that are a little late for the life of a busy process', () => {
    const { time, warn, watch } = watchAt();
    const since = watch.beginWatch();
    time.now += 700;
    expect(watch.hasStalledSince(since)).toBe(false);
    expect(warn).not.toHaveBeenCalled();
  });

  it('knows of a stall whoever has the first turn after it, for all that began before', () => {
    const { time, watch } = watchAt();
    const before = watch.beginWatch();
    time.now += 3_000;
    expect(watch.hasStalledSince(before)).toBe(true);
    expect(watch.hasStalledSince(watch.beginWatch())).toBe(false);
  });

  it('warns at most once a minute', () => {
    const { time, warn, watch } = watchAt();
    for (let stall = 0; stall < 30; stall++) {
      watch.beginWatch();
      time.now += 3_000;
      watch.sample();
    }
    expect(warn.mock.calls).toEqual([[expect.stringContaining('stood still for 2750 ms')], [expect.stringContaining('stood still')]]);
  });

  it('rests when nobody has used it for a minute, and takes the time until it is used again for no stall', () => {
    const { time, watch } = watchAt();
    watch.beginWatch();
    for (let tick = 0; tick < 250; tick++) {
      time.now += 250;
      vi.advanceTimersByTime(250);
    }
    expect(vi.getTimerCount()).toBe(0);
    time.now += 600_000;
    expect(watch.hasStalledSince(watch.beginWatch())).toBe(false);
  });
});
