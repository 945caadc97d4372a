import { Command, CommanderError } from 'commander';
import { baselineFileName } from '../audit/baseline/apply-baseline.js';
import { manifest } from '../engine/package-info.js';
import { runAudit, type CliContext } from './audit-command.js';
import type { AuditOptions } from './audit-options.js';
import { exitCodes } from './exit-codes.js';
import type { ExplainOptions } from './explain-command.js';
import { formatNames, type Formats, loadFormats } from './formats.js';
import { type InitCommandOptions, runInit } from './init-command.js';
import type { WatchOptions } from './watch-command.js';
import { type MigrateCommandOptions, runMigrate } from './migrate-command.js';

/**
 * Runs the command line and returns its exit code; a promise of it if the command asks questions. An error of the user prints one message;
 * only a bug prints a stack.
 */
export function run(args: readonly string[], context: CliContext): number | Promise<number> {
  const outcome: { exitCode: number | Promise<number> } = { exitCode: exitCodes.clean };
  const reportBug = (error: unknown): number => {
    context.writeError(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nThis is a bug in clickhouse-ssot: please report it with the lines above.\n`,
    );
    return exitCodes.error;
  };
  const addName = (name: string, names: readonly string[] | undefined) => [...(names ?? []), name];
  const program = new Command('clickhouse-ssot')
    .description('Checks that a code base reaches ClickHouse in one way.')
    .version(manifest.version, '-v, --version', 'print the version')
    .exitOverride()
    .configureOutput({ writeOut: context.write, writeErr: context.writeError });
  program
    .command('audit')
    .description('Run the rules on whole code bases, without a linter. Exit codes: 0 no findings, 1 findings, 2 the audit could not run.')
    .argument('[paths...]', 'files and folders; the report shows what is in them (default: the working folder)')
    .option(
      '--format <name[=file]>',
      `${formatNames.join(', ')}; may be repeated, each but one with a file, as in sarif=ssot.sarif (default: text)`,
      addName,
    )
    .option('--output <file>', 'write the report without a file to this one instead of standard output')
    .option('--baseline [file]', `compare with known findings; without a name, ${baselineFileName} in the root of the project`)
    .option('--update-baseline', 'write the findings to the baseline: all of them are known then')
    .option('--prune-baseline', 'remove from the baseline what no longer exists, and add nothing')
    .option('--since <revision>', 'report what is new since a revision of git: findings that it has already are known')
    .option('--config <file>', 'the settings file; its folder is the root of the paths inside it (default: found as by a linter)')
    .option('--preset <name>', 'the rules to run: recommended or strict', 'recommended')
    .option('--rule <name>', 'run only this rule; may be repeated', addName)
    .option('--strict-settings', 'exit with 1 if a setting has no effect')
    .option('--quiet', 'print findings only, and nothing if there is none')
    .option('--verbose', 'print all client constructions, the code that creates or exports clients, accessors and managers as well')
    .option('--no-cache', 'neither use nor keep results of earlier runs')
    .option('--cache-location <dir>', 'the folder of these results (default: node_modules/.cache/clickhouse-ssot)')
    .option('--debug', 'print to standard error why each file is analysed and how long each step takes; the same as DEBUG=clickhouse-ssot')
    .action((paths: string[], options: Omit<AuditOptions, 'format'> & Partial<Pick<AuditOptions, 'format'>>) => {
      const format = options.format ?? ['text'];
      const formats = loadFormats(format);
      const audit = (loaded: Formats): number => runAudit(paths, { ...options, format }, context, loaded);
      outcome.exitCode = formats instanceof Promise ? formats.then(audit).catch(reportBug) : audit(formats);
    });
  program
    .command('init')
    .description(
      'Set up a code base: settings, linter, script and CI. Shows the changes first. Exit codes: 0 done, 2 init could not run or was cancelled.',
    )
    .argument('[dir]', 'a folder of the code base', '.')
    .option('--yes', 'write without questions')
    .option('--baseline', 'write the findings of today to a baseline instead of exceptions')
    .option(
      '--ci <kind>',
      'what the audit does in CI: check (annotations), report (also a comment, code scanning and the HTML report) or none (default: what fits)',
    )
    .option('--dry-run', 'show the changes without questions, and write nothing')
    .action((dir: string, options: InitCommandOptions) => {
      outcome.exitCode = runInit(dir, options, context).catch(reportBug);
    });
  program
    .command('explain')
    .description(
      'Say why a finding is one, what a file was taken for, or what a rule demands. Exit codes: 0 explained, 2 unknown name or the audit could not run.',
    )
    .argument('<target>', 'a rule, a file, or a line of a file as in src/db.ts:12')
    .option('--format <name>', 'text or json', 'text')
    .option('--config <file>', 'the settings file; its folder is the root of the paths inside it (default: found as by a linter)')
    .option('--no-cache', 'neither use nor keep results of earlier runs')
    .option('--cache-location <dir>', 'the folder of these results (default: node_modules/.cache/clickhouse-ssot)')
    .option('--debug', 'print to standard error why each file is analysed and how long each step takes')
    .action((target: string, options: ExplainOptions) => {
      outcome.exitCode = import('./explain-command.js').then(({ runExplain }) => runExplain(target, options, context)).catch(reportBug);
    });
  program
    .command('watch')
    .description(
      'Audit, stay, and say after each edit which findings are new and which are gone. Exit codes: 0 ended with Ctrl-C, 130 ended with Ctrl-C during an audit, 2 the watch could not start.',
    )
    .argument('[paths...]', 'files and folders; findings in them are printed (default: the working folder)')
    .option('--config <file>', 'the settings file; its folder is the root of the paths inside it (default: found as by a linter)')
    .option('--preset <name>', 'the rules to run: recommended or strict', 'recommended')
    .option('--rule <name>', 'run only this rule; may be repeated', addName)
    .option('--debug', 'print to standard error why each file is analysed and how long each step takes')
    .action((paths: string[], options: WatchOptions) => {
      outcome.exitCode = import('./watch-command.js').then(({ runWatch }) => runWatch(paths, options, context)).catch(reportBug);
    });
  program
    .command('migrate')
    .description(
      'Move client constructions into one factory, or to the runtime. Shows the changes only, unless --write is given. Exit codes: 0 nothing is left, 1 something is left, 2 migrate could not run.',
    )
    .argument('[dir]', 'a folder of the code base', '.')
    .option('--to <target>', 'where the clients come from afterwards: factory, or runtime for @clickhouse-ssot/runtime', 'factory')
    .option(
      '--factory <file>',
      'the factory module, relative to the root of the project; it is created if it does not exist (default: chosen)',
    )
    .option('--write', 'write the changes')
    .option('--force', 'change files with uncommitted changes as well')
    .option('--preset <name>', 'recommended, or strict to move the clients of tests as well', 'recommended')
    .action((dir: string, options: MigrateCommandOptions) => {
      outcome.exitCode = runMigrate(dir, options, context).catch(reportBug);
    });
  try {
    program.parse(args, { from: 'user' });
    return outcome.exitCode;
  } catch (error) {
    // Commander has already printed the error, the help or the version.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.error;
    return reportBug(error);
  }
}
