import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MigrateCommandOptions, runMigrate } from '../../src/cli/migrate-command.js';

/** Runs `migrate` as the command line does. */
export async function migrate(root: string, options: MigrateCommandOptions = {}) {
  const output = { stdout: '', stderr: '' };
  const status = await runMigrate(root, options, {
    color: false,
    write: (text) => (output.stdout += text),
    writeError: (text) => (output.stderr += text),
  });
  return { status, ...output };
}

/** The text of a file of a code base. */
export function textOf(root: string, file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
