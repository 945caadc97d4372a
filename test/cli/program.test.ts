import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.js';
import type { CliContext } from '../../src/cli/audit-command.js';
import { codeBase } from '../project/code-base.js';

function runWith(audit: CliContext['audit'], ...args: string[]) {
  const output = { stdout: '', stderr: '' };
  const status = run(args, {
    audit,
    color: false,
    debug: false,
    width: 80,
    write: (text) => (output.stdout += text),
    writeError: (text) => (output.stderr += text),
  });
  return { status, ...output };
}

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

  it.each([['--help'], ['audit', '--help'], ['--version']])('answers %s %s on standard output with exit code 0', (...args) => {
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
});
