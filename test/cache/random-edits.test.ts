import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { ProjectAnalyses } from '../../src/engine/project-analyses.js';
import { withoutBom } from '../../src/project/document-store.js';
import type { Rule } from '../../src/rule/rule.js';
import { randomNumbers } from '../engine/random-edits.js';
import { auditCached, auditFresh, emptyFolder } from './code-base.js';
import { editMonorepo, sourcesOf, writeMonorepo } from './monorepo.js';

const allRules = Object.values<Rule>(rules);

/** `CLICKHOUSE_SSOT_EDITS=2000 npx vitest run test/cache/random-edits.test.ts` makes as many edits. */
const edits = Number(process.env['CLICKHOUSE_SSOT_EDITS'] ?? (process.env['CI'] ? 300 : 60));

/** Lints all files by all rules, as a linter does, and returns all that is reported as text. */
function lint(analyses: ProjectAnalyses, root: string): string[] {
  return sourcesOf(root).flatMap((file) => {
    const text = withoutBom(readFileSync(file, 'utf8'));
    return allRules.flatMap((rule) => {
      const result = analyses.lint(rule, { file, cwd: root, text, override: undefined });
      return result.kind === 'problem' ? [...result.messages] : result.findings.map((finding) => `${rule.name} ${JSON.stringify(finding)}`);
    });
  });
}

describe('after each of many random edits of a monorepo', () => {
  it('an audit from the cache is that of a new analysis, and most edits of unrelated code keep the answer', () => {
    const random = randomNumbers(18);
    const cache = { kind: 'folder', folder: emptyFolder() } as const;
    const history: string[] = [];
    const root = writeMonorepo();
    let [hits, withoutEffect] = [0, 0];
    for (let step = 0; step < edits; step++) {
      // After few edits, an answer of before is most likely to be compared.
      if (random() < 0.4) {
        writeMonorepo(root);
        history.length = 0;
      }
      history.push(editMonorepo(root, random));
      if (random() < 0.3) history.push(editMonorepo(root, random));
      const run = auditCached(root, { cache, selection: { preset: 'strict', rules: [] } });
      const fresh = auditFresh(root, { selection: { preset: 'strict', rules: [] } });
      expect(run.outcome, history.join('\n')).toEqual(fresh);
      if (run.isHit) hits++;
      if (run.facts.some((fact) => fact.includes('changed without effect'))) withoutEffect++;
    }
    expect(hits).toBeGreaterThan(edits / 8);
    expect(withoutEffect).toBeGreaterThan(edits / 20);
  }, 3_600_000);

  it('a linter reports what a new one reports, through restarts', () => {
    const random = randomNumbers(2);
    const cache = { kind: 'folder', folder: emptyFolder() } as const;
    const history: string[] = [];
    const root = writeMonorepo();
    let current = new ProjectAnalyses({ rules: allRules, cache });
    for (let step = 0; step < edits; step++) {
      if (random() < 0.2) {
        writeMonorepo(root);
        history.length = 0;
      }
      history.push(editMonorepo(root, random));
      if (random() < 0.4) {
        current.keepResults();
        current = new ProjectAnalyses({ rules: allRules, cache });
        history.push('restart');
      }
      expect(lint(current, root), history.join('\n')).toEqual(lint(new ProjectAnalyses({ rules: allRules }), root));
    }
  }, 3_600_000);
});
