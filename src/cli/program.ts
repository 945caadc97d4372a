import { Command, CommanderError } from 'commander';
import { meta } from '../plugin.js';
import { type AuditOptions, runAudit, type CliContext } from './audit-command.js';
import { exitCodes } from './exit-codes.js';

/** Runs the command line and gives its exit code. What a user did wrong is said in one message; only a mistake of ours comes with its stack. */
export function run(args: readonly string[], context: CliContext): number {
  let exitCode = exitCodes.clean;
  const program = new Command('clickhouse-ssot')
    .description('Proves that a code base has one way to reach ClickHouse.')
    .version(meta.version)
    .exitOverride()
    .configureOutput({ writeOut: context.write, writeErr: context.writeError });
  program
    .command('audit')
    .description('Judge a whole code base by every rule, with no linter. Exit code 0: clean, 1: findings, 2: could not run.')
    .argument('[dir]', 'the root of the code base', '.')
    .option('--format <name>', 'text or json', 'text')
    .option('--output <file>', 'write the report to a file instead of the standard output')
    .action((dir: string, options: AuditOptions) => {
      exitCode = runAudit(dir, options, context);
    });
  try {
    program.parse(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has said what was wrong, or printed the help or version that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.unusable;
    context.writeError(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nThis is a bug in clickhouse-ssot: please report it with the lines above.\n`,
    );
    return exitCodes.unusable;
  }
}
