import { afterEach, expect, it, vi } from 'vitest';
import { classifyEffect } from '../../../runtime/src/errors/outcome.js';
import { RotationTimer } from '../../../runtime/src/manager/rotation-timer.js';
import { RetryBudget } from '../../../runtime/src/resilience/retry.js';
import { codeSpans, readmeUnits } from '../../docs/runtime-readme.js';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('the retry budget has ten retries at once, and a fifth of the statements after them', () => {
  const budget = new RetryBudget();
  const retriesNow = (): number => {
    let count = 0;
    while (budget.withdraw()) count++;
    return count;
  };
  expect(retriesNow()).toBe(10);
  for (let statement = 0; statement < 11; statement++) budget.deposit();
  expect(retriesNow()).toBe(2);
});

it('each keyword that the README calls a read is one', () => {
  const item =
    readmeUnits()
      .find(({ text }) => text.startsWith('- Reads are '))
      ?.text.split('. ')[0] ?? '';
  const keywords = codeSpans(item).filter((keyword) => keyword !== 'INSERT');
  expect(keywords).toHaveLength(8);
  expect(keywords.filter((keyword) => classifyEffect({ sql: `${keyword} a` }) !== 'read')).toEqual([]);
  expect(['INSERT', 'SYSTEM', 'KILL', 'USE', 'SET'].filter((keyword) => classifyEffect({ sql: `${keyword} a` }) !== 'write')).toEqual([]);
});

it.each([
  [0, 1_000],
  [0.5, 950],
  [0.999, 900],
])('a rotation starts at 90 to 100 percent of maxLifetimeMs: with the random number %d after %d ms of 1,000', async (random, ms) => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(random);
  const rotate = vi.fn();
  new RotationTimer(rotate).schedule(1_000);
  await vi.advanceTimersByTimeAsync(ms - 1);
  expect(rotate).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2);
  expect(rotate).toHaveBeenCalledOnce();
});
