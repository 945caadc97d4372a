import { assert, describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.js';
import { codeBase } from '../../project/code-base.js';
import { centralHelper } from './programs/central-helper.js';
import { legal } from './programs/legal.js';
import { violations } from './programs/violations.js';

const warehouse = `import { createClient } from '@clickhouse/client';\nexport const warehouse = createClient();\n`;

/** Returns the findings in a program, as `file:line`. */
function foundIn(files: string | Readonly<Record<string, string>>): string[] {
  const root = codeBase({ 'src/warehouse.ts': warehouse, ...(typeof files === 'string' ? { 'src/job.ts': files } : files) });
  const outcome = audit({ root, selection: { preset: 'strict', rules: ['no-error-text-matching'] } });
  assert(outcome.kind === 'done');
  return outcome.result.findings.map(({ file, line }) => `${file}:${line}`);
}

describe('a branch that depends on the text of an error of ClickHouse is found', () => {
  it.each(violations)('$name', ({ files, found }) => expect(foundIn(files)).toEqual(found));
});

describe('code that reads no text of such an error, or decides nothing by it, is right', () => {
  it.each(legal)('$name', ({ files, found }) => expect(foundIn(files)).toEqual(found));
});

describe('one module may tell errors apart by their texts for all others', () => {
  it.each(centralHelper)('$name', ({ files, found }) => expect(foundIn(files)).toEqual(found));
});
