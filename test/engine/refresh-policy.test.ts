import { describe, expect, it } from 'vitest';
import { RefreshPolicy, type RefreshCost } from '../../src/engine/refresh-policy.js';

const small: RefreshCost = { all: 10, slice: 3 };
const large: RefreshCost = { all: 20_000, slice: 1_000 };

/** A linter that asks, answers, and lets some milliseconds pass before it asks again. */
function linter(reach: RefreshCost) {
  let time = 0;
  const freshness = new RefreshPolicy(() => time);
  return (rule: string, file: string, { after = 0 } = {}) => {
    time += after;
    const howFar = freshness.scopeFor(rule, file, reach);
    time += 500;
    freshness.markAnswered();
    return howFar;
  };
}

describe('a look at the disk', () => {
  it('is the first thing that happens', () => {
    expect(linter(large)('rule', 'a.ts')).toBe('all');
  });

  it('is taken for each file of a small project, and once for all rules', () => {
    const lint = linter(small);
    lint('one', 'a.ts');
    expect(lint('two', 'a.ts')).toBeUndefined();
    expect(lint('one', 'b.ts')).toBe('all');
    expect(lint('two', 'b.ts')).toBeUndefined();
    expect(lint('one', 'a.ts')).toBe('all');
  });

  it('is taken once a run in a large project, at what matters, however long an answer took', () => {
    const lint = linter(large);
    lint('rule', 'a.ts');
    expect(lint('rule', 'b.ts')).toBeUndefined();
    expect(lint('rule', 'c.ts')).toBeUndefined();
    expect(lint('rule', 'a.ts')).toBe('slice');
    expect(lint('rule', 'b.ts')).toBeUndefined();
    expect(lint('rule', 'c.ts')).toBeUndefined();
    expect(lint('rule', 'a.ts')).toBe('slice');
  });

  it('is taken after a pause, further after a longer one', () => {
    const lint = linter(large);
    lint('rule', 'a.ts');
    expect(lint('rule', 'b.ts', { after: 200 })).toBeUndefined();
    expect(lint('rule', 'c.ts', { after: 400 })).toBe('slice');
    expect(lint('rule', 'd.ts', { after: 3_001 })).toBe('all');
  });
});
