import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { withoutBom } from '../../src/project/document-store.js';
import { type LintResult, ProjectAnalyses } from '../../src/engine/workspace.js';
import { fixture, fixturesIn } from '../places.js';
import { chance, edit, sourcesIn } from './random-edits.js';

/** What a linter shows after it has linted every file by every rule. */
function lintAll(workspaces: ProjectAnalyses, root: string): string[] {
  return sourcesIn(root).flatMap((file) =>
    Object.values(rules).flatMap((rule) => {
      const answer: LintResult = workspaces.lint(rule, {
        file,
        cwd: root,
        text: withoutBom(readFileSync(file, 'utf8')),
        override: undefined,
      });
      if (answer.kind === 'problem') return [answer.message];
      return answer.findings.map(({ span, messageId, data, path }) => JSON.stringify([rule.name, span, messageId, data, path]));
    }),
  );
}

// A thousand steps where a build server has the time for them.
const stepsPerFixture = process.env['CI'] ? 150 : 25;
const restart = 25;

describe('a living process finds what a new one finds', () => {
  it.each([...fixturesIn('recursion'), 'rule-tester'])('through edits of %s', (name) => {
    const random = chance(name.length * 7919);
    const root = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-edits-'));
    let living = new ProjectAnalyses();
    const history: string[] = [];
    for (let step = 0; step < stepsPerFixture; step++) {
      if (step % restart === 0) {
        rmSync(root, { recursive: true });
        cpSync(fixture(name), root, { recursive: true });
        living = new ProjectAnalyses();
        lintAll(living, root);
      }
      history.push(edit(root, random));
      if (sourcesIn(root).length === 0) writeFileSync(join(root, 'left.ts'), 'export {};\n');
      expect(lintAll(living, root), history.slice(-restart).join('\n')).toEqual(lintAll(new ProjectAnalyses(), root));
    }
  });
});

describe('an edit that is not saved', () => {
  const findings = (workspaces: ProjectAnalyses, root: string, file: string, text = readFileSync(join(root, file), 'utf8')) => {
    const answer = workspaces.lint(rules['no-connection-recursion'], { file: join(root, file), cwd: root, text, override: undefined });
    return answer.kind === 'findings' ? answer.findings.length : -1;
  };

  it('changes the findings of another file at its next lint', () => {
    const root = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-unsaved-'));
    cpSync(fixture('recursion/missed-one'), root, { recursive: true });
    const workspaces = new ProjectAnalyses();
    expect(findings(workspaces, root, 'src/reconnect.ts')).toBe(1);
    const health = readFileSync(join(root, 'src/health.ts'), 'utf8');
    expect(findings(workspaces, root, 'src/health.ts', health.replace(`return reconnect('stale');`, `throw new Error('gone');`))).toBe(0);
    expect(findings(workspaces, root, 'src/reconnect.ts')).toBe(0);
    expect(findings(workspaces, root, 'src/health.ts', health)).toBe(0);
    expect(findings(workspaces, root, 'src/reconnect.ts')).toBe(1);
  });

  it('may be a file that has never been saved, and is imported all the same', () => {
    const root = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-unsaved-'));
    cpSync(fixture('recursion/missed-one'), root, { recursive: true });
    const workspaces = new ProjectAnalyses();
    const health = readFileSync(join(root, 'src/health.ts'), 'utf8');
    rmSync(join(root, 'src/health.ts'));
    expect(findings(workspaces, root, 'src/reconnect.ts')).toBe(0);
    expect(findings(workspaces, root, 'src/health.ts', health)).toBe(0);
    expect(findings(workspaces, root, 'src/reconnect.ts')).toBe(1);
  });

  it('of a declaration file changes nothing: it is not source to a new process either', () => {
    const root = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-unsaved-'));
    cpSync(fixture('recursion/missed-one'), root, { recursive: true });
    const workspaces = new ProjectAnalyses();
    const declared = "declare module '@clickhouse/client' { export function createClient(): string; }";
    expect(findings(workspaces, root, 'src/packages.d.ts', declared)).toBe(0);
    expect(findings(workspaces, root, 'src/reconnect.ts')).toBe(1);
  });
});
