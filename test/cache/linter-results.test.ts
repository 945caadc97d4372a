import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { ProjectAnalyses } from '../../src/engine/project-analyses.js';
import { withoutBom } from '../../src/project/document-store.js';
import type { Rule } from '../../src/rule/rule.js';
import { createTrace } from '../../src/trace/trace.js';
import { edit, randomNumbers, sourcesIn } from '../engine/random-edits.js';
import { copyOfIncident, emptyFolder } from './code-base.js';

const allRules = Object.values<Rule>(rules);

/** A process of a linter with a cache, and the debug facts that it writes. */
function linterProcess(folder: string): { readonly analyses: ProjectAnalyses; readonly facts: readonly string[] } {
  const facts: string[] = [];
  const trace = createTrace((line) => facts.push(line));
  return { analyses: new ProjectAnalyses({ rules: allRules, trace, cache: { kind: 'folder', folder } }), facts };
}

/** Lints the files by the rules, as a linter does, and returns all that is reported as text. */
function lint(
  analyses: ProjectAnalyses,
  root: string,
  by: readonly Rule[] = allRules,
  texts: Readonly<Record<string, string>> = {},
): string[] {
  return sourcesIn(root).flatMap((file) =>
    by.flatMap((rule) => {
      const text = texts[file] ?? withoutBom(readFileSync(file, 'utf8'));
      const result = analyses.lint(rule, { file, cwd: root, text, override: undefined });
      return result.kind === 'problem' ? [...result.messages] : result.findings.map((finding) => `${rule.name} ${JSON.stringify(finding)}`);
    }),
  );
}

const fresh = (root: string, by?: readonly Rule[], texts?: Readonly<Record<string, string>>) =>
  lint(new ProjectAnalyses({ rules: allRules }), root, by, texts);

/** Whether the process has built a model. */
const hasAnalysed = (facts: readonly string[]): boolean => facts.some((fact) => fact.includes(' model of '));

/** Lints the incident in one process that then ends. */
function linted(by?: readonly Rule[]): { readonly root: string; readonly folder: string } {
  const [root, folder] = [copyOfIncident(), emptyFolder()];
  const { analyses } = linterProcess(folder);
  lint(analyses, root, by);
  analyses.keepResults();
  return { root, folder };
}

describe('a linter that starts on code that was linted before', () => {
  it('reports the same and analyses nothing', () => {
    const { root, folder } = linted();
    const { analyses, facts } = linterProcess(folder);
    const reported = lint(analyses, root);
    expect(reported).toEqual(fresh(root));
    expect(reported).not.toEqual([]);
    expect(hasAnalysed(facts)).toBe(false);
  });

  it('finds results that were kept while the process before it paused, and was then killed', async () => {
    const [root, folder] = [copyOfIncident(), emptyFolder()];
    lint(linterProcess(folder).analyses, root);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const { analyses, facts } = linterProcess(folder);
    expect(lint(analyses, root)).toEqual(fresh(root));
    expect(hasAnalysed(facts)).toBe(false);
  });

  it('analyses the code as soon as an editor has an unsaved text', () => {
    const { root, folder } = linted();
    const { analyses, facts } = linterProcess(folder);
    lint(analyses, root);
    const file = join(root, 'src/reconnect.ts');
    const texts = { [file]: readFileSync(file, 'utf8').replace('getClient()', 'getClient({ bypassManager: true })') };
    const reported = lint(analyses, root, allRules, texts);
    expect(hasAnalysed(facts)).toBe(true);
    expect(reported.filter((line) => line.startsWith('no-connection-recursion'))).toEqual([]);
    analyses.keepResults();
    expect(lint(linterProcess(folder).analyses, root)).toEqual(fresh(root));
  });

  it.each([
    ['unsaved', (file: string, text: string) => ({ [file]: text })],
    [
      'saved',
      (file: string, text: string) => {
        writeFileSync(file, text);
        return {};
      },
    ],
  ])('analyses nothing while only a file that no result depends on has %s edits', (_, edited) => {
    const [root, folder] = [copyOfIncident(), emptyFolder()];
    const file = join(root, 'src/unrelated.ts');
    writeFileSync(file, 'export const one = 1;\n');
    const first = linterProcess(folder);
    lint(first.analyses, root);
    first.analyses.keepResults();
    const { analyses, facts } = linterProcess(folder);
    for (const text of ['export const one = 2;\n', 'export const one = 3; // A note.\n', 'export const two = 2;\n']) {
      const texts = edited(file, text);
      expect(lint(analyses, root, allRules, texts)).toEqual(fresh(root, allRules, texts));
    }
    expect(hasAnalysed(facts)).toBe(false);
    const texts = edited(file, `import './client.js';\n`);
    expect(lint(analyses, root, allRules, texts)).toEqual(fresh(root, allRules, texts));
    expect(hasAnalysed(facts)).toBe(true);
  });

  it('leaves results that hold, although a file changed that no linter passed', () => {
    const { root, folder } = linted([rules['no-direct-client']]);
    const { analyses } = linterProcess(folder);
    const file = join(root, 'src/health.ts');
    const texts = { [file]: readFileSync(file, 'utf8') };
    const lintOne = (rule: Rule) => analyses.lint(rule, { file, cwd: root, text: texts[file], override: undefined });
    lintOne(rules['no-direct-client']);
    writeFileSync(
      join(root, 'src/second.ts'),
      `import { createClient } from '@clickhouse/client';\nexport const second = createClient();\n`,
    );
    lintOne(rules['no-connection-recursion']);
    analyses.keepResults();
    expect(lint(linterProcess(folder).analyses, root)).toEqual(fresh(root));
  });

  it('notices that a file changes on disk while it runs', () => {
    const { root, folder } = linted();
    const { analyses } = linterProcess(folder);
    lint(analyses, root);
    writeFileSync(join(root, 'src/reconnect.ts'), 'export const reconnect = () => undefined;\n');
    expect(lint(analyses, root)).toEqual(fresh(root));
    rmSync(join(root, 'src/reconnect.ts'));
    expect(lint(analyses, root)).toEqual(fresh(root));
  });

  it('runs a further rule, and leaves the results of both', () => {
    const [first, second] = [rules['no-direct-client'], rules['no-connection-recursion']];
    const { root, folder } = linted([first]);
    const next = linterProcess(folder);
    expect(lint(next.analyses, root, [second])).toEqual(fresh(root, [second]));
    next.analyses.keepResults();
    const { analyses, facts } = linterProcess(folder);
    expect(lint(analyses, root, [first, second])).toEqual(fresh(root, [first, second]));
    expect(hasAnalysed(facts)).toBe(false);
  });

  it('does not use results under other settings', () => {
    const { root, folder } = linted();
    writeFileSync(join(root, 'clickhouse-ssot.config.json'), '{ "vendored": ["src/reconnect.ts"] }');
    expect(lint(linterProcess(folder).analyses, root)).toEqual(fresh(root));
  });

  it('keeps nothing if the settings turn the cache off', () => {
    const root = copyOfIncident();
    writeFileSync(join(root, 'clickhouse-ssot.config.json'), '{ "cache": false }');
    const facts: string[] = [];
    const trace = createTrace((line) => facts.push(line));
    lint(new ProjectAnalyses({ rules: allRules, trace, cache: { kind: 'settings' } }), root);
    expect(facts).toContain('clickhouse-ssot: cache: off, because the settings turn it off\n');
  });
});

describe('results from the cache are those of a new analysis', () => {
  it('through random edits and restarts', () => {
    const random = randomNumbers(20_261_129);
    const [root, folder] = [copyOfIncident(), emptyFolder()];
    let current = linterProcess(folder);
    const history: string[] = [];
    for (let step = 0; step < (process.env['CI'] ? 300 : 40); step++) {
      if (random() < 0.7) history.push(edit(root, random));
      if (sourcesIn(root).length === 0) writeFileSync(join(root, 'remaining.ts'), 'export {};\n');
      if (random() < 0.1) appendFileSync(join(root, 'package.json'), '\n');
      if (random() < 0.6) {
        current.analyses.keepResults();
        current = linterProcess(folder);
        history.push('restart');
      }
      expect(lint(current.analyses, root), history.join('\n')).toEqual(fresh(root));
    }
  });
});
