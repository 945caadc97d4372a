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

/** A breaker on a clock that stands still until it is moved. */
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

function opened(changed?: Parameters<typeof breakerAt>[0]): ReturnType<typeof breakerAt> {
  const all = breakerAt(changed);
  for (let i = 0; i < limits.minimumCalls; i++) all.call('failed');
  return all;
}

describe('a breaker', () => {
  it('lets everything through until enough calls have failed', () => {
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

  it('judges by the calls of the last seconds, and forgets those before by tenths', () => {
    const { breaker, call, time } = breakerAt();
    for (let i = 0; i < 1000; i++) call('succeeded');
    time.now += 8_999;
    for (let i = 0; i < 900; i++) call('failed');
    expect([breaker.state.kind, breaker.calls, breaker.failures]).toEqual(['closed', 1900, 900]);
    time.now += 1_001;
    call('failed');
    expect(breaker.state.kind).toBe('open');
  });

  it('does not hold failures of long ago against an endpoint that is rarely asked', () => {
    const { breaker, call, time } = breakerAt();
    for (let i = 0; i < 1000; i++) {
      call('failed');
      call(i % 3 === 2 ? 'succeeded' : 'ignored');
      time.now += 8_000;
    }
    expect(breaker.state.kind).toBe('closed');
  });

  it('opens as well where all fail so slowly that few of them fall into its seconds', () => {
    const { breaker, call, time } = breakerAt();
    for (let i = 0; i < 4; i++) {
      expect(breaker.state.kind).toBe('closed');
      time.now += 30_000;
      call('failed');
    }
    expect(breaker.state.kind).toBe('open');
  });

  it('counts exactly the results of its tenths, whatever the pauses', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ failed: fc.boolean(), slow: fc.boolean(), pauseMs: fc.oneof(fc.nat(300), fc.nat(20_000)) }), {
          maxLength: 60,
        }),
        (results) => {
          const window = new SlidingWindow(1_000);
          const given: { failed: boolean; slow: boolean; part: number }[] = [];
          let now = 5_000;
          for (const { failed, slow, pauseMs } of results) {
            now += pauseMs;
            const part = Math.floor(now / 100);
            given.push({ failed, slow, part });
            window.add(failed, slow, now);
            const counted = given.filter((result) => result.part > part - 10);
            const of = (kind: 'failed' | 'slow') => counted.filter((result) => result[kind]).length;
            expect([window.size, window.failures, window.slowCalls]).toEqual([counted.length, of('failed'), of('slow')]);
          }
        },
      ),
    );
  });

  it('opens where most calls succeed too slowly, and does not close for a slow one', () => {
    const { breaker, time } = breakerAt({ slowCallDurationMs: 2_000, slowCallRate: 0.75 });
    const succeedAfter = (ms: number) => {
      const admission = breaker.admit();
      time.now += ms;
      admission.succeeded();
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

  it('hears of a call that fails behind its headers, as long as it is closed', () => {
    const { breaker, call } = breakerAt();
    for (let i = 0; i < 2; i++) {
      call('succeeded');
      breaker.recordLateFailure('broke off');
    }
    expect([breaker.state.kind, breaker.lastFailure]).toEqual(['open', 'broke off']);
    breaker.recordLateFailure('and another');
    expect(breaker.lastFailure).toBe('broke off');
  });

  it.each([[{ minimumCalls: Number.NaN }], [{ openDurationMs: -1 }], [{ halfOpenCalls: Number.NEGATIVE_INFINITY }]])(
    'refuses limits that are none: %j',
    (wrong) => {
      expect(() => breakerAt(wrong)).toThrow(ConfigError);
      expect(breakerAt({ minimumCalls: undefined } as object).breaker.limits.minimumCalls).toBe(10);
    },
  );

  it('counts no call that says nothing of the endpoint', () => {
    const { breaker, call } = breakerAt();
    for (let i = 0; i < 100; i++) call('ignored');
    expect([breaker.state.kind, breaker.calls]).toEqual(['closed', 0]);
  });

  it('counts the first result of a call, and no other', () => {
    const { breaker } = breakerAt();
    const admission = breaker.admit();
    admission.succeeded();
    admission.failed();
    admission.ignored();
    expect([breaker.calls, breaker.failures]).toEqual([1, 0]);
  });
});

describe('an open breaker', () => {
  it('tells those whom it turns away how the last call failed', () => {
    const { breaker } = breakerAt();
    for (let i = 0; i < 4; i++) breaker.admit().failed(`failure ${i}`);
    expect(() => breaker.admit()).toThrow(expect.objectContaining({ cause: 'failure 3' }));
  });

  it('opens even if whoever watches it throws', () => {
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

  it('rejects at once, and says when to come back', () => {
    const { breaker, time } = opened();
    time.now += 400;
    expect(() => breaker.admit()).toThrow(expect.objectContaining({ code: 'BREAKER_OPEN', endpoint: 'http://a:8123', retryAfterMs: 600 }));
    expect(breaker.rejected).toBe(1);
  });

  it('stays so for longer by chance, so that a fleet does not come back all at once', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        const { breaker, time } = opened({ random });
        const { state } = breaker;
        const wait = (state.kind === 'open' ? state.until : NaN) - time.now;
        expect(wait).toBeCloseTo(1000 + random * 500);
      }),
    );
  });

  it('probes when its time is over, and not before', () => {
    const { breaker, time } = opened();
    time.now += 999;
    expect(breaker.isReady).toBe(false);
    time.now += 1;
    expect(breaker.isReady).toBe(true);
    breaker.admit();
    expect(breaker.state.kind).toBe('half-open');
  });

  it('is not moved by results of calls from before', () => {
    const { breaker, time } = breakerAt();
    const early = Array.from({ length: 12 }, () => breaker.admit());
    for (const admission of early.slice(0, 4)) admission.failed();
    expect(breaker.state.kind).toBe('open');
    early[4]?.succeeded();
    time.now += 1000;
    breaker.admit();
    for (const admission of early.slice(5)) admission.succeeded();
    expect(breaker.state.kind).toBe('half-open');
  });
});

describe('a half-open breaker', () => {
  it('lets a few through and rejects the rest at once', () => {
    const { breaker, time } = opened();
    time.now += 1000;
    for (let i = 0; i < 3; i++) breaker.admit();
    expect(() => breaker.admit()).toThrow(BreakerOpenError);
    expect(breaker.isReady).toBe(false);
  });

  it('closes as soon as the probes that are out cannot change that', () => {
    const { call, time, transitions } = opened();
    time.now += 1000;
    call('succeeded');
    call('succeeded');
    expect(transitions).toEqual(['closed > open', 'open > half-open', 'half-open > closed']);
  });

  it('opens again for twice as long, up to a limit', () => {
    const { breaker, call, time } = opened();
    const waits = Array.from({ length: 4 }, () => {
      const { state } = breaker;
      const wait = (state.kind === 'open' ? state.until : NaN) - time.now;
      time.now += wait;
      call('failed');
      call('failed');
      return wait;
    });
    expect(waits).toEqual([1000, 2000, 4000, 4000]);
  });

  it('starts over with the short time once it was closed', () => {
    const { breaker, call, time } = opened();
    time.now += 1000;
    call('succeeded');
    call('succeeded');
    for (let i = 0; i < 4; i++) call('failed');
    expect(breaker.state).toMatchObject({ kind: 'open', openings: 1, until: time.now + 1000 });
  });

  it('gets a probe back that says nothing of the endpoint', () => {
    const { breaker, call, time } = opened();
    time.now += 1000;
    for (let i = 0; i < 100; i++) call('ignored');
    expect([breaker.state.kind, breaker.isReady]).toEqual(['half-open', true]);
  });

  it('does not wait for ever for probes that never end', () => {
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

  it('never has more probes out than it may, whatever happens', () => {
    const step = fc.oneof(
      fc.constantFrom('admit', 'succeeded', 'failed', 'ignored').map((what) => ({ what, ms: 0 })),
      fc.nat(3000).map((ms) => ({ what: 'wait', ms })),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 100 }), (probes, steps) => {
        const { breaker, time } = opened({ halfOpenCalls: probes });
        // Those that were let through in the present half-open state.
        let out: BreakerCall[] = [];
        for (const { what, ms } of steps) {
          const before = breaker.state;
          if (what === 'wait') time.now += ms;
          else if (what === 'admit') {
            try {
              const admission = breaker.admit();
              if (breaker.state !== before) out = [];
              out.push(admission);
            } catch (error) {
              expect(error).toBeInstanceOf(BreakerOpenError);
            }
          } else out.shift()?.[what as keyof BreakerCall]();
          if (breaker.state.kind !== 'half-open') out = [];
          expect(out.length).toBeLessThanOrEqual(probes);
        }
      }),
    );
  });
});

describe('an isolated endpoint', () => {
  it('gets nothing until everybody who isolated it lets go', () => {
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
