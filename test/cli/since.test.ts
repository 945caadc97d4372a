import { execFileSync } from 'node:child_process';
import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AuditResult } from '../../src/audit/audit-result.js';
import { git } from '../e2e/hosts.js';
import { codeBase } from '../project/code-base.js';
import { runCommand } from './run-command.js';

const command = (...args: string[]) => runCommand(args);

function resultOf(...args: string[]): AuditResult {
  return JSON.parse(command('audit', '--format', 'json', ...args).stdout) as AuditResult;
}

function commit(root: string): void {
  git(root, 'add', '--all');
  git(root, '-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '--quiet', '--message', 'x', '--no-gpg-sign');
}

const client = `import { createClient } from '@clickhouse/client';\nexport const client = createClient();\n`;

/** A repository with one commit, in which `src/a.ts` and `src/b.ts` have a finding each. */
function repository(files: Readonly<Record<string, string | object>> = {}): string {
  const root = codeBase({
    'package.json': {},
    'clickhouse-ssot.config.json': { factories: ['src/db.ts'] },
    'src/db.ts': client,
    'src/a.ts': client,
    'src/b.ts': client,
    ...files,
  });
  git(root, 'init', '--quiet');
  commit(root);
  return root;
}

function temporaryCheckouts(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('clickhouse-ssot-since-'));
}

describe('--since', () => {
  it('fails for what the change brought, and counts what is new, gone and known', () => {
    const root = repository();
    rmSync(join(root, 'src/b.ts'));
    writeFileSync(join(root, 'src/c.ts'), client.replaceAll('client =', 'other ='));
    const { status, stdout } = command('audit', root, '--since', 'HEAD');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^src\/c\.ts:2:\d+ {2}no-direct-client/);
    expect(stdout).toMatch(/^Since HEAD \([0-9a-f]{7}\): 1 new finding, 1 gone, 1 known\.$/m);
    expect(stdout).not.toMatch(/^src\/a\.ts:/m);
  });

  it('is in the JSON, with the known and the gone findings', () => {
    const root = repository();
    rmSync(join(root, 'src/b.ts'));
    const { findings, since } = resultOf(root, '--since', 'HEAD');
    expect(findings).toEqual([]);
    expect(since).toMatchObject({
      revision: 'HEAD',
      commit: git(root, 'rev-parse', 'HEAD').trim(),
      known: [{ file: 'src/a.ts', rule: 'no-direct-client' }],
      gone: [{ file: 'src/b.ts', rule: 'no-direct-client' }],
    });
  });

  it('passes if nothing is new, also when lines moved or a file did', () => {
    const root = repository();
    writeFileSync(join(root, 'src/a.ts'), `\n\n${client}`);
    renameSync(join(root, 'src/b.ts'), join(root, 'src/moved.ts'));
    const { status, stdout } = command('audit', root, '--since', 'HEAD');
    expect(status).toBe(0);
    expect(stdout).toContain('No new findings.\n');
    expect(stdout).toContain('0 new findings, 0 gone, 2 known.');
  });

  it('judges the revision by its own settings', () => {
    const root = repository();
    writeFileSync(join(root, 'clickhouse-ssot.config.json'), JSON.stringify({ factories: ['src/db.ts', 'src/a.ts', 'src/b.ts'] }));
    expect(resultOf(root, '--since', 'HEAD').since).toMatchObject({ known: [], gone: [{ file: 'src/a.ts' }, { file: 'src/b.ts' }] });
  });

  it('counts a finding of the baseline there alone', () => {
    const root = repository();
    expect(command('audit', root, '--baseline', '--update-baseline').status).toBe(0);
    writeFileSync(join(root, 'src/c.ts'), client);
    const { findings, since, baseline, staleSettings } = resultOf(root, '--baseline', '--since', 'HEAD');
    expect(findings).toMatchObject([{ file: 'src/c.ts' }]);
    expect([since?.known, since?.gone, baseline?.known.length, staleSettings]).toEqual([[], [], 2, []]);
  });

  it('audits a project in a folder of the repository, and only the paths that are named', () => {
    const root = repository({ 'app/clickhouse-ssot.config.json': { factories: ['db.ts'] }, 'app/db.ts': client, 'app/x.ts': client });
    expect(resultOf(join(root, 'app'), '--since', 'HEAD')).toMatchObject({ findings: [], since: { known: [{ file: 'x.ts' }], gone: [] } });
    expect(resultOf(join(root, 'src/a.ts'), '--since', 'HEAD').since).toMatchObject({ known: [{ file: 'src/a.ts' }], gone: [] });
  });

  it('takes all findings for new if the revision has no code', () => {
    const root = codeBase({ 'README.md': '' });
    git(root, 'init', '--quiet');
    commit(root);
    writeFileSync(join(root, 'db.ts'), client);
    writeFileSync(join(root, 'clickhouse-ssot.config.json'), JSON.stringify({ factories: ['none.ts'] }));
    expect(resultOf(root, '--since', 'HEAD')).toMatchObject({ findings: [{ file: 'db.ts' }], since: { known: [], gone: [] } });
  });

  it('does not need the content of files that are no code', () => {
    const root = repository({ 'logo.svg': '<svg/>' });
    const object = git(root, 'rev-parse', 'HEAD:logo.svg').trim();
    rmSync(join(root, '.git/objects', object.slice(0, 2), object.slice(2)));
    expect(resultOf(root, '--since', 'HEAD')).toMatchObject({ findings: [], since: { gone: [] } });
  });

  it('changes nothing in the repository, and leaves no file behind', () => {
    const root = repository();
    const state = () => [git(root, 'status', '--porcelain'), git(root, 'worktree', 'list'), git(root, 'for-each-ref')];
    const before = [state(), temporaryCheckouts()];
    command('audit', root, '--since', 'HEAD');
    expect([state(), temporaryCheckouts()]).toEqual(before);
  });

  describe('exits 2 with one clear sentence', () => {
    const failure = (root: string, revision: string) => {
      const before = temporaryCheckouts();
      const { status, stdout, stderr } = command('audit', root, '--since', revision);
      expect({ status, stdout, left: temporaryCheckouts() }).toEqual({ status: 2, stdout: '', left: before });
      return stderr;
    };

    it('on a revision that does not exist', () => {
      expect(failure(repository(), 'no-such-branch')).toMatch(/^--since: found no revision "no-such-branch"\. Name a commit,[^\n]*\n$/);
    });

    it('on a name that git would take for an option', () => {
      expect(failure(repository(), '--output=x')).toMatch(/^--since: found "--output=x", expected a revision of git\./);
    });

    it('outside of git', () => {
      expect(failure(codeBase({ 'a.ts': client }), 'HEAD')).toMatch(/^--since: found no git repository around \//);
    });

    it('in a shallow clone without the revision, and says how to fetch it', () => {
      const root = repository();
      writeFileSync(join(root, 'src/c.ts'), client);
      commit(root);
      const clone = join(codeBase({}), 'clone');
      execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, clone]);
      expect(failure(clone, 'HEAD^1')).toMatch(
        /^--since: found no revision "HEAD\^1" in this shallow clone\. Fetch more: .*fetch-depth: 0/,
      );
    });

    it('in a clone that lacks the content of a source file', () => {
      const root = repository();
      const object = git(root, 'rev-parse', 'HEAD:src/a.ts').trim();
      rmSync(join(root, '.git/objects', object.slice(0, 2), object.slice(2)));
      expect(failure(root, 'HEAD')).toMatch(
        /^--since: found that the files of HEAD cannot be read \(the clone lacks src\/(?:a|b|db)\.ts\)/,
      );
    });

    it('on settings of the revision that are invalid', () => {
      const root = repository({ 'clickhouse-ssot.config.json': { factories: 3 } });
      writeFileSync(join(root, 'clickhouse-ssot.config.json'), JSON.stringify({ factories: ['src/db.ts'] }));
      const problem = failure(root, 'HEAD');
      expect(problem).toMatch(/^--since: the audit of HEAD could not run: .*clickhouse-ssot\.config\.json/);
      expect(problem).not.toContain('clickhouse-ssot-since-');
    });
  });
});
