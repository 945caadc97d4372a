import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { ProjectAnalyses } from '../../src/engine/project-analyses.js';
import { fixture } from '../places.js';

/** A project with invalid settings, and a linter that waits `after` milliseconds before a query. */
function linter() {
  const root = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-reporter-'));
  cpSync(fixture('recursion/missed-one'), root, { recursive: true });
  writeFileSync(join(root, 'clickhouse-ssot.config.json'), '{ "factorys": [] }');
  let time = 0;
  const analyses = new ProjectAnalyses({ now: () => time });
  return (file: string, { after = 0, rule = 'no-direct-client' }: { after?: number; rule?: keyof typeof rules } = {}) => {
    time += after;
    return analyses.lint(rules[rule], {
      file: join(root, file),
      cwd: root,
      text: readFileSync(join(root, file), 'utf8'),
      override: undefined,
    }).kind;
  };
}

describe('invalid settings', () => {
  it('are reported in one file of a run, however many passes a fix takes', () => {
    const lint = linter();
    expect(lint('src/client.ts')).toBe('problem');
    expect([lint('src/health.ts'), lint('src/health.ts'), lint('src/health.ts')]).toEqual(['findings', 'findings', 'findings']);
    expect(lint('src/client.ts')).toBe('problem');
  });

  it('are reported in the file that is edited, once the first file is closed', () => {
    const lint = linter();
    lint('src/client.ts');
    expect(lint('src/health.ts', { after: 1_000 })).toBe('findings');
    expect(lint('src/health.ts', { after: 1_000 })).toBe('problem');
    expect(lint('src/health.ts')).toBe('problem');
  });

  it('are reported by a further rule if the first one may only warn', () => {
    const lint = linter();
    expect(lint('src/client.ts', { rule: 'no-stale-settings' })).toBe('problem');
    expect(lint('src/client.ts', { rule: 'no-direct-client' })).toBe('problem');
    expect(lint('src/client.ts', { rule: 'require-manager-bypass' })).toBe('findings');
    expect(lint('src/health.ts', { rule: 'no-stale-settings' })).toBe('findings');
  });

  it('are reported by the rule about stale settings alone, if no other rule is enabled', () => {
    const lint = linter();
    expect([lint('src/client.ts', { rule: 'no-stale-settings' }), lint('src/health.ts', { rule: 'no-stale-settings' })]).toEqual([
      'problem',
      'findings',
    ]);
  });
});
