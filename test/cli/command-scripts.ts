import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../places.js';

const program = `exec "${process.execPath}" "${join(repository, 'dist/src/cli/main.js')}" "$@"\n`;

/**
 * Writes the commands `clickhouse-ssot` and `npx`, which run this build, to a folder for `PATH`.
 * In a clean clone, npm links no program that is not yet built.
 */
export function writeCommandScripts(folder: string): void {
  const npx = `test "$1" = --no-install && shift\ntest "$1" = clickhouse-ssot || exit 64\nshift\n${program}`;
  writeFileSync(join(folder, 'clickhouse-ssot'), `#!/bin/sh\n${program}`, { mode: 0o755 });
  writeFileSync(join(folder, 'npx'), `#!/bin/sh\n${npx}`, { mode: 0o755 });
}
