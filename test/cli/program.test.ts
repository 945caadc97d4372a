import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { auditPaths, type AuditPathsOptions } from '../../src/audit/audit-paths.js';
import type { CliContext } from '../../src/cli/audit-command.js';
import { codeBase } from '../project/code-base.js';
import { runCommand } from './run-command.js';

function runWith(audit: CliContext['audit'], ...args: string[]) {
  return runIn({ audit }, ...args);
}

const runIn = (context: Partial<CliContext>, ...args: string[]) => runCommand(args, { width: 80, ...context });

describe('the command line', () => {
  it('prints every problem that prevents an audit', () => {
    const outcome = runWith(() => ({ kind: 'error', problems: ['first problem', 'second problem'] }), 'audit', codeBase({}));
    expect(outcome).toEqual({ status: 2, stdout: '', stderr: 'first problem\nsecond problem\n' });
  });

  it('prints the stack of a bug, and asks for a report', () => {
    const { status, stdout, stderr } = runWith(
      () => {
        throw new RangeError('lost count');
      },
      'audit',
      codeBase({}),
    );
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/RangeError: lost count\n +at /);
    expect(stderr).toContain('please report it');
  });

  const unexpectedAudit = () => {
    throw new Error('unexpected audit');
  };

  it.each([['--help'], ['audit', '--help'], ['--version'], ['-v']])('answers %s %s on standard output with exit code 0', (...args) => {
    expect(runWith(unexpectedAudit, ...args)).toMatchObject({ status: 0, stdout: expect.stringMatching(/\S/) as string, stderr: '' });
  });

  it('exits 2 without a command or with a mistyped one, and names the commands', () => {
    expect(runWith(unexpectedAudit)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('audit') as string });
    expect(runWith(unexpectedAudit, 'audti')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('Did you mean audit?') as string,
    });
  });

  const folder = codeBase({ 'a.ts': '', 'settings.json': '{}' });
  const file = join(folder, 'a.ts');

  /** Runs the command line with an audit that finds nothing, and returns what the audit was asked for. */
  function requestOf(...args: string[]) {
    const requests: AuditPathsOptions[] = [];
    const outcome = runWith(
      (options) => {
        requests.push(options);
        return { kind: 'error', problems: ['seen'] };
      },
      ...args,
    );
    return { requests, ...outcome };
  }

  it('audits all files and folders that are named', () => {
    expect(requestOf('audit', folder, file).requests).toMatchObject([{ paths: [folder, file] }]);
  });

  it('audits the folder of the settings file if only that is named', () => {
    const config = join(folder, 'settings.json');
    expect(requestOf('audit', '--config', config).requests).toMatchObject([{ paths: [folder], settingsFile: config }]);
  });

  it('runs the preset recommended by default, as linters do', () => {
    expect(requestOf('audit', folder).requests).toMatchObject([{ selection: { preset: 'recommended', rules: [] } }]);
  });

  it('runs the rules of --rule, with or without the prefix of the plugin', () => {
    const args = ['--rule', 'no-nested-acquire', '--rule', 'clickhouse-ssot/no-direct-client'];
    expect(requestOf('audit', folder, ...args).requests).toMatchObject([
      { selection: { preset: 'recommended', rules: ['no-nested-acquire', 'no-direct-client'] } },
    ]);
  });

  it.each([
    [
      'a rule that does not exist',
      ['--rule', 'no-direct-clients'],
      '--rule: found "no-direct-clients", expected ',
      'Did you mean "no-direct-client"?',
    ],
    [
      'a preset that does not exist',
      ['--preset', 'strikt'],
      '--preset: found "strikt", expected recommended or strict.',
      'Did you mean "strict"?',
    ],
    [
      'a format that does not exist',
      ['--format', 'jsn'],
      '--format: found "jsn", expected text, json, markdown, github, junit, sarif or html.',
      'Did you mean "json"?',
    ],
    [
      'a format that does not exist, with a file',
      ['--format', 'text', '--format', 'jsn=a.json'],
      '--format: found "jsn", expected',
      'Did you mean "json"?',
    ],
    ['a format with an empty file', ['--format', 'json='], '--format: found "json=" without a file', 'as in --format json=report.json.'],
    [
      'two formats without a file',
      ['--format', 'text', '--format', 'sarif'],
      '--format: found text, sarif without files, expected at most one.',
      'as in --format sarif=report.sarif.',
    ],
    [
      'two reports for one file',
      ['--format', 'text=a.txt', '--format', 'json=./a.txt'],
      '--format: found two reports for the file',
      'Name another file.',
    ],
    [
      'a file that --format and --output name',
      ['--format', 'text', '--format', 'json=a.txt', '--output', 'a.txt'],
      '--format: found two reports for the file',
      'Name another file.',
    ],
    [
      '--output beside formats that all have files',
      ['--format', 'json=a.json', '--output', 'a.txt'],
      '--output: found a.txt, but each --format names its file.',
      'Leave --output out',
    ],
    [
      'a settings file that does not exist',
      ['--config', '/no/such.json'],
      '--config: found no file /no/such.json',
      'Name an existing file.',
    ],
    ['a folder as settings file', ['--config', folder], '--config: found no file', 'Name an existing file.'],
    ['a path that does not exist', ['/no/such'], '/no/such: found no file or folder', 'Name an existing file or folder.'],
    ['an empty path, as of an unset variable', [''], 'audit: found an empty path', 'leave the path out'],
    ['both --quiet and --verbose', ['--quiet', '--verbose'], '--quiet: found together with --verbose', 'Leave one out.'],
    ['an option that does not exist', ['--quite'], "error: unknown option '--quite'", '(Did you mean --quiet?)'],
    ['an option without its value', ['--rule'], "error: option '--rule <name>' argument missing", ''],
  ])('exits 2 on %s, with one clear sentence', (_, args, found, advice) => {
    const { status, stdout, stderr, requests } = requestOf('audit', ...args);
    expect({ status, stdout, requests }).toEqual({ status: 2, stdout: '', requests: [] });
    expect(stderr).toContain(found);
    expect(stderr).toContain(advice);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });

  describe('with several formats', () => {
    const root = codeBase({ 'a.ts': '' });
    const json = join(root, 'report.json');
    const sarif = join(root, 'report=1.sarif');
    const audit = (...args: string[]) => runIn({ audit: auditPaths, color: true }, 'audit', root, ...args);

    it('writes each to its file, and the one without a file to standard output', () => {
      const { status, stdout } = audit('--format', `json=${json}`, '--format', 'text', '--format', `sarif=${sarif}`);
      expect({ status, stdout }).toEqual({ status: 0, stdout: audit().stdout });
      expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ schemaVersion: 1 });
      expect(JSON.parse(readFileSync(sarif, 'utf8'))).toMatchObject({ version: '2.1.0' });
    });

    it('prints nothing if each has a file', () => {
      expect(audit('--format', `json=${json}`)).toEqual({ status: 0, stdout: '', stderr: '' });
    });

    it('writes the one without a file to the file of --output, without colours', () => {
      const output = join(root, 'report.txt');
      expect(audit('--format', `json=${json}`, '--format', 'text', '--output', output)).toMatchObject({ status: 0, stdout: '' });
      expect(readFileSync(output, 'utf8')).toMatch(/^No findings\./);
    });

    it('writes the others if one file cannot be written, and exits 2', () => {
      rmSync(json, { force: true });
      const { status, stderr } = audit('--format', 'sarif=/no/such/folder/a.sarif', '--format', `json=${json}`);
      expect(status).toBe(2);
      expect(stderr).toContain('--format: found that /no/such/folder/a.sarif cannot be written');
      expect(existsSync(json)).toBe(true);
    });
  });

  describe('with stale settings', () => {
    const root = codeBase({ 'a.ts': '', 'clickhouse-ssot.config.json': { managers: ['gone.ts'] } });
    const audit = (...args: string[]) => runWith(auditPaths, 'audit', root, ...args);

    it('exits 0 and tells them', () => {
      expect(audit()).toMatchObject({
        status: 0,
        stdout: expect.stringContaining('"managers[0]": "gone.ts" matches no source file') as string,
      });
    });

    it('exits 1 with --strict-settings, and says why even with --quiet', () => {
      expect(audit('--strict-settings').status).toBe(1);
      expect(audit('--strict-settings', '--quiet')).toMatchObject({
        status: 1,
        stdout: expect.stringMatching(/^Settings without effect\n.*"gone\.ts"/) as string,
      });
    });

    it('prints nothing with --quiet', () => {
      expect(audit('--quiet')).toEqual({ status: 0, stdout: '', stderr: '' });
    });
  });

  describe('shows progress', () => {
    const started = (...args: string[]) => {
      const calls: string[] = [];
      runIn(
        {
          audit: ({ reportPhase }) => {
            reportPhase?.('reading', folder);
            throw new RangeError('interrupted');
          },
          startProgress: () => ({ report: (phase) => calls.push(phase), stop: () => calls.push('stop') }),
        },
        'audit',
        folder,
        ...args,
      );
      return calls;
    };

    it('until the audit ends, in whatever way', () => {
      expect(started()).toEqual(['reading', 'stop']);
    });

    it.each(['--quiet', '--debug'])('but not with %s', (option) => {
      expect(started(option)).toEqual([]);
    });
  });
});
