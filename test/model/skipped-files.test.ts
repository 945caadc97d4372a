import { describe, expect, it, vi } from 'vitest';
import { audit } from '../../src/audit/audit.js';
import type * as NestedAcquires from '../../src/model/pools/nested-acquires.js';
import { codeBase } from '../project/code-base.js';

// Stands for a search that needs more of the stack than the value flow does.
vi.mock(import('../../src/model/pools/nested-acquires.js'), async (original) => {
  const { findNestedAcquires } = await original();
  const search: typeof NestedAcquires.findNestedAcquires = (sites, ...others) => {
    if (sites.some(({ node }) => node.getSourceFile().fileName.endsWith('deep.ts')))
      throw new RangeError('Maximum call stack size exceeded');
    return findNestedAcquires(sites, ...others);
  };
  return { findNestedAcquires: search };
});

const client = `import { createClient } from '@clickhouse/client';\nexport const client = createClient();\n`;

function resultOf(files: Readonly<Record<string, string>>) {
  const outcome = audit({ root: codeBase(files) });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result;
}

describe('a file that overflows the stack in a search that runs when it is asked for', () => {
  const deep = `${client}export const sum = 1${' + 1'.repeat(1_000)};\n`;

  it('is skipped and named, and all rules judge the other files', () => {
    const { notJudged, constructions, rules } = resultOf({ 'client.ts': client, 'deep.ts': deep });
    expect(notJudged.map(({ file }) => file)).toEqual(['deep.ts']);
    expect(constructions.map(({ file }) => file)).toEqual(['client.ts']);
    expect(rules).toContain('no-nested-acquire');
  });

  it('has no findings, not even those of the rules that ran before', () => {
    const second = `import { createClient } from '@clickhouse/client';\nexport const second = createClient();\n`;
    const { findings } = resultOf({ 'src/clickhouse.ts': client, 'src/deep.ts': deep, 'src/second.ts': second });
    expect(findings.map(({ file }) => file)).not.toContain('src/deep.ts');
  });
});

it('a file that overflows the stack when its imports are read is named', () => {
  const getter = `import { createClient } from '@clickhouse/client';\nexport const getClient = () => createClient();\n`;
  const importer = (list: string) =>
    `import { getClient } from './a.js';\nexport const client = getClient();\nexport const list = ${list};\n`;
  const { notJudged, constructions } = resultOf({
    'src/a.ts': getter,
    'src/b.ts': getter,
    'src/deep.ts': importer('[\n'.repeat(20_000) + ']'.repeat(20_000)),
    'src/flat.ts': importer('[]'),
  });
  expect(notJudged.map(({ file }) => file)).toEqual(['src/deep.ts']);
  expect(constructions.map(({ file }) => file)).toEqual(['src/a.ts', 'src/b.ts']);
});
