import { beforeAll, describe, expect, it } from 'vitest';
import { recursionsOf } from './audited.js';
import { type Generated, generate } from './reality/generate.js';
import { recursesWhenRun } from './reality/run.js';

const programs = process.env['CI'] ? 2_000 : 200;
const firstSeed = 1;
const batch = 100;

interface Verdicts {
  readonly seed: number;
  readonly program: Generated;
  readonly isReal: boolean;
  readonly isFound: boolean;
}

const verdicts: Verdicts[] = [];

beforeAll(async () => {
  for (let seed = firstSeed; seed < firstSeed + programs; seed += batch) {
    const made = Array.from({ length: Math.min(batch, firstSeed + programs - seed) }, (_, index) => ({
      seed: seed + index,
      program: generate(seed + index),
    }));
    const found = recursionsOf(made.map(({ program }) => program.files));
    for (const [index, { seed: own, program }] of made.entries())
      verdicts.push({ seed: own, program, isReal: await recursesWhenRun(program), isFound: (found[index] ?? []).length > 0 });
  }
});

/** The counts, and the first of the programs: enough to see it again. */
function told(what: string, some: readonly Verdicts[]): string {
  const files = Object.entries(some[0]?.program.files ?? {}).map(([file, text]) => `// ${file}\n${text}`);
  return `${some.length} of ${programs} programs ${what}, by seed: ${some.map(({ seed }) => seed).join(', ')}\n${files.join('\n')}`;
}

describe('random programs, run and judged', () => {
  it('recurse often enough, and come to an end often enough, to tell something', () => {
    const real = verdicts.filter(({ isReal }) => isReal).length;
    expect(real).toBeGreaterThan(programs * 0.15);
    expect(real).toBeLessThan(programs * 0.85);
  });

  it('are all found where asking a connection asks for one without an end', () => {
    const missed = verdicts.filter(({ isReal, isFound }) => isReal && !isFound);
    expect(missed.length, told('recurse and are not found', missed)).toBe(0);
  });

  it('are found without need in fewer than two of a hundred', () => {
    const falsely = verdicts.filter(({ isReal, isFound }) => !isReal && isFound);
    expect(falsely.length, told('come to an end and are found', falsely)).toBeLessThan(programs * 0.02);
  });
});
