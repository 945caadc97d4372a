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

/** Runs attempts that fail with these errors in turn and then succeed, with a clock that only pauses move. */
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

describe('a statement', () => {
  it('is not sent again after a success', async () => {
    expect(await run([])).toEqual({ outcome: 'rows', attempts: 1, pauses: [] });
  });

  it('is sent again after pauses that double up to maxDelayMs', async () => {
    expect(await run([refused(), reset(), refused()])).toEqual({ outcome: 'rows', attempts: 4, pauses: [100, 200, 300] });
  });

  it('is sent maxAttempts times at most, and the last error has the number of attempts', async () => {
    const last = refused();
    const { outcome } = await run([reset(), reset(), reset(), last]);
    expect(outcome).toMatchObject({ code: 'CONNECT_FAILED', attempts: 4, cause: last });
  });

  it('is not sent again if the server would answer the same', async () => {
    expect(await run([syntax()])).toMatchObject({ outcome: { clickhouseCode: 62, attempts: 1 }, pauses: [] });
  });

  it('that writes is sent again only if no server can have run it', async () => {
    const cause = reset();
    const { outcome, pauses } = await run([refused(), cause], { effect: 'write' });
    expect(pauses).toEqual([100]);
    expect(outcome).toBeInstanceOf(AmbiguousWriteError);
    expect(outcome).toMatchObject({ code: 'AMBIGUOUS_WRITE', attempts: 2, cause: { code: 'CONNECTION_LOST', cause } });
  });

  it('that writes is sent again if the server deduplicates it', async () => {
    expect(await run([reset(), reset()], { effect: 'deduplicated-write' })).toMatchObject({ outcome: 'rows', attempts: 3 });
  });

  it.each([
    ['then reaches no server', [reset(), refused(), refused(), refused()]],
    ['then is rejected', [reset(), syntax()]],
    ['then is lost repeatedly', [reset(), reset(), reset(), reset()]],
  ])('that writes, was lost once and %s, is ambiguous', async (_, failures) => {
    const { outcome } = await run(failures, { effect: 'deduplicated-write' });
    expect(outcome).toBeInstanceOf(AmbiguousWriteError);
    expect(outcome).toMatchObject({ attempts: failures.length, cause: { code: 'CONNECTION_LOST', cause: failures[0] } });
  });

  it('calls onRetry before each pause', async () => {
    const calls: unknown[] = [];
    await run([refused(), reset()], { onRetry: ({ code }, attempt, pauseMs) => calls.push([code, attempt, pauseMs]) });
    expect(calls).toEqual([
      ['CONNECT_FAILED', 1, 100],
      ['CONNECTION_LOST', 2, 200],
    ]);
  });
});

describe('an error of onRetry', () => {
  it('does not fail the statement', async () => {
    const result = run([reset()], {
      onRetry: () => {
        throw new Error('no');
      },
    });
    expect(await result).toMatchObject({ outcome: 'rows', attempts: 2 });
  });
});

describe('the pause before the next attempt', () => {
  it('is random, up to its upper bound', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), async (chance) => {
        const { pauses } = await run([reset(), reset(), reset()], { random: () => chance });
        [100, 200, 300].forEach((maxMs, index) => {
          expect(pauses[index]).toBeGreaterThanOrEqual(0);
          expect(pauses[index]).toBeLessThanOrEqual(maxMs);
        });
      }),
    );
  });

  it('is never shorter than the server requests', async () => {
    expect(await run([busy('2')])).toMatchObject({ outcome: 'rows', pauses: [2100] });
    expect(await run([busy('2')], { random: () => 0 })).toMatchObject({ outcome: 'rows', pauses: [2000] });
  });

  it('does not take place if the server requests more than maxRetryAfterMs', async () => {
    expect(await run([busy('3600')])).toMatchObject({ outcome: { kind: 'OverloadedError', retryAfterMs: 3_600_000 }, pauses: [] });
  });

  it('does not take place if the deadline leaves less than minAttemptMs for the next attempt', async () => {
    expect(await run([reset(), reset()], { deadline: 100 + 199 + policy.minAttemptMs })).toMatchObject({
      attempts: 2,
      pauses: [100],
      outcome: { code: 'CONNECTION_LOST' },
    });
    expect(await run([reset(), reset()], { deadline: 100 + 200 + policy.minAttemptMs })).toMatchObject({ attempts: 3, outcome: 'rows' });
  });

  it('ends at once when the caller aborts, and leaves no listener', async () => {
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

  it('does not take place if the signal is aborted already', async () => {
    expect(await run([reset()], { signal: AbortSignal.abort('enough') })).toMatchObject({ attempts: 1, pauses: [] });
    await expect(sleep(2 ** 30, AbortSignal.abort('enough'))).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
  });

  it('leaves no timer after an abort', async () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const pause = sleep(1000, controller.signal);
    expect(vi.getTimerCount()).toBe(1);
    controller.abort('enough');
    await expect(pause).rejects.toThrow('aborted');
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('leaves no listener after its end', async () => {
    const { signal } = new AbortController();
    await sleep(0, signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a retry budget', () => {
  it('stops retries if most statements fail', async () => {
    const budget = new RetryBudget(0.1, 2);
    const attempts: number[] = [];
    for (let i = 0; i < 20; i++) attempts.push((await run([reset(), reset(), reset(), reset()], { budget })).attempts);
    expect(attempts.slice(0, 3)).toEqual([3, 1, 1]);
    expect(attempts.reduce((sum, each) => sum + each - 1, 0)).toBeLessThanOrEqual(2 + 20 * 0.1);
  });

  it('recovers by the statements that succeed', async () => {
    const budget = new RetryBudget(0.5, 1);
    await run([reset()], { budget });
    expect((await run([reset()], { budget })).attempts).toBe(1);
    await run([], { budget });
    expect((await run([reset()], { budget })).attempts).toBe(2);
  });

  it('loses no token for a statement that is not sent again', async () => {
    const budget = new RetryBudget(0.2, 3);
    await run([syntax()], { budget });
    await run([reset()], { budget, effect: 'write' });
    await run([busy('3600')], { budget });
    await run([reset()], { budget, deadline: 1 });
    expect(budget.tokens).toBe(3);
  });

  it('never allows more retries than its share of the statements and its capacity', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.boolean(), { maxLength: 200 }),
        (share, capacity, calls) => {
          const budget = new RetryBudget(share, capacity);
          let retries = 0;
          let statements = 0;
          for (const isRetry of calls) {
            if (isRetry) retries += Number(budget.withdraw());
            else {
              statements++;
              budget.deposit();
            }
            expect(retries).toBeLessThanOrEqual(capacity + statements * share + 1e-9);
            expect(budget.tokens).toBeGreaterThanOrEqual(0);
            expect(budget.tokens).toBeLessThanOrEqual(capacity);
          }
        },
      ),
    );
  });
});
