import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createColors } from 'picocolors';
import { migrate } from '../migrate/migrate.js';
import type { CliContext } from './audit-command.js';
import { exitCodes } from './exit-codes.js';

/** The options of the command `migrate`, as the user typed them. */
export interface MigrateCommandOptions {
  /** Where the clients come from afterwards: `factory`, or `runtime`. */
  readonly to?: string;
  /** The factory module, relative to the root of the project. */
  readonly factory?: string;
  /** Whether to write the edits. */
  readonly write?: boolean;
  /** Whether to edit files with uncommitted changes. */
  readonly force?: boolean;
  /** The preset whose findings are migrated: `recommended`, or `strict` with the tests. */
  readonly preset?: string;
}

/** Runs migrate and returns the exit code: 0 nothing is left, 1 constructions are left, 2 it could not run. */
export async function runMigrate(
  dir: string,
  { to = 'factory', factory, write: isWriting = false, force = false, preset = 'recommended' }: MigrateCommandOptions,
  { color, write, writeError }: Pick<CliContext, 'color' | 'write' | 'writeError'>,
): Promise<number> {
  const fail = (problem: string): number => {
    writeError(`${problem}\n`);
    return exitCodes.error;
  };
  const folder = resolve(dir);
  if (!isFolder(folder)) return fail(`${folder}: found no folder, expected a folder of a code base. Name an existing folder.`);
  if (preset !== 'recommended' && preset !== 'strict')
    return fail(`--preset: found ${JSON.stringify(preset)}, expected recommended or strict. Name one of them.`);
  if (to !== 'factory' && to !== 'runtime')
    return fail(`--to: found ${JSON.stringify(to)}, expected factory or runtime. Name one of them.`);
  if (to === 'runtime' && factory !== undefined)
    return fail('--factory: found with --to runtime, which has no factory module. Remove one of the two options.');
  const words = [
    'npx clickhouse-ssot migrate',
    ...(dir === '.' ? [] : [dir]),
    ...(to === 'runtime' ? ['--to runtime'] : []),
    ...(preset === 'strict' ? ['--preset strict'] : []),
  ];
  const outcome = await migrate({
    folder,
    target: to,
    factory,
    isWriting,
    isForced: force,
    includesTests: preset === 'strict',
    colors: createColors(color),
    write,
    command: [...words, ...(factory === undefined ? [] : [`--factory ${factory}`])].join(' '),
  });
  if (outcome.kind === 'error') return fail(outcome.problems.join('\n'));
  return outcome.left === 0 ? exitCodes.clean : exitCodes.findings;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
