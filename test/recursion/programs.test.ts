import { describe, expect, it } from 'vitest';
import { recursionsOf } from './recursions-of.js';
import { commonJs } from './programs/commonjs.js';
import { conversions } from './programs/conversions.js';
import { dispatch } from './programs/dispatch.js';
import { libraries } from './programs/libraries.js';
import { instances } from './programs/instances.js';
import { longCycles } from './programs/long-cycles.js';
import { exactTargets } from './programs/exact-targets.js';
import { flagValues } from './programs/flag-values.js';
import { guards } from './programs/guards.js';
import { importedModules } from './programs/imported-modules.js';
import { incident } from './programs/incident.js';
import { onceGuards } from './programs/once-guards.js';
import { oneFileContainers } from './programs/one-file-containers.js';
import { ownContainers } from './programs/own-containers.js';
import { otherBypasses } from './programs/other-bypasses.js';
import { filesOf, type Pair, type Verdict } from './programs/pair.js';

const groups: Readonly<Record<string, readonly Pair[]>> = {
  guards,
  instances,
  'values of flags': flagValues,
  libraries,
  'exact targets': exactTargets,
  'once guards': onceGuards,
  CommonJS: commonJs,
  conversions,
  dispatch,
  'imported modules': importedModules,
  incident,
  'own containers': ownContainers,
  'containers in one file': oneFileContainers,
  'other bypasses': otherBypasses,
  'long cycles': longCycles,
};
const pairs = Object.values(groups).flat();

function pathsOf(verdict: Verdict): Map<Pair, string[][]> {
  const found = recursionsOf(pairs.map((pair) => filesOf(pair, verdict)));
  return new Map(pairs.map((pair, index) => [pair, (found[index] ?? []).map(({ path }) => path.map(({ name }) => name))]));
}

const withCycle = pathsOf('with');
const withoutCycle = pathsOf('without');

describe.each(Object.entries(groups))('%s', (_, group) => {
  describe.each(group)('$name: $why', (pair) => {
    it('reports a cycle once, with its path', () => {
      expect(withCycle.get(pair)).toEqual([pair.path.map((name) => expect.stringMatching(new RegExp(`^${name}$`)) as unknown)]);
    });

    it('reports nothing without a cycle', () => {
      expect(withoutCycle.get(pair)).toEqual([]);
    });
  });
});
