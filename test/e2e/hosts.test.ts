import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixture, fixturesIn } from '../places.js';
import { copyOf, type Reported, runAudit, runEslint, runNode, runOxlint } from './hosts.js';

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
});

describe('--fix on the incident', () => {
  const manualRules = ['no-connection-import-cycle', 'no-direct-client'];

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
