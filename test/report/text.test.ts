import { describe, expect, it } from 'vitest';
import type { AuditResult } from '../../src/audit/audit-result.js';
import { toText } from '../../src/report/text.js';
import { clean, finding } from './results.js';

function textOf(result: Partial<AuditResult>, { width = 80, color = false } = {}): string {
  return toText({ ...clean, ...result }, { width, color });
}

function lastLineOf(text: string): string | undefined {
  return text.trimEnd().split('\n').at(-1);
}

describe('the text report', () => {
  it('groups findings by file, each with a clickable position', () => {
    const text = textOf({ findings: [finding, { ...finding, line: 9 }, { ...finding, file: 'src/b.ts' }] });
    expect(text).toMatch(
      /^src\/a\.ts\n {2}src\/a\.ts:3:7 {2}no-direct-client\n {4}A client .*\n {2}src\/a\.ts:9:7 .*\n.*\n\nsrc\/b\.ts\n {2}src\/b\.ts:3:7 /,
    );
  });

  it('prints a path with one step per line', () => {
    const message = 'It calls itself.\n  getClient (src/db.ts:1)\n  -> Manager.take (src/manager.ts:2)\n  -> getClient';
    expect(textOf({ findings: [{ ...finding, message }] })).toContain(
      '\n      getClient (src/db.ts:1)\n      -> Manager.take (src/manager.ts:2)\n      -> getClient\n',
    );
  });

  it('keeps to the width of the terminal, and never breaks a position', () => {
    const file = `packages/${'long-'.repeat(20)}name.ts`;
    const message = `${'Words and more words. '.repeat(12)}\n  -> Manager.takeSomething (src/core/clickhouse-connection-manager.ts:2)`;
    const text = textOf(
      {
        findings: [
          { ...finding, message },
          { ...finding, file },
        ],
        notices: ['A notice in several words. '.repeat(5)],
      },
      { width: 60 },
    );
    expect(text).toContain(`${file}:3:7`);
    for (const line of text.split('\n').filter((line) => !line.includes(file))) expect(line.length).toBeLessThanOrEqual(60);
  });

  it('breaks no line if the output is no terminal', () => {
    const message = 'Words and more words. '.repeat(12).trim();
    expect(textOf({ findings: [{ ...finding, message }] }, { width: Infinity })).toContain(message);
  });

  it('has colours only on request, and the same text with and without', () => {
    const result = {
      findings: [{ ...finding, fixable: true }],
      constructions: [
        { file: 'src/a.ts', line: 3, column: 7, client: '@clickhouse/client', constructor: 'createClient', sanctioned: false },
      ],
      notices: ['Something.'],
    };
    const plain = textOf(result);
    const coloured = textOf(result, { color: true });
    expect(plain).not.toContain('\u001B');
    expect(coloured).toContain('\u001B');
    expect(coloured.replace(/\u001B\[\d+m/g, '')).toBe(plain);
  });

  it('shows for each construction whether it is allowed, and why', () => {
    const construction = { file: 'scripts/migrate.ts', line: 1, column: 2, client: '@clickhouse/client', constructor: 'createClient' };
    const text = textOf({
      constructions: [
        { ...construction, sanctioned: true, reason: 'runs as the DDL user' },
        { ...construction, file: 'src/a.ts', sanctioned: false },
      ],
    });
    expect(text).toMatch(/ allowed +scripts\/migrate\.ts:1:2 .*\n +runs as the DDL user\n +not allowed +src\/a\.ts:1:2 /);
    expect(text).toContain('2 client constructions, 1 allowed');
  });

  it('counts the findings by rule', () => {
    expect(textOf({ findings: [finding, finding, { ...finding, rule: 'require-manager-bypass' }] })).toContain(
      '3 findings: 2 no-direct-client, 1 require-manager-bypass.',
    );
  });
});

describe('the text report of an audit with a baseline', () => {
  const baseline = { file: '/code/clickhouse-ssot.baseline.json', known: [finding, finding], stale: [] };

  it('counts the known findings and does not show them', () => {
    const text = textOf({ baseline });
    expect(text).toContain('No new findings.\n2 known findings are not shown: see clickhouse-ssot.baseline.json.\n');
    expect(text).not.toContain(finding.message);
  });

  it('lists stale entries among the notices', () => {
    expect(textOf({ baseline, staleSettings: ['An entry is stale.'] })).toContain('Notices\n  An entry is stale.\n');
  });
});

describe('the last line of the text report', () => {
  it('is that nothing is to do if there are no findings', () => {
    const construction = { file: 'src/db.ts', line: 1, column: 1, client: '@clickhouse/client', constructor: 'createClient' };
    expect(lastLineOf(textOf({ constructions: [{ ...construction, sanctioned: true }] }))).toBe('Nothing to do.');
  });

  it('is that no client package was found, if there is no construction: a wrong folder is not a clean code base', () => {
    expect(lastLineOf(textOf({}, { width: Infinity }))).toContain('No client package was found in these files.');
  });

  it('is to run the linter with --fix if a finding is fixable', () => {
    expect(lastLineOf(textOf({ findings: [finding, { ...finding, fixable: true }] }))).toBe(
      'Next: run your linter with --fix to repair 1 of them, then this audit again.',
    );
  });

  it('is the first finding if none is fixable', () => {
    expect(lastLineOf(textOf({ findings: [finding] }, { width: Infinity }))).toContain('start at src/a.ts:3:7');
  });
});
