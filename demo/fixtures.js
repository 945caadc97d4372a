import { spawn } from 'node:child_process';
import { cp, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('..', import.meta.url));
const tsx = import.meta.resolve('tsx');

/**
 * Copies of the two code bases, each a repository of its own: what the acts do to them, nobody finds in a fixture.
 * @typedef {{ before: string, after: string }} Fixtures
 */

/** @param {(fixtures: Fixtures) => Promise<void>} play */
export async function playFixtures(play) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'clickhouse-ssot-demo-')));
  try {
    // One folder up is near enough to be resolved from, and too far to be linted.
    await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'), 'junction');
    await play({ before: await copyOf('incident-before', folder), after: await copyOf('incident-after', folder) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} name
 * @param {string} folder
 */
async function copyOf(name, folder) {
  const copy = join(folder, name);
  await cp(join(repository, 'fixtures', name), copy, { recursive: true });
  return copy;
}

/**
 * Runs a TypeScript program of a code base to its end.
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

/** The part of a program's output that is its own, without what the driver logs. @param {string} output */
export function report(output) {
  return output.slice(Math.max(0, output.indexOf('ClickHouse query failed')));
}

/** Without anything that would lead a fixture to a real server of whoever watches. */
export function environment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/CLICKHOUSE|^(?:NODE_ENV|APP_ENV|ENVIRONMENT|K_SERVICE)$/.test(name)),
  );
}
