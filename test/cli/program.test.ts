import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.js';
import type { CliContext } from '../../src/cli/audit-command.js';
import { codeBase } from '../project/code-base.js';

function runWith(audit: CliContext['audit'], ...args: string[]) {
  const said = { stdout: '', stderr: '' };
  const status = run(args, {
    audit,
    color: false,
    width: 80,
    write: (text) => (said.stdout += text),
    writeError: (text) => (said.stderr += text),
  });
  return { status, ...said };
}

describe('the command line', () => {
  it('says every problem that kept an audit from running', () => {
    const outcome = runWith(() => ({ kind: 'unusable', problems: ['first problem', 'second problem'] }), 'audit', codeBase({}));
    expect(outcome).toEqual({ status: 2, stdout: '', stderr: 'first problem\nsecond problem\n' });
  });

  it('shows the stack of a mistake of ours, and asks for a report', () => {
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

  const never = () => {
    throw new Error('nobody asked for an audit');
  };

  it.each([['--help'], ['audit', '--help'], ['--version']])('answers %s %s on the standard output, as a success', (...args) => {
    expect(runWith(never, ...args)).toMatchObject({ status: 0, stdout: expect.stringMatching(/\S/) as string, stderr: '' });
  });

  it('exits 2 where no command or a mistyped one is given, with what there is', () => {
    expect(runWith(never)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('audit') as string });
    expect(runWith(never, 'audti')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('Did you mean audit?') as string,
    });
  });
});
