import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/audit.js';
import { randomNumbers } from '../engine/random-edits.js';
import { fixture, markedLines } from '../places.js';
import { renameFiles, rewriteAll, rewrites } from './rewrites.js';

function copy(): string {
  const root = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-rewrites-'));
  cpSync(fixture('construction-forms'), root, { recursive: true });
  return root;
}

function constructionsIn(root: string): string[] {
  const outcome = audit({ root });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result.constructions.map(({ file, line }) => `${file}:${line}`).sort();
}

describe('a rewrite that keeps the behaviour keeps the constructions', () => {
  it.each(Object.keys(rewrites))('with %s', (name) => {
    const root = copy();
    expect(rewriteAll(root, rewrites[name] ?? String, () => true)).toBeGreaterThan(0);
    expect(constructionsIn(root)).toEqual(markedLines(root, 'construction'));
  });

  it.each(['a-', 'z-'])('with file names that start with %s', (prefix) => {
    const root = copy();
    renameFiles(root, () => prefix);
    expect(constructionsIn(root)).toEqual(markedLines(root, 'construction'));
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('with a random mixture of all rewrites (seed %i)', (seed) => {
    const random = randomNumbers(seed);
    const root = copy();
    renameFiles(root, () => (random() < 0.5 ? 'a-' : 'z-'));
    for (const rewrite of Object.values(rewrites)) rewriteAll(root, rewrite, () => random() < 0.4);
    expect(constructionsIn(root)).toEqual(markedLines(root, 'construction'));
  });
});
