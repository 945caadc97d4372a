import { describe, expect, it } from 'vitest';
import type { AuditFinding, AuditResult } from '../../src/audit/audit-result.js';
import { toText } from '../../src/report/text.js';

const finding: AuditFinding = {
  rule: 'no-direct-client',
  file: 'src/a.ts',
  line: 3,
  column: 7,
  endLine: 3,
  endColumn: 19,
  message: 'A client is made here, outside the factory.',
  fixable: false,
  path: [],
};

const clean: AuditResult = {
  schemaVersion: 1,
  tool: { name: 'eslint-plugin-clickhouse-ssot', version: '1.2.3' },
  root: '/code',
  files: 12,
  sliceFiles: 2,
  constructions: [],
  wrappers: [],
  findings: [],
  notices: [],
};

function textOf(result: Partial<AuditResult>, { width = 80, color = false } = {}): string {
  return toText({ ...clean, ...result }, { width, color });
}

function lastLineOf(text: string): string | undefined {
  return text.trimEnd().split('\n').at(-1);
}

describe('the report in a terminal', () => {
  it('puts findings under their file, each with a place to click on', () => {
    const text = textOf({ findings: [finding, { ...finding, line: 9 }, { ...finding, file: 'src/b.ts' }] });
    expect(text).toMatch(
      /^src\/a\.ts\n {2}src\/a\.ts:3:7 {2}no-direct-client\n {4}A client .*\n {2}src\/a\.ts:9:7 .*\n.*\n\nsrc\/b\.ts\n {2}src\/b\.ts:3:7 /,
    );
  });

  it('tells a path hop by hop, one a line', () => {
    const message = 'It leads back to itself.\n  getClient (src/db.ts:1)\n  -> Manager.take (src/manager.ts:2)\n  -> getClient';
    expect(textOf({ findings: [{ ...finding, message }] })).toContain(
      '\n      getClient (src/db.ts:1)\n      -> Manager.take (src/manager.ts:2)\n      -> getClient\n',
    );
  });

  it('keeps to the width of the terminal, and never breaks a place', () => {
    const place = `packages/${'long-'.repeat(20)}name.ts`;
    const message = `${'Words and more words. '.repeat(12)}\n  -> Manager.takeSomething (src/core/clickhouse-connection-manager.ts:2)`;
    const text = textOf(
      {
        findings: [
          { ...finding, message },
          { ...finding, file: place },
        ],
        notices: ['Something is worth knowing. '.repeat(5)],
      },
      { width: 60 },
    );
    expect(text).toContain(`${place}:3:7`);
    for (const line of text.split('\n').filter((line) => !line.includes(place))) expect(line.length).toBeLessThanOrEqual(60);
  });

  it('breaks no line where there is no terminal', () => {
    const message = 'Words and more words. '.repeat(12).trim();
    expect(textOf({ findings: [{ ...finding, message }] }, { width: Infinity })).toContain(message);
  });

  it('has no colour unless asked for, and the same words with it', () => {
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

  it('says of each construction whether it is allowed, and why', () => {
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

  it('counts the findings of each rule', () => {
    expect(textOf({ findings: [finding, finding, { ...finding, rule: 'require-manager-bypass' }] })).toContain(
      '3 findings: 2 no-direct-client, 1 require-manager-bypass.',
    );
  });
});

describe('the last line says what to do next:', () => {
  it('nothing, where nothing was found', () => {
    expect(lastLineOf(textOf({}))).toBe('Nothing to do.');
  });

  it('let the linter fix what it can', () => {
    expect(lastLineOf(textOf({ findings: [finding, { ...finding, fixable: true }] }))).toBe(
      'Next: 1 of them can be fixed by your linter with --fix; then run this again.',
    );
  });

  it('where to start by hand', () => {
    expect(lastLineOf(textOf({ findings: [finding] }, { width: Infinity }))).toContain('start at src/a.ts:3:7');
  });
});
