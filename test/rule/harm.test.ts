import { expect, it } from 'vitest';
import { selectableRules } from '../../src/audit/select-rules.js';
import { harmRank } from '../../src/rule/harm.js';

it('every rule that judges code has a place of its own in the order of harm', () => {
  const ranks = selectableRules.map(harmRank).sort((left, right) => left - right);
  expect(ranks).toEqual(ranks.map((_, index) => index));
  expect(ranks).not.toContain(harmRank('a rule that is not listed'));
});

it('a call that never returns comes first', () => {
  expect(harmRank('no-connection-recursion')).toBe(0);
});
