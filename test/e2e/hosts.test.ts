import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Preset } from '../../src/rule/rule.js';
import { fixture, fixturesIn, repository } from '../places.js';
import { codeBase } from '../project/code-base.js';
import { atRoot, copyOf, type Reported, runAudit, runEslint, runNode, runOxlint } from './hosts.js';

const single = readdirSync(fixture(''), { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== 'recursion');
const fixtures = [...single.map(({ name }) => name), ...fixturesIn('recursion')];

/** The audit lists stale settings apart from the findings. */
function inProgram(reports: readonly Reported[]): Reported[] {
  return reports.filter(({ rule }) => rule !== 'no-stale-settings');
}

describe('ESLint 9, ESLint 10, oxlint and the audit', () => {
  it.each(fixtures)('report the same findings in %s', (name) => {
    const folder = copyOf(name);
    const audited = runAudit(folder);
    expect(inProgram(runEslint('eslint', folder))).toEqual(audited);
    expect(inProgram(runEslint('eslint9', folder))).toEqual(audited);
    expect(inProgram(runOxlint(folder))).toEqual(audited);
  });

  it('report each form of construction, also in tests, outside a declared factory', () => {
    const folder = copyOf('construction-forms');
    writeFileSync(join(folder, 'clickhouse-ssot.config.json'), '{ "factories": ["src/module-singleton.ts"] }');
    const audited = runAudit(folder);
    expect(audited.length).toBeGreaterThan(50);
    expect(audited.map(({ file }) => file)).toContain('src/connection.test.ts');
    expect(inProgram(runEslint('eslint', folder))).toEqual(audited);
    expect(inProgram(runEslint('eslint9', folder))).toEqual(audited);
    expect(inProgram(runOxlint(folder))).toEqual(audited);
  });

  it('report a construction in a test only if the option `tests` is set, as in the preset strict', () => {
    const client = `import { createClient } from '@clickhouse/client';\nexport const client = createClient();\n`;
    const folder = codeBase({ 'package.json': {}, 'src/db.ts': client, 'src/db.test.ts': client });
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
    const hosts = {
      'ESLint 10': (preset: Preset) => runEslint('eslint', folder, [], { ...atRoot, preset }),
      'ESLint 9': (preset: Preset) => runEslint('eslint9', folder, [], { ...atRoot, preset }),
      oxlint: (preset: Preset) => runOxlint(folder, ['--ignore-pattern', 'node_modules'], { ...atRoot, preset }),
      audit: (preset: Preset) => runAudit(folder, { ...atRoot, preset }),
    };
    for (const [host, run] of Object.entries(hosts)) {
      expect(run('recommended'), host).toEqual([]);
      expect(run('strict'), host).toMatchObject([{ rule: 'no-direct-client', file: 'src/db.test.ts', line: 2 }]);
    }
  });
});

describe('--fix on the incident', () => {
  const manualRules = [
    'no-connection-import-cycle',
    'no-direct-client',
    'no-error-text-matching',
    'no-raw-http',
    'no-swallowed-error',
    'require-release',
    'single-config-source',
  ];

  it.each(['eslint', 'eslint9', 'oxlint'] as const)('by %s ends the recursion and leaves the findings without a fix', (host) => {
    const folder = copyOf('incident-before');
    const before = runAudit(folder);
    const remaining = host === 'oxlint' ? runOxlint(folder, ['--fix']) : runEslint(host, folder, ['--fix']);
    expect(before.map(({ rule }) => rule)).toContain('no-connection-recursion');
    expect(new Set(remaining.map(({ rule }) => rule))).toEqual(
      new Set(host === 'oxlint' ? remaining.map(({ rule }) => rule) : manualRules),
    );
    expect(new Set(runAudit(folder).map(({ rule }) => rule))).toEqual(new Set(manualRules));
    expect(runNode('backend/src/main.ts', folder).output).not.toContain('Maximum call stack');
  });

  it('changes one line', () => {
    const folder = copyOf('incident-before');
    runEslint('eslint', folder, ['--fix']);
    const manager = 'backend/src/core/clickhouse-connection-manager.ts';
    const lines = (root: string) => readFileSync(join(root, manager), 'utf8').split('\n');
    const [original, fixed] = [lines(fixture('incident-before')), lines(folder)];
    expect(fixed.filter((line, index) => line !== original[index])).toEqual(['    return getClickHouseClient({ bypassManager: true });']);
  });
});
