import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/audit.js';
import type { AuditResult } from '../../src/audit/audit-result.js';
import { messageOf } from '../../src/findings/finding.js';
import { codeBase } from '../project/code-base.js';

const importClient = `import { createClient } from '@clickhouse/client';\n`;
const reports = `${importClient}export class Reports {\n  run() { return createClient(); }\n  stop() { return createClient(); }\n}\n`;

/** The factory is another module, so that each construction in the files is a finding. */
function resultOf(sanctioned: readonly object[], files: Readonly<Record<string, string>> = { 'reports.ts': reports }): AuditResult {
  const entries = sanctioned.map((entry) => ({ path: 'reports.ts', rules: ['no-direct-client'], reason: 'own user', ...entry }));
  const settings = { factories: ['db.ts'], sanctioned: entries };
  const outcome = audit({ root: codeBase({ 'db.ts': '', ...files, 'clickhouse-ssot.config.json': settings }) });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result;
}

function linesOf({ findings }: AuditResult): string[] {
  return findings.map(({ file, line }) => `${file}:${line}`);
}

describe('a sanction with "in" permits the findings', () => {
  it.each([
    ['in the method, by class and method', 'Reports.run', ['reports.ts:4']],
    ['in the method, by its name', 'run', ['reports.ts:4']],
    ['in the class', 'Reports', []],
    ['in no other method', 'stop', ['reports.ts:3']],
    ['nowhere, if the name does not exist', 'start', ['reports.ts:3', 'reports.ts:4']],
  ])('%s', (_, name, lines) => {
    expect(linesOf(resultOf([{ in: name }]))).toEqual(lines);
  });

  it('wherever the method moves', () => {
    const moved = reports.replace('export class', `\n\n// A comment.\n\nexport class`).replace('{\n  run', '{\n  other = 1;\n\n  run');
    expect(linesOf(resultOf([{ in: 'Reports.run' }], { 'reports.ts': moved }))).toEqual(['reports.ts:10']);
  });
});

describe('a sanction with "count" permits', () => {
  it('as many findings as it says', () => {
    expect(linesOf(resultOf([{ count: 2 }]))).toEqual([]);
  });

  it('none if there are more, because it is not known which is the surplus one', () => {
    const result = resultOf([{ count: 1 }]);
    expect(linesOf(result)).toEqual(['reports.ts:3', 'reports.ts:4']);
    for (const { message } of result.findings)
      expect(message).toContain('"sanctioned[0]" in clickhouse-ssot.config.json permits 1 such finding in this file, and there are 2.');
    expect(result.constructions.map(({ sanctioned }) => sanctioned)).toEqual([false, false]);
  });

  it('as many in each file', () => {
    const one = `${importClient}createClient();`;
    expect(linesOf(resultOf([{ path: '**', count: 1 }], { 'a.ts': one, 'b.ts': one }))).toEqual([]);
    expect(linesOf(resultOf([{ path: '**', count: 1 }], { 'a.ts': one, 'b.ts': `${one}\ncreateClient();` }))).toEqual(['b.ts:2', 'b.ts:3']);
  });

  it('as many in the named function, and says so otherwise', () => {
    expect(linesOf(resultOf([{ in: 'run', count: 1 }]))).toEqual(['reports.ts:4']);
    const two = reports.replace('return createClient();', 'createClient(); return createClient();');
    const [first] = resultOf([{ in: 'run', count: 1 }], { 'reports.ts': two }).findings;
    expect(first?.message).toContain('permits 1 such finding in "run" of this file, and there are 2.');
  });

  it('what no earlier entry permits', () => {
    expect(linesOf(resultOf([{ in: 'run' }, { count: 1 }]))).toEqual([]);
    expect(linesOf(resultOf([{ count: 1 }, { in: 'run' }]))).toEqual(['reports.ts:4']);
  });

  it('what no comment disables', () => {
    const disabled = reports.replace(
      '  stop',
      '  // eslint-disable-next-line clickhouse-ssot/no-direct-client -- a user of its own\n  stop',
    );
    const result = resultOf([{ count: 1 }], { 'reports.ts': disabled });
    expect(linesOf(result)).toEqual([]);
    expect(result.disabled).toMatchObject([
      { rule: 'no-direct-client', file: 'reports.ts', line: 5, column: 19, commentLine: 4, reason: 'a user of its own' },
    ]);
    expect(result.constructions.map(({ reason }) => reason)).toEqual(['own user', 'a user of its own']);
  });
});

it('the note of a sanction stands behind the first line of a message, above the path', () => {
  const finding = { span: { file: 'a.ts', start: 0, end: 1 }, messageId: 'recursion', data: { name: 'get' }, note: 'The note.' };
  expect(messageOf(finding, '`{{name}}` calls itself.\n  get\n  -> get')).toBe('`get` calls itself. The note.\n  get\n  -> get');
});

it('a comment disables a finding without a reason, which the result then leaves out', () => {
  const { findings, disabled } = resultOf([], { 'reports.ts': `/* eslint-disable */\n${reports}` });
  expect(findings).toEqual([]);
  expect(disabled).toMatchObject([
    { rule: 'no-direct-client', file: 'reports.ts', line: 4, column: 18 },
    { rule: 'no-direct-client', file: 'reports.ts', line: 5, column: 19 },
  ]);
  expect(disabled.map(({ reason }) => reason)).toEqual([undefined, undefined]);
});

describe('a wrong value is refused, with what was expected', () => {
  it.each([
    [{ count: 0 }, '"sanctioned[0].count": found 0, expected a whole number, at least 1.'],
    [{ count: 1.5 }, '"sanctioned[0].count": found 1.5, expected a whole number, at least 1.'],
    [{ count: '2' }, '"sanctioned[0].count": found "2", expected a whole number, at least 1.'],
    [
      { in: '' },
      '"sanctioned[0].in": found "", expected the name of an enclosing function, method, class or variable, such as run or Reports.run.',
    ],
    [{ in: 'run()' }, '"sanctioned[0].in": found "run()", expected the name of an enclosing function'],
    [{ in: 3 }, '"sanctioned[0].in": found 3, expected a string.'],
    [{ inn: 'run' }, '"sanctioned[0].inn": found an unknown key, expected one of path, rules, in, count, reason. Did you mean "in"?'],
  ])('%o', (entry, problem) => {
    const sanctioned = [{ path: 'a.ts', rules: ['no-direct-client'], reason: 'x', ...entry }];
    const outcome = audit({ root: codeBase({ 'a.ts': '', 'clickhouse-ssot.config.json': { sanctioned } }) });
    expect(outcome).toEqual({ kind: 'error', problems: [expect.stringContaining(problem)] });
  });
});
