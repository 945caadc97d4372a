import { beforeAll, describe, expect, it } from 'vitest';
import { findingsOf } from './recursions-of.js';
import { type Generated, generate } from './random-programs/generate.js';
import { recursesWhenRun } from './random-programs/run.js';

/** `CLICKHOUSE_SSOT_PROGRAMS=900001:5000` runs 5,000 programs from seed 900,001 on. */
const [firstSeed = 1, programs = 200] = (process.env['CLICKHOUSE_SSOT_PROGRAMS'] ?? (process.env['CI'] ? '1:2000' : '1:200'))
  .split(':')
  .map(Number);
const batch = 100;
const proven = 'no-connection-recursion';
const possible = 'no-possible-connection-recursion';

interface Verdicts {
  readonly seed: number;
  readonly program: Generated;
  readonly isReal: boolean;
  /** Whether a recursion is reported, proven or possible. */
  readonly isFound: boolean;
  readonly isProven: boolean;
}

const verdicts: Verdicts[] = [];

beforeAll(async () => {
  for (let seed = firstSeed; seed < firstSeed + programs; seed += batch) {
    const generated = Array.from({ length: Math.min(batch, firstSeed + programs - seed) }, (_, index) => ({
      seed: seed + index,
      program: generate(seed + index),
    }));
    const found = findingsOf(
      [proven, possible],
      generated.map(({ program }) => program.files),
    );
    for (const [index, { seed: programSeed, program }] of generated.entries()) {
      const findings = found[index] ?? [];
      const isProven = findings.some(({ rule }) => rule === proven);
      verdicts.push({ seed: programSeed, program, isReal: await recursesWhenRun(program), isFound: findings.length > 0, isProven });
    }
  }
}, programs * 500);

/** Returns the number of programs, their seeds, and the text of the first one. */
function describePrograms(outcome: string, selected: readonly Verdicts[]): string {
  const files = Object.entries(selected[0]?.program.files ?? {}).map(([file, text]) => `// ${file}\n${text}`);
  return `${selected.length} of ${programs} programs ${outcome}, by seed: ${selected.map(({ seed }) => seed).join(', ')}\n${files.join('\n')}`;
}

describe('random programs, executed and analysed', () => {
  it('recurse in 15 to 85 percent of all cases', () => {
    const real = verdicts.filter(({ isReal }) => isReal).length;
    expect(real).toBeGreaterThan(programs * 0.15);
    expect(real).toBeLessThan(programs * 0.85);
  });

  it('are found in all cases of an endless recursion', () => {
    const missed = verdicts.filter(({ isReal, isFound }) => isReal && !isFound);
    expect(missed.length, describePrograms('recurse and are not found', missed)).toBe(0);
  });

  it('are called proven in fewer than two percent of the cases that end', () => {
    const falseFindings = verdicts.filter(({ isReal, isProven }) => !isReal && isProven);
    expect(falseFindings.length, describePrograms('end and are called proven', falseFindings)).toBeLessThan(programs * 0.02);
  });
});
