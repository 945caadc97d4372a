import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AuditResult } from '../../src/audit/audit-result.js';
import { codeBase } from '../project/code-base.js';
import { runCommand } from './run-command.js';

const command = (...args: string[]) => runCommand(args);

function audit(root: string, ...args: string[]) {
  return command('audit', root, '--baseline', ...args);
}

function resultOf(root: string, ...args: string[]): AuditResult {
  return JSON.parse(command('audit', root, '--format', 'json', ...args).stdout) as AuditResult;
}

const client = `import { createClient } from '@clickhouse/client';\nexport const client = createClient();\n`;

function baselineOf(root: string, name = 'clickhouse-ssot.baseline.json'): string {
  return readFileSync(join(root, name), 'utf8');
}

function filesIn(text: string): string[] {
  const { findings } = JSON.parse(text) as { findings: { file: string; count?: number }[] };
  return findings.map(({ file, count = 1 }) => (count === 1 ? file : `${file} ${count}`));
}

/** Writes a code base with a declared factory, so that each other client is a finding. */
function withFactory(files: Readonly<Record<string, string | object>>): string {
  return codeBase({ 'package.json': {}, 'clickhouse-ssot.config.json': { factories: ['src/db.ts'] }, 'src/db.ts': client, ...files });
}

/** A code base with known findings in `src/a.ts` and `src/b.ts`. */
function known(files: Readonly<Record<string, string | object>> = {}): string {
  const root = withFactory({ 'src/a.ts': client, 'src/b.ts': client, ...files });
  expect(audit(root, '--update-baseline').status).toBe(0);
  return root;
}

describe('known findings', () => {
  it('do not fail the audit, and are counted', () => {
    const { status, stdout } = audit(known());
    expect(status).toBe(0);
    expect(stdout).toContain('No new findings.\n2 known findings are not shown: see clickhouse-ssot.baseline.json.\n');
    expect(stdout).not.toMatch(/:\d+:\d+ {2}no-direct-client/);
  });

  it('have a key of their own in JSON', () => {
    const root = known();
    const { findings, baseline } = resultOf(root, '--baseline');
    expect(findings).toEqual([]);
    expect(baseline?.file).toBe(join(root, 'clickhouse-ssot.baseline.json'));
    expect(baseline?.known.map(({ file }) => file)).toEqual(['src/a.ts', 'src/b.ts']);
  });

  it('are suppressed in SARIF, and absent from the annotations', () => {
    const root = known();
    const sarif = JSON.parse(audit(root, '--format', 'sarif').stdout) as { runs: [{ results: { suppressions: unknown[] }[] }] };
    expect(sarif.runs[0].results.map(({ suppressions }) => suppressions.length)).toEqual([1, 1]);
    expect(audit(root, '--format', 'github').stdout).not.toContain('::error');
  });

  it('fail an audit without the baseline', () => {
    expect(command('audit', known()).status).toBe(1);
  });

  it('stay known when lines move', () => {
    const root = known();
    writeFileSync(join(root, 'src/a.ts'), `// a comment\n\n${client.replaceAll('\n', '\r\n')}`);
    expect(audit(root)).toMatchObject({ status: 0, stderr: '' });
  });

  it('stay known when the file is renamed', () => {
    const root = known();
    mkdirSync(join(root, 'lib'));
    renameSync(join(root, 'src/a.ts'), join(root, 'lib/größe 50%.ts'));
    expect(audit(root).status).toBe(0);
    expect(resultOf(root, '--baseline').staleSettings).toEqual([]);
    expect(audit(root, '--update-baseline').status).toBe(0);
    expect(filesIn(baselineOf(root))).toEqual(['lib/größe 50%.ts', 'src/b.ts']);
  });
});

describe('a finding that is not in the baseline fails the audit:', () => {
  it('in another file, with the same code', () => {
    const root = known();
    writeFileSync(join(root, 'src/c.ts'), client);
    const { status, stdout } = audit(root);
    expect(status).toBe(1);
    expect(stdout).toContain('src/c.ts:2:23');
    expect(stdout).not.toContain('src/a.ts:2:23  no-direct-client');
  });

  it('a second identical construction in the same file', () => {
    const root = known({ 'src/a.ts': `${client}{ createClient(); }\n` });
    writeFileSync(join(root, 'src/a.ts'), `${client}{ createClient(); }\n{ createClient(); }\n`);
    expect(resultOf(root, '--baseline').findings).toMatchObject([{ file: 'src/a.ts', line: 4 }]);
  });

  it('in place of one that is gone: both are reported', () => {
    const root = known();
    writeFileSync(join(root, 'src/a.ts'), client.replace('const client', 'const other'));
    const { findings, baseline, staleSettings } = resultOf(root, '--baseline');
    expect(findings).toHaveLength(1);
    expect(baseline?.stale).toMatchObject([{ file: 'src/a.ts', count: 1 }]);
    expect(staleSettings).toEqual([
      'clickhouse-ssot.baseline.json: src/a.ts: no-direct-client: 1 listed finding is no longer reported. If the new findings of this rule are the same ones after an edit, run with --update-baseline.',
    ]);
  });
});

describe('stale entries', () => {
  it('are reported in each format, and do not fail the audit', () => {
    const root = known();
    writeFileSync(join(root, 'src/a.ts'), '');
    const sentence =
      'src/a.ts: no-direct-client: 1 listed finding is no longer reported. Run with --prune-baseline to remove what is gone.';
    for (const format of ['text', 'json', 'github', 'sarif']) {
      const { status, stdout } = audit(root, '--format', format);
      expect(status).toBe(0);
      expect(stdout).toContain(sentence);
    }
    expect(audit(root, '--format', 'github').stdout).toMatch(/^::warning title=clickhouse-ssot::/);
  });

  it('stay in the file until it is updated on purpose', () => {
    const root = known();
    const before = baselineOf(root);
    writeFileSync(join(root, 'src/a.ts'), '');
    audit(root);
    expect(baselineOf(root)).toBe(before);
    expect(audit(root, '--prune-baseline').stdout).toContain('clickhouse-ssot.baseline.json lists 1 finding: 0 added, 1 removed.');
    expect(filesIn(baselineOf(root))).toEqual(['src/b.ts']);
    expect(resultOf(root, '--baseline').staleSettings).toEqual([]);
  });

  it('are those of a rule that does not exist any more', () => {
    const root = known();
    writeFileSync(join(root, 'clickhouse-ssot.baseline.json'), baselineOf(root).replace('"no-direct-client"', '"no-such-rule"'));
    expect(resultOf(root, '--baseline').baseline?.stale).toMatchObject([{ file: 'src/a.ts', rule: 'no-such-rule' }]);
  });
});

describe('--prune-baseline', () => {
  it('adds nothing: a new finding still fails', () => {
    const root = known();
    rmSync(join(root, 'src/a.ts'));
    writeFileSync(join(root, 'src/c.ts'), client.replace('const client', 'const other'));
    expect(audit(root, '--prune-baseline').status).toBe(1);
    expect(filesIn(baselineOf(root))).toEqual(['src/b.ts']);
  });
});

describe('--update-baseline', () => {
  it('writes the same text for the same findings, and leaves an equal file alone', () => {
    const root = known();
    const path = join(root, 'clickhouse-ssot.baseline.json');
    writeFileSync(path, baselineOf(root).replaceAll('\n', '\r\n'));
    utimesSync(path, 1, 1);
    audit(root, '--update-baseline');
    expect(statSync(path).mtimeMs).toBe(1000);
  });

  it('writes an empty list if there is no finding', () => {
    const root = codeBase({ 'package.json': {}, 'a.ts': '' });
    audit(root, '--update-baseline');
    expect(baselineOf(root)).toBe('{\n  "schemaVersion": 1,\n  "findings": []\n}\n');
  });

  it('says what it changed', () => {
    const root = known();
    writeFileSync(join(root, 'src/a.ts'), '');
    writeFileSync(join(root, 'src/c.ts'), client);
    writeFileSync(join(root, 'src/d.ts'), client);
    expect(audit(root, '--update-baseline').stdout).toContain('lists 3 findings: 2 added, 1 removed.');
  });
});

describe('an audit of a part keeps the entries of the rest:', () => {
  it('a folder', () => {
    const root = known({ 'other/c.ts': client });
    for (const file of ['src/a.ts', 'other/c.ts']) writeFileSync(join(root, file), '');
    const path = join(root, 'clickhouse-ssot.baseline.json');
    const { baseline, findings } = resultOf(join(root, 'src'), '--baseline', path);
    expect([findings, baseline?.stale.map(({ file }) => file)]).toEqual([[], ['src/a.ts']]);
    command('audit', join(root, 'src'), '--baseline', path, '--update-baseline');
    expect(filesIn(baselineOf(root))).toEqual(['other/c.ts', 'src/b.ts']);
  });

  it('a folder, with the default name: the file is in the root of the project', () => {
    const root = known({ 'other/c.ts': client });
    writeFileSync(join(root, 'src/a.ts'), '');
    audit(join(root, 'src'), '--update-baseline');
    expect(existsSync(join(root, 'src/clickhouse-ssot.baseline.json'))).toBe(false);
    expect(filesIn(baselineOf(root))).toEqual(['other/c.ts', 'src/b.ts']);
  });

  it('a file that cannot be read', () => {
    const root = known();
    execFileSync('git', ['init', '-q'], { cwd: root });
    rmSync(join(root, 'src/a.ts'));
    // A broken link is unreadable also for the superuser.
    symlinkSync('none.ts', join(root, 'src/a.ts'));
    const { baseline, notJudged } = resultOf(root, '--baseline');
    expect(notJudged.map(({ file }) => file)).toEqual(['src/a.ts']);
    expect(baseline?.stale).toEqual([]);
    audit(root, '--prune-baseline');
    expect(filesIn(baselineOf(root))).toEqual(['src/a.ts', 'src/b.ts']);
  });
});

describe('the paths in a baseline', () => {
  it('are relative to its folder, so that nested projects share one, from any folder', () => {
    const root = withFactory({
      'src/a.ts': client,
      'packages/x/clickhouse-ssot.config.json': { factories: ['src/db.ts'] },
      'packages/x/src/db.ts': client,
      'packages/x/src/a.ts': client,
    });
    expect(audit(root, '--update-baseline').status).toBe(0);
    expect(filesIn(baselineOf(root))).toEqual(['packages/x/src/a.ts', 'src/a.ts']);
    const path = join(root, 'clickhouse-ssot.baseline.json');
    expect(command('audit', join(root, 'packages/x'), '--baseline', path).status).toBe(0);
    expect(resultOf(join(root, 'packages/x'), '--baseline', path).staleSettings).toEqual([]);
  });

  it('do not depend on the links by which the project is reached', () => {
    const root = known();
    const link = join(codeBase({}), 'link');
    symlinkSync(root, link);
    expect(command('audit', link, '--baseline', join(root, 'clickhouse-ssot.baseline.json')).status).toBe(0);
    expect(command('audit', root, '--baseline', join(link, 'clickhouse-ssot.baseline.json')).status).toBe(0);
  });
});

describe('wrong use of the baseline exits 2 with one sentence, and writes nothing:', () => {
  const mistake = (...args: string[]) => {
    const { status, stdout, stderr } = command(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    return stderr;
  };

  it('--update-baseline or --prune-baseline without --baseline', () => {
    const root = withFactory({ 'a.ts': client });
    expect(mistake('audit', root, '--update-baseline')).toBe(
      '--update-baseline: found no --baseline, expected it beside --update-baseline. Add --baseline, or --baseline with a file name.\n',
    );
    expect(mistake('audit', root, '--prune-baseline')).toContain('--prune-baseline: found no --baseline');
  });

  it('--update-baseline with --prune-baseline', () => {
    const root = withFactory({ 'a.ts': client });
    expect(mistake('audit', root, '--baseline', '--update-baseline', '--prune-baseline')).toContain('expected one of them');
    expect(existsSync(join(root, 'clickhouse-ssot.baseline.json'))).toBe(false);
  });

  it('a missing file', () => {
    const root = withFactory({ 'a.ts': client });
    expect(mistake('audit', root, '--baseline')).toContain('clickhouse-ssot.baseline.json: found no baseline');
    expect(mistake('audit', root, '--baseline', '--prune-baseline')).toContain('found no baseline');
  });

  it('the folder to audit in place of the file', () => {
    const root = withFactory({ 'a.ts': client });
    expect(mistake('audit', '--baseline', root)).toContain(`--baseline: found the folder ${root}, expected a file.`);
  });

  it('an empty name', () => {
    expect(mistake('audit', withFactory({ 'a.ts': client }), '--baseline=')).toContain('found an empty name');
  });

  it('the file of the report', () => {
    const root = known();
    const path = join(root, 'clickhouse-ssot.baseline.json');
    const before = baselineOf(root);
    expect(mistake('audit', root, '--baseline', path, '--output', path)).toContain('The report would replace the baseline.');
    expect(baselineOf(root)).toBe(before);
  });

  it.each(['{', '{ "schemaVersion": 2 }', '<<<<<<< a\n=======\n>>>>>>> b\n', '{ "schemaVersion": 1, "findings": [1] }'])(
    '%j',
    (content) => {
      const root = withFactory({ 'a.ts': client, 'clickhouse-ssot.baseline.json': content });
      for (const write of [[], ['--update-baseline'], ['--prune-baseline']]) mistake('audit', root, '--baseline', ...write);
      expect(baselineOf(root)).toBe(content);
    },
  );

  it('a file in a folder that does not exist', () => {
    const root = withFactory({ 'a.ts': client });
    expect(mistake('audit', root, '--baseline', join(root, 'none/known.json'), '--update-baseline')).toContain('cannot be written');
  });
});
