import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeBase } from '../project/code-base.js';
import { repository } from '../places.js';
import { disableForms, readDifferentlyByOxlint, textOf } from './disable-forms.js';
import { type Reported, runAudit, runEslint, runOxlint } from './hosts.js';

const forms = disableForms.map((form, index) => ({ ...form, file: `form-${index}.${form.extension}` }));
// With a declared factory, each construction of the forms is a finding.
const factory = {
  'clickhouse-ssot.config.json': { factories: ['db.ts'] },
  'db.ts': `import { createClient } from '@clickhouse/client';\nexport const db = createClient();\n`,
};
const root = codeBase({ 'package.json': {}, ...factory, ...Object.fromEntries(forms.map((form) => [form.file, textOf(form)])) });
symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
const reported = {
  'ESLint 10': runEslint('eslint', root),
  'ESLint 9': runEslint('eslint9', root),
  oxlint: runOxlint(root, ['--ignore-pattern', 'node_modules']),
  audit: runAudit(root),
};

/** Returns `line:column` of each finding in a file. ESLint also reports names of unknown rules, under these names. */
function findingsIn(file: string, reports: readonly Reported[]): string[] {
  return reports
    .filter((report) => report.file === file && report.rule === 'no-direct-client' && !report.message.startsWith('Definition for rule'))
    .map(({ line, column }) => `${line}:${column}`);
}

describe('a disable comment has the same effect in the audit as in the linter that it names:', () => {
  it.each(forms)('$name', ({ file, linter }) => {
    const expected = linter === 'oxlint' ? reported.oxlint : reported['ESLint 10'];
    expect(findingsIn(file, reported.audit)).toEqual(findingsIn(file, expected));
    expect(findingsIn(file, reported['ESLint 9'])).toEqual(findingsIn(file, reported['ESLint 10']));
  });
});

it('the forms contain findings that are disabled and findings that are not', () => {
  const count = (linter: string) =>
    forms.filter((form) => form.linter === linter && findingsIn(form.file, reported.audit).length > 0).length;
  for (const linter of ['eslint', 'oxlint']) {
    expect(count(linter)).toBeGreaterThan(20);
    expect(forms.filter((form) => form.linter === linter).length - count(linter)).toBeGreaterThan(20);
  }
});

it('oxlint reads the comments of ESLint as ESLint does, except for known forms', () => {
  const different = forms.filter(
    ({ file, linter }) =>
      linter === 'eslint' && findingsIn(file, reported.oxlint).join(' ') !== findingsIn(file, reported['ESLint 10']).join(' '),
  );
  expect(different.map(({ name }) => name)).toEqual(readDifferentlyByOxlint);
});
