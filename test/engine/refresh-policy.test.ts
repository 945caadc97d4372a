import { describe, expect, it } from 'vitest';
import { RefreshPolicy, type RefreshCost } from '../../src/engine/refresh-policy.js';

const small: RefreshCost = { all: 10, slice: 3 };
const large: RefreshCost = { all: 20_000, slice: 1_000 };

/** A linter that waits `after` milliseconds before a query, and whose answers take half a second. */
function linter(refreshCost: RefreshCost) {
  let time = 0;
  const policy = new RefreshPolicy(() => time);
  return (rule: string, file: string, { after = 0 } = {}) => {
    time += after;
    const scope = policy.scopeFor(rule, file, refreshCost);
    time += 500;
    policy.markAnswered();
    return scope;
  };
}

describe('a refresh', () => {
  it('comes before the first query', () => {
    expect(linter(large)('rule', 'a.ts')).toBe('all');
  });

  it('comes before each file of a small project, once for all rules', () => {
    const lint = linter(small);
    lint('one', 'a.ts');
    expect(lint('two', 'a.ts')).toBeUndefined();
    expect(lint('one', 'b.ts')).toBe('all');
    expect(lint('two', 'b.ts')).toBeUndefined();
    expect(lint('one', 'a.ts')).toBe('all');
  });

  it('comes once a run in a large project and reads the slice, however long an answer takes', () => {
    const lint = linter(large);
    lint('rule', 'a.ts');
    expect(lint('rule', 'b.ts')).toBeUndefined();
    expect(lint('rule', 'c.ts')).toBeUndefined();
    expect(lint('rule', 'a.ts')).toBe('slice');
    expect(lint('rule', 'b.ts')).toBeUndefined();
    expect(lint('rule', 'c.ts')).toBeUndefined();
    expect(lint('rule', 'a.ts')).toBe('slice');
  });

  it('comes after a pause, and reads all files after a longer one', () => {
    const lint = linter(large);
    lint('rule', 'a.ts');
    expect(lint('rule', 'b.ts', { after: 200 })).toBeUndefined();
    expect(lint('rule', 'c.ts', { after: 400 })).toBe('slice');
    expect(lint('rule', 'd.ts', { after: 3_001 })).toBe('all');
  });
});
