#!/usr/bin/env node
import { Command } from 'commander';
import pc from 'picocolors';
import { audit } from '../audit.js';
import { meta } from '../plugin.js';
import { exitCodes, runAudit } from './audit-command.js';

const program = new Command('clickhouse-ssot').description('Proves that a code base has one way to reach ClickHouse.').version(meta.version).exitOverride();

program
  .command('audit')
  .description('Judge a whole code base by every rule, with no linter. Exit code 0: clean, 1: findings, 2: could not run.')
  .argument('[dir]', 'the root of the code base', '.')
  .option('--format <name>', 'text or json', 'text')
  .option('--output <file>', 'write the report to a file instead of the standard output')
  .action((dir: string, options: { format: string; output?: string }) => {
    process.exitCode = runAudit(dir, options, {
      audit,
      color: pc.isColorSupported && process.stdout.isTTY,
      write: (text) => void process.stdout.write(text),
      complain: (text) => void process.stderr.write(text),
    });
  });

try {
  program.parse();
} catch (error) {
  // Commander has said what was wrong, or printed the help or version that was asked for.
  const code = error instanceof Error && 'exitCode' in error ? error.exitCode : undefined;
  if (code === undefined) console.error(error, '\nThis is a bug in clickhouse-ssot: please report it with the lines above.');
  process.exitCode = code === 0 ? exitCodes.clean : exitCodes.unusable;
}
