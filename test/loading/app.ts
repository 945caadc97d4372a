import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repository } from '../places.js';

/** Packages that every service has installed. */
const installed = ['@clickhouse/client', '@clickhouse/client-web', '@opentelemetry/api', '@types/node', 'prom-client', 'undici-types'];

/**
 * Creates the folder of a service in which this package is installed as from its tarball, and returns its path. `chdb` is installed only if
 * it is asked for.
 * @param files texts by path
 */
export function serviceWith(files: Readonly<Record<string, string>>, packages: readonly string[] = []): string {
  const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-loading-'));
  const runtime = join(folder, 'node_modules/@clickhouse-ssot/runtime');
  cpSync(join(repository, 'runtime/dist'), join(runtime, 'dist'), { recursive: true });
  cpSync(join(repository, 'runtime/package.json'), join(runtime, 'package.json'));
  for (const name of [...installed, ...packages]) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
    symlinkSync(join(repository, 'node_modules', name), join(folder, 'node_modules', name), 'junction');
  }
  writeFiles(folder, { 'package.json': '{ "private": true }', ...files });
  return folder;
}

/** Writes texts by path into a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Names of the entry points, such as `@clickhouse-ssot/runtime/otel`. */
export function entryPoints(): string[] {
  const manifest: { readonly exports: Readonly<Record<string, unknown>> } = JSON.parse(
    readFileSync(join(repository, 'runtime/package.json'), 'utf8'),
  );
  return Object.keys(manifest.exports)
    .filter((path) => path !== './package.json')
    .map((path) => `@clickhouse-ssot/runtime${path.slice(1)}`);
}
