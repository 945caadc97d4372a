import { describe, expect, it } from 'vitest';
import type { AuditResult } from '../../src/audit/audit-result.js';
import { problemToGithub, toGithub } from '../../src/report/github.js';
import { clean, finding } from './results.js';
import { readWorkflowLog } from './workflow-log.js';

function logOf(result: Partial<AuditResult>, repository = '/code') {
  return readWorkflowLog(toGithub([{ ...clean, ...result }], { repository }));
}

const awkwardNames = [
  'a b.ts',
  'a,b.ts',
  '50%.ts',
  '%0A.ts',
  'a:b.ts',
  'größe/日本.ts',
  '::error::x.ts',
  '##[error]x.ts',
  'a=b.ts',
  ' a.ts',
];

describe('the annotations of a workflow', () => {
  it('name the rule, the file and the range of a finding', () => {
    expect(logOf({ findings: [finding] }).commands).toEqual([
      {
        name: 'error',
        properties: { file: 'src/a.ts', line: '3', endLine: '3', col: '7', endColumn: '19', title: 'clickhouse-ssot/no-direct-client' },
        message: finding.message,
      },
    ]);
  });

  it('name files relative to the repository, not to the project in it', () => {
    const { commands, text } = logOf({ root: '/repo/packages/app', findings: [finding] }, '/repo');
    expect(commands[0]?.properties['file']).toBe('packages/app/src/a.ts');
    expect(text).toContain('- packages/app/src/a.ts:3:7 no-direct-client');
  });

  it.each(awkwardNames)('name a file %j as it is, and nothing else in the log becomes a command', (file) => {
    const { commands } = logOf({ findings: [{ ...finding, file }], notices: [file] });
    expect(commands.map(({ name, properties }) => [name, properties['file']])).toEqual([['error', file]]);
  });

  it.each(['100 %, %0A and %25', 'first line\n  -> second line', 'a::b ::error::c', 'windows\r\nline', '##[error]d', '日本'])(
    'keep the message %j',
    (message) => {
      expect(logOf({ findings: [{ ...finding, message }] }).commands.map((command) => command.message)).toEqual([message]);
    },
  );

  it('have no columns if the finding spans lines: GitHub refuses them', () => {
    const [command] = logOf({ findings: [{ ...finding, endLine: 5 }] }).commands;
    expect(command?.properties).toEqual({ file: 'src/a.ts', line: '3', endLine: '5', title: 'clickhouse-ssot/no-direct-client' });
  });

  it('are warnings for stale settings and for files that were not judged, each told once', () => {
    const { commands, text } = logOf({
      staleSettings: ['An entry matches nothing.'],
      notJudged: [{ file: 'src/b.ts', message: 'src/b.ts cannot be read.' }],
      notices: ['src/b.ts cannot be read.', 'An entry matches nothing.', 'Accessor: getClient.'],
    });
    expect(commands).toEqual([
      { name: 'warning', properties: { file: 'src/b.ts', title: 'clickhouse-ssot' }, message: 'src/b.ts cannot be read.' },
      { name: 'warning', properties: { title: 'clickhouse-ssot' }, message: 'An entry matches nothing.' },
    ]);
    expect(text).toEqual(['- Accessor: getClient.', 'clickhouse-ssot: No findings in 12 source files.']);
  });

  it('are one for each problem that prevented the audit', () => {
    expect(readWorkflowLog(problemToGithub('first: 50 %\nsecond')).commands.map(({ name, message }) => [name, message])).toEqual([
      ['error', 'first: 50 %'],
      ['error', 'second'],
    ]);
  });
});

describe('the log after the annotations', () => {
  it('lists the place of each finding, and counts them by rule', () => {
    const other = { ...finding, rule: 'no-connection-recursion', file: 'src/b.ts' };
    expect(logOf({ findings: [finding, other, other] }).text).toEqual([
      '- src/a.ts:3:7 no-direct-client',
      '- src/b.ts:3:7 no-connection-recursion',
      '- src/b.ts:3:7 no-connection-recursion',
      'clickhouse-ssot: 3 findings (1 no-direct-client, 2 no-connection-recursion) in 12 source files.',
    ]);
  });

  it('says that GitHub shows ten annotations of a kind, if there are more', () => {
    const sentence = 'GitHub shows 10 of these 11 errors as annotations. This log has all of them.';
    const of = (count: number) => Array.from({ length: count }, (_, index) => ({ ...finding, line: index + 1 }));
    expect(logOf({ findings: of(10) }).text).not.toContain(sentence);
    const { commands, text } = logOf({ findings: of(11) });
    expect(commands).toHaveLength(11);
    expect(text).toContain(sentence);
  });

  it('counts the known findings and does not list them', () => {
    const { commands, text } = logOf({ baseline: { file: '/code/known.json', known: [finding], stale: [] } });
    expect(commands).toEqual([]);
    expect(text).toEqual(['clickhouse-ssot: No new findings in 12 source files.', '1 known finding is not shown: see known.json.']);
  });
});
