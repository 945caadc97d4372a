import { describe, expect, it } from 'vitest';
import { findingsOf } from '../recursion/recursions-of.js';
import { kept } from './programs/kept.js';
import { owners } from './programs/owners.js';
import { paths } from './programs/paths.js';
import { pools } from './programs/pools.js';
import { filesOf, type ReleasePair } from './programs/release-pair.js';

const groups: Readonly<Record<string, readonly ReleasePair[]>> = {
  'on each path': paths,
  'by its owner': owners,
  'of a place that keeps it': kept,
  'of pools': pools,
};
const pairs = Object.values(groups).flat();

function findingsIn(kind: 'open' | 'released'): ReadonlyMap<ReleasePair, readonly string[]> {
  const found = findingsOf(
    ['require-release'],
    pairs.map((pair) => filesOf(pair[kind])),
  );
  return new Map(pairs.map((pair, index) => [pair, (found[index] ?? []).map(({ message }) => message)]));
}

const open = findingsIn('open');
const released = findingsIn('released');

describe.each(Object.entries(groups))('a release %s', (_, group) => {
  describe.each(group)('$name', (pair) => {
    it('is missed if the code lacks it', () => {
      expect(open.get(pair)).not.toEqual([]);
    });

    it('is seen if the code has it', () => {
      expect(released.get(pair)).toEqual([]);
    });
  });
});
