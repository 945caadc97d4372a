import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { withoutBom } from '../../src/project/document-store.js';
import { type LintResult, ProjectAnalyses } from '../../src/engine/project-analyses.js';
import { fixture, fixturesIn } from '../places.js';
import { randomNumbers, edit, sourcesIn } from './random-edits.js';

/** Lints every file by every rule and returns the findings, or the problems of the settings, as text. */
function lintAll(analyses: ProjectAnalyses, root: string): string[] {
  return sourcesIn(root).flatMap((file) =>
    Object.values(rules).flatMap((rule) => {
      const result: LintResult = analyses.lint(rule, {
        file,
        cwd: root,
        text: withoutBom(readFileSync(file, 'utf8')),
        override: undefined,
      });
      if (result.kind === 'problem') return [result.messages.join('\n')];
      return result.findings.map(({ span, messageId, data, path }) => JSON.stringify([rule.name, span, messageId, data, path]));
    }),
  );
}

// About a thousand steps over all fixtures on a build server.
const stepsPerFixture = process.env['CI'] ? 150 : 25;
const stepsPerProcess = 25;

describe('a process that has seen edits finds what a new process finds', () => {
  it.each([...fixturesIn('recursion'), 'rule-tester'])('through edits of %s', (name) => {
    const random = randomNumbers(name.length * 7919);
    const root = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-edits-'));
    let analyses = new ProjectAnalyses();
    const history: string[] = [];
    for (let step = 0; step < stepsPerFixture; step++) {
      if (step % stepsPerProcess === 0) {
        rmSync(root, { recursive: true });
        cpSync(fixture(name), root, { recursive: true });
        analyses = new ProjectAnalyses();
        lintAll(analyses, root);
      }
      history.push(edit(root, random));
      if (sourcesIn(root).length === 0) writeFileSync(join(root, 'remaining.ts'), 'export {};\n');
      expect(lintAll(analyses, root), history.slice(-stepsPerProcess).join('\n')).toEqual(lintAll(new ProjectAnalyses(), root));
    }
  });
});

describe('an unsaved edit', () => {
  const findings = (analyses: ProjectAnalyses, root: string, file: string, text = readFileSync(join(root, file), 'utf8')) => {
    const result = analyses.lint(rules['no-connection-recursion'], { file: join(root, file), cwd: root, text, override: undefined });
    return result.kind === 'findings' ? result.findings.length : -1;
  };

  it('changes the findings of another file at its next lint', () => {
    const root = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-unsaved-'));
    cpSync(fixture('recursion/missed-one'), root, { recursive: true });
    const analyses = new ProjectAnalyses();
    expect(findings(analyses, root, 'src/reconnect.ts')).toBe(1);
    const health = readFileSync(join(root, 'src/health.ts'), 'utf8');
    expect(findings(analyses, root, 'src/health.ts', health.replace(`return reconnect('stale');`, `throw new Error('gone');`))).toBe(0);
    expect(findings(analyses, root, 'src/reconnect.ts')).toBe(0);
    expect(findings(analyses, root, 'src/health.ts', health)).toBe(0);
    expect(findings(analyses, root, 'src/reconnect.ts')).toBe(1);
  });

  it('can be a file that was never saved: other files import it', () => {
    const root = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-unsaved-'));
    cpSync(fixture('recursion/missed-one'), root, { recursive: true });
    const analyses = new ProjectAnalyses();
    const health = readFileSync(join(root, 'src/health.ts'), 'utf8');
    rmSync(join(root, 'src/health.ts'));
    expect(findings(analyses, root, 'src/reconnect.ts')).toBe(0);
    expect(findings(analyses, root, 'src/health.ts', health)).toBe(0);
    expect(findings(analyses, root, 'src/reconnect.ts')).toBe(1);
  });

  it('of a declaration file changes nothing: declaration files are not analysed', () => {
    const root = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-unsaved-'));
    cpSync(fixture('recursion/missed-one'), root, { recursive: true });
    const analyses = new ProjectAnalyses();
    const declared = "declare module '@clickhouse/client' { export function createClient(): string; }";
    expect(findings(analyses, root, 'src/packages.d.ts', declared)).toBe(0);
    expect(findings(analyses, root, 'src/reconnect.ts')).toBe(1);
  });
});
