import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifest } from './package-info.js';

/** The packages that decide about answers. Their versions can change without that of this package. */
const dependencies = ['ts-morph', '@ts-morph/common', 'oxc-resolver', 'picomatch'];

let known: string | undefined;

/**
 * Returns the identity of the program that gives answers: the versions of this package, of what it depends on and of Node.js, the platform,
 * and the names and sizes of the files of its build. The names hold hashes of their content.
 */
export function toolIdentity(): string {
  known ??= JSON.stringify([
    manifest.name,
    manifest.version,
    builtFiles(dirname(fileURLToPath(import.meta.url))),
    dependencies.map(versionOf),
    process.versions.node.split('.')[0],
    process.platform,
  ]);
  return known;
}

function builtFiles(folder: string): (readonly [name: string, size: number])[] {
  try {
    return readdirSync(folder).map((name) => [name, statSync(join(folder, name)).size] as const);
  } catch {
    return [];
  }
}

/** Returns the version of an installed package without loading it. */
function versionOf(name: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const folder of folders) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8'));
      if (typeof parsed === 'object' && parsed !== null && 'version' in parsed) return String(parsed.version);
    } catch {
      // It is in another folder.
    }
  }
  return '';
}
