import { describe, expect, it } from 'vitest';
import { Freshness, type Reach } from '../../src/engine/refresh-policy.js';

const small: Reach = { everywhere: 10, 'where it matters': 3 };
const large: Reach = { everywhere: 20_000, 'where it matters': 1_000 };

/** A linter that asks, answers, and lets some milliseconds pass before it asks again. */
function linter(reach: Reach) {
  let time = 0;
  const freshness = new Freshness(() => time);
  return (rule: string, file: string, { after = 0 } = {}) => {
    time += after;
    const howFar = freshness.ask(rule, file, reach);
    time += 500;
    freshness.answered();
    return howFar;
  };
}

describe('a look at the disk', () => {
  it('is the first thing that happens', () => {
    expect(linter(large)('rule', 'a.ts')).toBe('everywhere');
  });

  it('is taken for each file of a small project, and once for all rules', () => {
    const lint = linter(small);
    lint('one', 'a.ts');
    expect(lint('two', 'a.ts')).toBeUndefined();
    expect(lint('one', 'b.ts')).toBe('everywhere');
    expect(lint('two', 'b.ts')).toBeUndefined();
    expect(lint('one', 'a.ts')).toBe('everywhere');
  });

  it('is taken once a run in a large project, at what matters, however long an answer took', () => {
    const lint = linter(large);
    lint('rule', 'a.ts');
    expect(lint('rule', 'b.ts')).toBeUndefined();
    expect(lint('rule', 'c.ts')).toBeUndefined();
    expect(lint('rule', 'a.ts')).toBe('where it matters');
    expect(lint('rule', 'b.ts')).toBeUndefined();
    expect(lint('rule', 'c.ts')).toBeUndefined();
    expect(lint('rule', 'a.ts')).toBe('where it matters');
  });

  it('is taken after a pause, further after a longer one', () => {
    const lint = linter(large);
    lint('rule', 'a.ts');
    expect(lint('rule', 'b.ts', { after: 200 })).toBeUndefined();
    expect(lint('rule', 'c.ts', { after: 400 })).toBe('where it matters');
    expect(lint('rule', 'd.ts', { after: 3_001 })).toBe('everywhere');
  });
});
