import { describe, expect, it } from 'vitest';
import { findingsOf } from '../recursion/recursions-of.js';
import { loops } from './programs/loops.js';
import { waiting } from './programs/waiting.js';
import { disposal } from './programs/disposal.js';
import { keptLeases } from './programs/kept-leases.js';
import { releases } from './programs/releases.js';
import { callbacks } from './programs/callbacks.js';
import { branches } from './programs/branches.js';
import { files } from './programs/files.js';
import { packages } from './programs/packages.js';
import { pools } from './programs/pools.js';
import { guards } from './programs/guards.js';
import { filesOf, type LeasePair } from './programs/lease-pair.js';

const groups: Readonly<Record<string, readonly LeasePair[]>> = {
  loops,
  'what the holder waits for': waiting,
  'disposal and lease objects': disposal,
  'leases that an object keeps': keptLeases,
  releases,
  callbacks,
  branches,
  'calls through files': files,
  'pools of packages': packages,
  'pools of the project': pools,
  'guards against the second': guards,
};
const pairs = Object.values(groups).flat();

function findingsIn(kind: 'nested' | 'sequential'): ReadonlyMap<LeasePair, readonly string[]> {
  const found = findingsOf(
    ['no-nested-acquire'],
    pairs.map((pair) => filesOf(pair[kind])),
  );
  return new Map(pairs.map((pair, index) => [pair, (found[index] ?? []).map(({ message }) => message)]));
}

const nested = findingsIn('nested');
const sequential = findingsIn('sequential');

describe.each(Object.entries(groups))('a second lease, %s', (_, group) => {
  describe.each(group)('$name', (pair) => {
    it('is reported while the first is held', () => {
      expect(nested.get(pair)).not.toEqual([]);
    });

    it('is not reported if no lease waits for another', () => {
      expect(sequential.get(pair)).toEqual([]);
    });
  });
});
