import { describe, expect, it } from 'vitest';
import { recursionsOf } from './audited.js';
import { dispatch } from './programs/dispatch.js';
import { farAway } from './programs/far-away.js';
import { guards } from './programs/guards.js';
import { incident } from './programs/incident.js';
import { otherCuts } from './programs/other-cuts.js';
import { filesOf, type Pair, type Verdict } from './programs/pair.js';

const groups: Readonly<Record<string, readonly Pair[]>> = {
  guards,
  dispatch,
  incident,
  'cuts of another name': otherCuts,
  'circles far away': farAway,
};
const pairs = Object.values(groups).flat();

function pathsOf(verdict: Verdict): Map<Pair, string[][]> {
  const found = recursionsOf(pairs.map((pair) => filesOf(pair, verdict)));
  return new Map(pairs.map((pair, index) => [pair, (found[index] ?? []).map(({ path }) => path.map(({ name }) => name))]));
}

const withCircle = pathsOf('with');
const withoutCircle = pathsOf('without');

describe.each(Object.entries(groups))('%s', (_, group) => {
  describe.each(group)('$name: $why', (pair) => {
    it('is found where there is a circle, once and with its path', () => {
      expect(withCircle.get(pair)).toEqual([pair.path.map((name) => expect.stringMatching(new RegExp(`^${name}$`)) as unknown)]);
    });

    it('is no finding where there is none', () => {
      expect(withoutCircle.get(pair)).toEqual([]);
    });
  });
});
