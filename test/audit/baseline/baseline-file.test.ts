import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatBaseline, readBaseline } from '../../../src/audit/baseline/baseline-file.js';
import { codeBase } from '../../project/code-base.js';

const entry = { file: 'src/a.ts', rule: 'no-direct-client', within: 'Reports.run', fingerprint: '0123456789abcdef' };

function read(content: string | object) {
  return readBaseline(join(codeBase({ 'known.json': content }), 'known.json'));
}

function problemOf(content: string | object): string {
  const result = read(content);
  return result.kind === 'invalid' ? result.problem : result.kind;
}

describe('a baseline file', () => {
  it('is sorted, without line numbers and dates, and ends in a line break', () => {
    const text = formatBaseline([
      { ...entry, file: 'src/b.ts', count: 2 },
      { ...entry, scope: 'test' },
      { ...entry, rule: 'a-rule', count: 1 },
    ]);
    expect(text).toBe(`{
  "schemaVersion": 1,
  "findings": [
    {
      "file": "src/a.ts",
      "rule": "a-rule",
      "within": "Reports.run",
      "fingerprint": "0123456789abcdef"
    },
    {
      "file": "src/a.ts",
      "rule": "no-direct-client",
      "within": "Reports.run",
      "fingerprint": "0123456789abcdef",
      "scope": "test"
    },
    {
      "file": "src/b.ts",
      "rule": "no-direct-client",
      "within": "Reports.run",
      "fingerprint": "0123456789abcdef",
      "count": 2
    }
  ]
}
`);
  });

  it('is read as it was written, also with Windows line endings and a byte order mark', () => {
    const text = formatBaseline([entry]);
    expect(read(text)).toMatchObject({ kind: 'entries', entries: [entry] });
    expect(read(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).toMatchObject({ kind: 'entries', entries: [entry] });
  });

  it('may be missing', () => {
    expect(readBaseline(join(codeBase({}), 'none.json'))).toEqual({ kind: 'missing' });
  });
});

describe('a baseline file that cannot be used is a problem that says what to do:', () => {
  it('no JSON', () => {
    expect(problemOf('{ "schemaVersion": 1, ')).toMatch(/known\.json: found text that is not JSON .* Restore the file, or delete it/);
    expect(problemOf('')).toContain('not JSON');
  });

  it('an unresolved merge', () => {
    expect(problemOf(`<<<<<<< HEAD\n{}\n=======\n[]\n>>>>>>> main\n`)).toContain('found the conflict markers of a merge');
  });

  it('a newer version', () => {
    expect(problemOf({ schemaVersion: 2, known: [] })).toContain('found "schemaVersion" 2, expected 1. A newer version');
  });

  it.each([
    [[], 'found'],
    [null, 'found null, expected Object. Restore the file'],
    [{}, 'found undefined at "schemaVersion"'],
    [{ schemaVersion: '1', findings: [] }, 'found "1" at "schemaVersion", expected 1.'],
    [{ schemaVersion: 1 }, 'found undefined at "findings"'],
    [{ schemaVersion: 1, findings: {} }, 'found Object at "findings", expected Array'],
    [{ schemaVersion: 1, findings: [{ ...entry, file: 1 }] }, 'found 1 at "findings.0.file", expected string'],
    [{ schemaVersion: 1, findings: [{ ...entry, count: 0 }] }, 'found 0 at "findings.0.count", expected >=1'],
    [{ schemaVersion: 1, findings: [{ ...entry, count: 1.5 }] }, 'found 1.5 at "findings.0.count"'],
    [{ schemaVersion: 1, findings: [{ ...entry, lines: 3 }] }, 'at "findings.0.lines", expected no such key'],
  ])('%j', (value, problem) => {
    expect(problemOf(JSON.stringify(value))).toContain(problem);
  });

  it('a folder', () => {
    const root = codeBase({});
    mkdirSync(join(root, 'known.json'));
    expect(readBaseline(join(root, 'known.json'))).toMatchObject({
      kind: 'invalid',
      problem: expect.stringContaining('found a folder') as string,
    });
  });
});
