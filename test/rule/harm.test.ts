import { expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { harmRank } from '../../src/rule/harm.js';

it('every rule has a place of its own in the order of harm', () => {
  const ranks = Object.keys(rules).map(harmRank).sort();
  expect(ranks).toEqual(ranks.map((_, index) => index));
});

it('a call that never returns comes first', () => {
  expect(harmRank('no-connection-recursion')).toBe(0);
});
