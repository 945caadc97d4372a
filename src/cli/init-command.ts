import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { isatty } from 'node:tty';
import { createColors } from 'picocolors';
import { audit } from '../audit/audit.js';
import { init, type InitOptions } from '../init/init.js';
import { Cancelled, type Prompts } from '../init/prompts.js';
import { terminalPrompts } from '../init/terminal-prompts.js';
import type { CliContext } from './audit-command.js';
import { exitCodes } from './exit-codes.js';

/** The options of the command `init`, as the user typed them. */
export interface InitCommandOptions {
  /** Whether to write without questions. */
  readonly yes?: boolean;
  /** Whether to write the findings of today to a baseline. */
  readonly baseline?: boolean;
  /** What the audit does in CI: `check`, `report` or `none`. */
  readonly ci?: string;
  /** Whether to show the changes only, without questions. */
  readonly dryRun?: boolean;
}

/** The parts of the process that init uses. Tests replace them. */
export interface InitProcess {
  readonly audit: InitOptions['audit'];
  /** Whether standard input and output are terminals. */
  readonly isInteractive: boolean;
  readonly prompts: () => Promise<Prompts>;
}

const ciKinds = ['check', 'report', 'none'] as const;

const thisProcess = (): InitProcess => ({
  // The rules of the command `audit` by default.
  audit: (options) => audit({ ...options, selection: { preset: 'recommended', rules: [] } }),
  isInteractive: isatty(0) && isatty(1),
  prompts: terminalPrompts,
});

/** Runs init and returns the exit code: 0 written, nothing to change or declined; 2 it could not run or was cancelled. */
export async function runInit(
  dir: string,
  { yes = false, dryRun = false, baseline = false, ci }: InitCommandOptions,
  { color, write, writeError }: Pick<CliContext, 'color' | 'write' | 'writeError'>,
  { audit: runAudit, isInteractive, prompts }: InitProcess = thisProcess(),
): Promise<number> {
  const folder = resolve(dir);
  const fail = (problem: string): number => {
    writeError(`${problem}\n`);
    return exitCodes.error;
  };
  if (!isFolder(folder)) return fail(`${folder}: found no folder, expected a folder of a code base. Name an existing folder.`);
  if (!yes && !dryRun && !isInteractive)
    return fail(
      'init: found no terminal to ask questions on. Nothing was written. Use --yes to write without questions, or --dry-run to show the changes.',
    );
  const ciKind = ciKinds.find((kind) => kind === ci);
  if (ci !== undefined && ciKind === undefined)
    return fail(`--ci: found "${ci}", expected ${ciKinds.join(', ')}. Name one of these, or leave the option out.`);
  try {
    const asks = !yes && !dryRun;
    const outcome = await init({
      folder,
      baseline,
      ci: ciKind,
      dryRun,
      audit: runAudit,
      ...(asks ? { prompts: await prompts() } : {}),
      colors: createColors(color),
      write,
    });
    return outcome.kind === 'error' ? fail(outcome.problems.join('\n')) : exitCodes.clean;
  } catch (error) {
    if (error instanceof Cancelled) return fail('Cancelled. Nothing was written.');
    throw error;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
