import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { AmbiguousWriteError, parseFailure } from '../../../runtime/src/errors/index.js';
import { retry, RetryBudget, retryDefaults, type RetryOptions, sleep } from '../../../runtime/src/resilience/retry.js';

const policy = { ...retryDefaults, maxAttempts: 4, initialDelayMs: 100, maxDelayMs: 300 };
const refused = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
const reset = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const syntax = () => new Error('Code: 62. DB::Exception: no. (SYNTAX_ERROR)');
const busy = (seconds: string) => parseFailure(new Error(''), { httpStatus: 503, headers: { 'retry-after': seconds } });

/** Runs against a script of failures, the success that follows, and a clock that only pauses move. */
async function run(failures: readonly Error[], options: Partial<RetryOptions> = {}) {
  const time = { now: 0 };
  const pauses: number[] = [];
  let attempts = 0;
  options.budget?.deposit();
  const outcome: unknown = await retry(
    async (attempt) => {
      attempts = attempt;
      const failure = failures[attempt - 1];
      if (failure) throw failure;
      return 'rows';
    },
    {
      effect: 'read',
      policy,
      random: () => 1,
      clock: () => time.now,
      sleep: async (ms) => {
        pauses.push(ms);
        time.now += ms;
      },
      ...options,
    },
  ).catch((error: unknown) => error);
  return { outcome, attempts, pauses };
}

describe('a statement is repeated', () => {
  it('not at all when it succeeds', async () => {
    expect(await run([])).toEqual({ outcome: 'rows', attempts: 1, pauses: [] });
  });

  it('after longer and longer pauses, up to a limit', async () => {
    expect(await run([refused(), reset(), refused()])).toEqual({ outcome: 'rows', attempts: 4, pauses: [100, 200, 300] });
  });

  it('so often and no more, and the last failure tells how often', async () => {
    const last = refused();
    const { outcome } = await run([reset(), reset(), reset(), last]);
    expect(outcome).toMatchObject({ code: 'CONNECT_FAILED', attempts: 4, cause: last });
  });

  it('not if the answer would be the same', async () => {
    expect(await run([syntax()])).toMatchObject({ outcome: { clickhouseCode: 62, attempts: 1 }, pauses: [] });
  });

  it('if it is a write only while nothing can have happened', async () => {
    const cause = reset();
    const { outcome, pauses } = await run([refused(), cause], { effect: 'write' });
    expect(pauses).toEqual([100]);
    expect(outcome).toBeInstanceOf(AmbiguousWriteError);
    expect(outcome).toMatchObject({ code: 'AMBIGUOUS_WRITE', attempts: 2, cause: { code: 'CONNECTION_LOST', cause } });
  });

  it('if it is a write that the server knows when it sees it again', async () => {
    expect(await run([reset(), reset()], { effect: 'deduplicated-write' })).toMatchObject({ outcome: 'rows', attempts: 3 });
  });

  it.each([
    ['then finds nobody', [reset(), refused(), refused(), refused()]],
    ['then is turned away', [reset(), syntax()]],
    ['then is lost again and again', [reset(), reset(), reset(), reset()]],
  ])('and a write that was lost once and %s is in doubt all the same', async (_, failures) => {
    const { outcome } = await run(failures, { effect: 'deduplicated-write' });
    expect(outcome).toBeInstanceOf(AmbiguousWriteError);
    expect(outcome).toMatchObject({ attempts: failures.length, cause: { code: 'CONNECTION_LOST', cause: failures[0] } });
  });

  it('and each time somebody is told', async () => {
    const told: unknown[] = [];
    await run([refused(), reset()], { onRetry: ({ code }, attempt, initialDelayMs) => told.push([code, attempt, initialDelayMs]) });
    expect(told).toEqual([
      ['CONNECT_FAILED', 1, 100],
      ['CONNECTION_LOST', 2, 200],
    ]);
  });
});

describe('whoever watches repetition', () => {
  it('cannot end it', async () => {
    const watched = run([reset()], {
      onRetry: () => {
        throw new Error('no');
      },
    });
    expect(await watched).toMatchObject({ outcome: 'rows', attempts: 2 });
  });
});

describe('the pause before the next attempt', () => {
  it('is anything up to its limit, by chance', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), async (chance) => {
        const { pauses } = await run([reset(), reset(), reset()], { random: () => chance });
        [100, 200, 300].forEach((longest, index) => {
          expect(pauses[index]).toBeGreaterThanOrEqual(0);
          expect(pauses[index]).toBeLessThanOrEqual(longest);
        });
      }),
    );
  });

  it('is never shorter than what the server asks for', async () => {
    expect(await run([busy('2')])).toMatchObject({ outcome: 'rows', pauses: [2100] });
    expect(await run([busy('2')], { random: () => 0 })).toMatchObject({ outcome: 'rows', pauses: [2000] });
  });

  it('is not made where the server asks for too much', async () => {
    expect(await run([busy('3600')])).toMatchObject({ outcome: { code: 'OVERLOADED', retryAfterMs: 3_600_000 }, pauses: [] });
  });

  it('is not made where the deadline leaves no time for the attempt after it', async () => {
    expect(await run([reset(), reset()], { deadline: 100 + 199 + policy.minAttemptMs })).toMatchObject({
      attempts: 2,
      pauses: [100],
      outcome: { code: 'CONNECTION_LOST' },
    });
    expect(await run([reset(), reset()], { deadline: 100 + 200 + policy.minAttemptMs })).toMatchObject({ attempts: 3, outcome: 'rows' });
  });

  it('ends at once when the caller aborts, and leaves nothing behind', async () => {
    const controller = new AbortController();
    const aborted = run([reset()], {
      signal: controller.signal,
      random: () => 1,
      policy: { ...policy, initialDelayMs: 2 ** 30, maxDelayMs: 2 ** 30 },
      sleep,
      onRetry: () => queueMicrotask(() => controller.abort('enough')),
    });
    expect(await aborted).toMatchObject({
      outcome: { code: 'ABORTED', cause: 'enough', message: 'The statement was aborted between two attempts.' },
      attempts: 1,
    });
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('is not made for a caller who has aborted already', async () => {
    expect(await run([reset()], { signal: AbortSignal.abort('enough') })).toMatchObject({ attempts: 1, pauses: [] });
    await expect(sleep(2 ** 30, AbortSignal.abort('enough'))).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
  });

  it('leaves no timer when it was aborted', async () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const pause = sleep(1000, controller.signal);
    expect(vi.getTimerCount()).toBe(1);
    controller.abort('enough');
    await expect(pause).rejects.toThrow('aborted');
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('leaves no listener when it is over', async () => {
    const { signal } = new AbortController();
    await sleep(0, signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a retry budget', () => {
  it('stops repetition when most statements fail', async () => {
    const budget = new RetryBudget(0.1, 2);
    const attempts: number[] = [];
    for (let i = 0; i < 20; i++) attempts.push((await run([reset(), reset(), reset(), reset()], { budget })).attempts);
    expect(attempts.slice(0, 3)).toEqual([3, 1, 1]);
    expect(attempts.reduce((sum, each) => sum + each - 1, 0)).toBeLessThanOrEqual(2 + 20 * 0.1);
  });

  it('comes back with the statements that succeed', async () => {
    const budget = new RetryBudget(0.5, 1);
    await run([reset()], { budget });
    expect((await run([reset()], { budget })).attempts).toBe(1);
    await run([], { budget });
    expect((await run([reset()], { budget })).attempts).toBe(2);
  });

  it('is not spent on what is not repeated', async () => {
    const budget = new RetryBudget(0.2, 3);
    await run([syntax()], { budget });
    await run([reset()], { budget, effect: 'write' });
    await run([busy('3600')], { budget });
    await run([reset()], { budget, deadline: 1 });
    expect(budget.tokens).toBe(3);
  });

  it('never gives more than its share of the calls on top of what it holds', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.boolean(), { maxLength: 200 }),
        (share, capacity, calls) => {
          const budget = new RetryBudget(share, capacity);
          let given = 0;
          let made = 0;
          for (const isRepetition of calls) {
            if (isRepetition) given += Number(budget.withdraw());
            else {
              made++;
              budget.deposit();
            }
            expect(given).toBeLessThanOrEqual(capacity + made * share + 1e-9);
            expect(budget.tokens).toBeGreaterThanOrEqual(0);
            expect(budget.tokens).toBeLessThanOrEqual(capacity);
          }
        },
      ),
    );
  });
});
