import { auditPaths } from '../../src/audit/audit-paths.js';
import type { CliContext } from '../../src/cli/audit-command.js';
import { run } from '../../src/cli/program.js';

/** The exit code of a command, and what it wrote. */
export interface CommandOutput<Status> {
  readonly status: Status;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in this process, without colours and with lines of any length. `context` replaces parts of its environment. */
export function runCommand(args: readonly string[], context: Partial<CliContext> = {}): CommandOutput<ReturnType<typeof run>> {
  const { status, output } = start(args, context);
  return { status, ...output };
}

/** Runs a command that is asynchronous, such as `explain`, to its end. */
export async function runAsyncCommand(args: readonly string[], context: Partial<CliContext> = {}): Promise<CommandOutput<number>> {
  const { status, output } = start(args, context);
  return { status: await status, ...output };
}

function start(args: readonly string[], context: Partial<CliContext>) {
  const output = { stdout: '', stderr: '' };
  const status = run(args, {
    audit: auditPaths,
    color: false,
    debug: false,
    isCi: false,
    pageFolder: new URL('file:///no-page/'),
    width: Infinity,
    write: (text) => (output.stdout += text),
    writeError: (text) => (output.stderr += text),
    ...context,
  });
  return { status, output };
}
