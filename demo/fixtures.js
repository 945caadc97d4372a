import { spawn } from 'node:child_process';
import { cp, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('..', import.meta.url));
const tsx = import.meta.resolve('tsx');

/**
 * Copies of the two code bases. The acts change the copies and never the fixtures.
 * @typedef {{ before: string, after: string }} Fixtures
 */

/** Copies the code bases to a temporary folder, runs `play`, and removes the folder. @param {(fixtures: Fixtures) => Promise<void>} play */
export async function playFixtures(play) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'clickhouse-ssot-demo-')));
  try {
    // The linters resolve packages in the parent folder, and do not lint them.
    await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'), 'junction');
    await play({ before: await copyOf('incident-before', folder), after: await copyOf('incident-after', folder) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Copies a fixture. Returns the path of the copy.
 * @param {string} name
 * @param {string} folder
 */
async function copyOf(name, folder) {
  const copy = join(folder, name);
  await cp(join(repository, 'fixtures', name), copy, { recursive: true });
  return copy;
}

/**
 * Runs a TypeScript program of a code base and returns its exit code and output.
 * @param {string} folder
 * @param {string} program path within the folder
 * @param {Record<string, string>} [variables]
 * @returns {Promise<{ exitCode: number | null, output: string }>}
 */
export function run(folder, program, variables = {}) {
  const child = spawn(process.execPath, ['--import', tsx, program], {
    cwd: folder,
    env: { ...environment(), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, output }));
  });
}

/** Returns the program's own output, without the driver's log. @param {string} output */
export function report(output) {
  return output.slice(Math.max(0, output.indexOf('ClickHouse query failed')));
}

/** Returns the environment of this process without variables that would connect a fixture to a server of the user. */
export function environment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/CLICKHOUSE|^(?:NODE_ENV|APP_ENV|ENVIRONMENT|K_SERVICE)$/.test(name)),
  );
}
