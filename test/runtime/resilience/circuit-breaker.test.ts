import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BreakerCall, CircuitBreaker, type BreakerLimits } from '../../../runtime/src/resilience/circuit-breaker.js';
import { BreakerOpenError, ConfigError } from '../../../runtime/src/errors/index.js';
import { SlidingWindow } from '../../../runtime/src/resilience/sliding-window.js';

const limits: BreakerLimits = {
  windowMs: 10_000,
  minimumCalls: 4,
  failureRate: 0.5,
  slowCallDurationMs: Infinity,
  slowCallRate: 0.8,
  openDurationMs: 1000,
  maxOpenDurationMs: 4000,
  jitter: 0.5,
  halfOpenCalls: 3,
};

/** A breaker with a clock that only the test moves. */
function breakerAt({ random = 0, ...changed }: Partial<BreakerLimits> & { random?: number } = {}) {
  const time = { now: 1_000_000 };
  const transitions: string[] = [];
  const breaker = new CircuitBreaker({
    endpoint: 'http://a:8123',
    limits: { ...limits, ...changed },
    clock: () => time.now,
    random: () => random,
    onTransition: (from, to) => transitions.push(`${from.kind} > ${to.kind}`),
  });
  return { breaker, time, transitions, call: (result: keyof BreakerCall) => breaker.admit()[result]() };
}

/** The same after it has opened. */
function opened(changed?: Parameters<typeof breakerAt>[0]): ReturnType<typeof breakerAt> {
  const result = breakerAt(changed);
  for (let i = 0; i < limits.minimumCalls; i++) result.call('failed');
  return result;
}

describe('a breaker', () => {
  it('admits all calls until minimumCalls calls have failed', () => {
    const { breaker, call } = breakerAt();
    for (let i = 0; i < 3; i++) call('failed');
    expect([breaker.state.kind, breaker.calls, breaker.failures]).toEqual(['closed', 3, 3]);
    call('failed');
    expect([breaker.state.kind, breaker.isReady]).toEqual(['open', false]);
  });

  it('stays closed below the failure rate', () => {
    const { breaker, call } = breakerAt();
    for (let i = 0; i < 20; i++) {
      call('succeeded');
      call('succeeded');
      call('failed');
    }
    expect(breaker.state.kind).toBe('closed');
  });

  it('counts the calls of its window, which expire by tenths', () => {
    const { breaker, call, time } = breakerAt();
    for (let i = 0; i < 1000; i++) call('succeeded');
    time.now += 8_999;
    for (let i = 0; i < 900; i++) call('failed');
    expect([breaker.state.kind, breaker.calls, breaker.failures]).toEqual(['closed', 1900, 900]);
    time.now += 1_001;
    call('failed');
    expect(breaker.state.kind).toBe('open');
  });

  it('does not count expired failures of an endpoint with few calls', () => {
    const { breaker, call, time } = breakerAt();
    for (let i = 0; i < 1000; i++) {
      call('failed');
      call(i % 3 === 2 ? 'succeeded' : 'ignored');
      time.now += 8_000;
    }
    expect(breaker.state.kind).toBe('closed');
  });

  it('opens after minimumCalls failures in a row, also if they fail too slowly to fill the window', () => {
    const { breaker, call, time } = breakerAt();
    for (let i = 0; i < 4; i++) {
      expect(breaker.state.kind).toBe('closed');
      time.now += 30_000;
      call('failed');
    }
    expect(breaker.state.kind).toBe('open');
  });

  it('counts exactly the results of the last ten tenths of its window, for any pauses', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ failed: fc.boolean(), slow: fc.boolean(), pauseMs: fc.oneof(fc.nat(300), fc.nat(20_000)) }), {
          maxLength: 60,
        }),
        (results) => {
          const window = new SlidingWindow(1_000);
          const added: { failed: boolean; slow: boolean; part: number }[] = [];
          let now = 5_000;
          for (const { failed, slow, pauseMs } of results) {
            now += pauseMs;
            const part = Math.floor(now / 100);
            added.push({ failed, slow, part });
            window.add(failed, slow, now);
            const counted = added.filter((result) => result.part > part - 10);
            const of = (kind: 'failed' | 'slow') => counted.filter((result) => result[kind]).length;
            expect([window.size, window.failures, window.slowCalls]).toEqual([counted.length, of('failed'), of('slow')]);
          }
        },
      ),
    );
  });

  it('opens if most calls are slow, and a slow probe does not close it', () => {
    const { breaker, time } = breakerAt({ slowCallDurationMs: 2_000, slowCallRate: 0.75 });
    const succeedAfter = (ms: number) => {
      const admitted = breaker.admit();
      time.now += ms;
      admitted.succeeded();
    };
    for (const ms of [2_500, 100, 2_500, 2_500]) succeedAfter(ms);
    expect([breaker.state.kind, breaker.failures]).toEqual(['open', 0]);
    time.now += 2_000;
    for (let probe = 0; probe < 2; probe++) succeedAfter(2_500);
    expect(breaker.state).toMatchObject({ kind: 'open', openings: 2 });
    time.now += 4_000;
    for (let probe = 0; probe < 2; probe++) succeedAfter(100);
    expect(breaker.state.kind).toBe('closed');
  });

  it('records failures after the headers while it is closed', () => {
    const { breaker, call } = breakerAt();
    for (let i = 0; i < 2; i++) {
      call('succeeded');
      breaker.recordLateFailure('broke off');
    }
    expect([breaker.state.kind, breaker.lastFailure]).toEqual(['open', 'broke off']);
    breaker.recordLateFailure('broke off again');
    expect(breaker.lastFailure).toBe('broke off');
  });

  it.each([[{ minimumCalls: Number.NaN }], [{ openDurationMs: -1 }], [{ halfOpenCalls: Number.NEGATIVE_INFINITY }]])(
    'rejects limits that are not numbers or out of range: %j',
    (wrong) => {
      expect(() => breakerAt(wrong)).toThrow(ConfigError);
      expect(breakerAt({ minimumCalls: undefined } as object).breaker.limits.minimumCalls).toBe(10);
    },
  );

  it('does not count ignored calls', () => {
    const { breaker, call } = breakerAt();
    for (let i = 0; i < 100; i++) call('ignored');
    expect([breaker.state.kind, breaker.calls]).toEqual(['closed', 0]);
  });

  it('counts only the first result of a call', () => {
    const { breaker } = breakerAt();
    const admitted = breaker.admit();
    admitted.succeeded();
    admitted.failed();
    admitted.ignored();
    expect([breaker.calls, breaker.failures]).toEqual([1, 0]);
  });
});

describe('an open breaker', () => {
  it('rejects calls with the last failure as the cause', () => {
    const { breaker } = breakerAt();
    for (let i = 0; i < 4; i++) breaker.admit().failed(`failure ${i}`);
    expect(() => breaker.admit()).toThrow(expect.objectContaining({ cause: 'failure 3' }));
  });

  it('opens even if onTransition throws', () => {
    const breaker = new CircuitBreaker({
      endpoint: 'http://a:8123',
      limits,
      onTransition: () => {
        throw new Error('no');
      },
    });
    for (let i = 0; i < 4; i++) breaker.admit().failed();
    expect(breaker.state.kind).toBe('open');
  });

  it('rejects calls at once, with the time until the next probe', () => {
    const { breaker, time } = opened();
    time.now += 400;
    expect(() => breaker.admit()).toThrow(expect.objectContaining({ code: 'BREAKER_OPEN', endpoint: 'http://a:8123', retryAfterMs: 600 }));
    expect(breaker.rejected).toBe(1);
  });

  it('stays open for a random additional time of at most jitter', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        const { breaker, time } = opened({ random });
        const { state } = breaker;
        const durationMs = (state.kind === 'open' ? state.until : NaN) - time.now;
        expect(durationMs).toBeCloseTo(1000 + random * 500);
      }),
    );
  });

  it('admits a probe after openDurationMs, and not before', () => {
    const { breaker, time } = opened();
    time.now += 999;
    expect(breaker.isReady).toBe(false);
    time.now += 1;
    expect(breaker.isReady).toBe(true);
    breaker.admit();
    expect(breaker.state.kind).toBe('half-open');
  });

  it('ignores results of calls that were admitted before it opened', () => {
    const { breaker, time } = breakerAt();
    const admittedBefore = Array.from({ length: 12 }, () => breaker.admit());
    for (const admitted of admittedBefore.slice(0, 4)) admitted.failed();
    expect(breaker.state.kind).toBe('open');
    admittedBefore[4]?.succeeded();
    time.now += 1000;
    breaker.admit();
    for (const admitted of admittedBefore.slice(5)) admitted.succeeded();
    expect(breaker.state.kind).toBe('half-open');
  });
});

describe('a half-open breaker', () => {
  it('admits halfOpenCalls calls, and rejects all others at once', () => {
    const { breaker, time } = opened();
    time.now += 1000;
    for (let i = 0; i < 3; i++) breaker.admit();
    expect(() => breaker.admit()).toThrow(BreakerOpenError);
    expect(breaker.isReady).toBe(false);
  });

  it('closes as soon as the outstanding probes cannot change the decision', () => {
    const { call, time, transitions } = opened();
    time.now += 1000;
    call('succeeded');
    call('succeeded');
    expect(transitions).toEqual(['closed > open', 'open > half-open', 'half-open > closed']);
  });

  it('opens again for twice the time, up to maxOpenDurationMs', () => {
    const { breaker, call, time } = opened();
    const durations = Array.from({ length: 4 }, () => {
      const { state } = breaker;
      const durationMs = (state.kind === 'open' ? state.until : NaN) - time.now;
      time.now += durationMs;
      call('failed');
      call('failed');
      return durationMs;
    });
    expect(durations).toEqual([1000, 2000, 4000, 4000]);
  });

  it('opens for openDurationMs again after it was closed', () => {
    const { breaker, call, time } = opened();
    time.now += 1000;
    call('succeeded');
    call('succeeded');
    for (let i = 0; i < 4; i++) call('failed');
    expect(breaker.state).toMatchObject({ kind: 'open', openings: 1, until: time.now + 1000 });
  });

  it('makes an ignored probe available again', () => {
    const { breaker, call, time } = opened();
    time.now += 1000;
    for (let i = 0; i < 100; i++) call('ignored');
    expect([breaker.state.kind, breaker.isReady]).toEqual(['half-open', true]);
  });

  it('counts probes that do not settle in time as failed', () => {
    const { breaker, time } = opened();
    time.now += 1000;
    for (let i = 0; i < 3; i++) breaker.admit();
    time.now += 1000;
    expect(() => breaker.admit()).toThrow(expect.objectContaining({ retryAfterMs: 2000 }));
    time.now += 2000;
    breaker.admit().succeeded();
    breaker.admit().succeeded();
    expect(breaker.state.kind).toBe('closed');
  });

  it('never has more than halfOpenCalls outstanding probes', () => {
    const step = fc.oneof(
      fc.constantFrom('admit', 'succeeded', 'failed', 'ignored').map((action) => ({ action, ms: 0 })),
      fc.nat(3000).map((ms) => ({ action: 'wait', ms })),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 100 }), (halfOpenCalls, steps) => {
        const { breaker, time } = opened({ halfOpenCalls });
        // The admitted calls of the current half-open state.
        let outstanding: BreakerCall[] = [];
        for (const { action, ms } of steps) {
          const before = breaker.state;
          if (action === 'wait') time.now += ms;
          else if (action === 'admit') {
            try {
              const admitted = breaker.admit();
              if (breaker.state !== before) outstanding = [];
              outstanding.push(admitted);
            } catch (error) {
              expect(error).toBeInstanceOf(BreakerOpenError);
            }
          } else outstanding.shift()?.[action as keyof BreakerCall]();
          if (breaker.state.kind !== 'half-open') outstanding = [];
          expect(outstanding.length).toBeLessThanOrEqual(halfOpenCalls);
        }
      }),
    );
  });
});

describe('an isolated endpoint', () => {
  it('receives no calls until every handle is disposed', () => {
    const { breaker, time } = breakerAt();
    const first = breaker.isolate();
    const second = breaker.isolate();
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    time.now += 1e9;
    expect(breaker.isReady).toBe(false);
    expect(() => breaker.admit()).toThrow(expect.objectContaining({ retryAfterMs: undefined }));
    second[Symbol.dispose]();
    breaker.admit().succeeded();
    expect(breaker.state.kind).toBe('closed');
  });
});
