import { describe, expect, it } from 'vitest';
import type { AuditResult } from '../../../src/audit/audit-result.js';
import { checklistOf, requirements } from '../../../src/audit/checklist/checklist.js';
import type { Documentation } from '../../../src/audit/checklist/documentation.js';
import { selectRules } from '../../../src/audit/select-rules.js';
import { clean, finding } from '../../report/results.js';

const strict: AuditResult = {
  ...clean,
  preset: 'strict',
  rules: selectRules({ preset: 'strict', rules: [] }).map(({ name }) => name),
  constructions: [{ file: 'src/db.ts', line: 1, column: 1, client: '@clickhouse/client', constructor: 'createClient', sanctioned: true }],
};
const noDocuments = (): Documentation => ({ documents: [], files: [] });

function checkOf(id: string, result: AuditResult) {
  return checklistOf(result, noDocuments).find((check) => check.id === id);
}

describe('the checklist', () => {
  it('passes what rules found nothing of, with the evidence', () => {
    const manager = { name: 'Manager', evidence: 'the accessor calls it', file: 'src/manager.ts', line: 1, column: 1, endLine: 9 };
    const accessor = { ...manager, name: 'getClient' };
    expect(checkOf('manager-bypass', { ...strict, managers: [manager], accessors: [accessor] })).toEqual({
      id: 'manager-bypass',
      requirement: 'Every accessor call within reach of a manager sets the bypass',
      verdict: 'pass',
      evidence: 'Managers: Manager. Accessors: getClient. No call lacks the bypass.',
      places: [],
    });
  });

  it('fails by a finding, with its place', () => {
    expect(checkOf('one-connection-logic', { ...strict, findings: [finding] })).toMatchObject({
      verdict: 'fail',
      evidence: 'Findings: 1 no-direct-client.',
      places: [{ file: 'src/a.ts', line: 3, column: 7 }],
    });
  });

  it.each(strict.rules)('shows a finding of %s in exactly one line', (rule) => {
    expect(requirements.filter(({ rules, doubts = [] }) => [...rules, ...doubts].some((name) => name === rule))).toHaveLength(1);
    const checklist = checklistOf({ ...strict, findings: [{ ...finding, rule }] }, noDocuments);
    expect(checklist.filter(({ evidence }) => evidence.includes(`1 ${rule}`)).map(({ verdict }) => verdict)).toEqual([
      rule === 'no-possible-connection-recursion' ? 'unknown' : 'fail',
    ]);
  });

  it.each([
    ['require-release', 'release'],
    ['no-undrained-result', 'release'],
    ['no-nested-acquire', 'release'],
    ['use-service-interface', 'service-interface'],
    ['no-adhoc-mock', 'service-interface'],
  ])('fails by a finding of %s in the line %s', (rule, id) => {
    expect(checkOf(id, { ...strict, findings: [{ ...finding, rule }] })).toMatchObject({
      verdict: 'fail',
      evidence: `Findings: 1 ${rule}.`,
    });
    expect(checkOf(id, strict)).toMatchObject({ verdict: 'pass' });
  });

  it('fails by a finding that the baseline knows', () => {
    const baseline = { file: '/code/baseline.json', known: [finding], stale: [] };
    expect(checkOf('one-connection-logic', { ...strict, baseline })).toMatchObject({ verdict: 'fail' });
  });

  it('passes with an exception that has a reason, and counts it', () => {
    const sanctioned = [{ ...finding, reason: 'a script of its own' }];
    expect(checkOf('one-connection-logic', { ...strict, sanctioned })).toMatchObject({
      verdict: 'pass',
      evidence: expect.stringContaining('That is apart from exceptions in settings and comments: 1.') as unknown,
    });
  });

  it('cannot tell if a rule did not run', () => {
    const rules = selectRules({ preset: 'recommended', rules: [] }).map(({ name }) => name);
    expect(checkOf('recursion', { ...strict, preset: 'recommended', rules })).toMatchObject({
      verdict: 'unknown',
      evidence: 'no-possible-connection-recursion did not run; --preset strict runs it.',
    });
  });

  it('cannot tell if a recursion is possible', () => {
    const findings = [{ ...finding, rule: 'no-possible-connection-recursion' }];
    expect(checkOf('recursion', { ...strict, findings })).toMatchObject({ verdict: 'unknown', places: [] });
  });

  it('takes no recursion for proven if a limit ended a search or a file was not judged', () => {
    const notJudged = [{ file: 'src/deep.ts', message: 'src/deep.ts was skipped.' }];
    expect(checkOf('recursion', strict)).toMatchObject({ verdict: 'pass' });
    expect(checkOf('recursion', { ...strict, notJudged })).toMatchObject({ verdict: 'unknown' });
    expect(checkOf('recursion', { ...strict, incomplete: ['Not all imports of src/db.ts were analysed.'] })).toMatchObject({
      verdict: 'unknown',
      evidence: 'No finding, but not all code was analysed. Not all imports of src/db.ts were analysed.',
    });
  });

  it.each([
    ['a part of the project', { paths: ['src/db.ts'] }],
    ['single rules', { rules: ['no-direct-client'] }],
    ['a code base without ClickHouse', { constructions: [] }],
  ])('is empty for %s', (_, change) => {
    expect(checklistOf({ ...strict, ...change }, noDocuments)).toEqual([]);
  });
});
