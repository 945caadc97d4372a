import { spawnSync, type SpawnSyncOptionsWithStringEncoding } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../places.js';
import { writeFiles } from '../loading/app.js';

const shell = process.platform === 'win32';

/** Runs a command. Returns its output. @throws Error with the output if it fails */
export function run(folder: string, command: string, ...options: string[]): string {
  const settings: SpawnSyncOptionsWithStringEncoding = {
    cwd: folder,
    encoding: 'utf8',
    shell,
    env: { ...process.env, NODE_ENV: undefined, VITEST: undefined, NEXT_TELEMETRY_DISABLED: '1' },
  };
  const { status, stdout, stderr } = spawnSync(command, options, settings);
  if (status !== 0) throw new Error(`${command} ${options.join(' ')}: found the exit code ${status}, expected 0.\n${stdout}\n${stderr}`);
  return stdout + stderr;
}

/** Creates a service and installs the tarball of this package and other packages from the registry. Returns its folder. */
export function installedService(files: Readonly<Record<string, string>>, packages: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-matrix-'));
  writeFiles(folder, { 'package.json': '{ "private": true }', ...files });
  run(join(repository, 'runtime'), 'npm', 'pack', '--ignore-scripts', '--pack-destination', folder);
  const tarballs = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  install(folder, [...tarballs.map((file) => `./${file}`), '@clickhouse/client', '@opentelemetry/api@1', ...packages]);
  return folder;
}

/** Installs further packages from the registry. */
export function install(folder: string, packages: readonly string[]): void {
  run(folder, 'npm', 'install', '--no-audit', '--no-fund', '--omit=peer', ...packages);
}
