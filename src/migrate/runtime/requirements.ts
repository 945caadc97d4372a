import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { posix } from 'node:path';
import type * as Semver from 'semver';
import type { Project } from '../../project/project.js';
import type { ProjectPackage } from '../../project/workspace-packages.js';
import { installCommandIn } from './next-steps.js';

const clientPackage = '@clickhouse/client';

/** The peer dependency and the `engines` of the runtime. A test compares them with those of its package. */
export const runtimeRequirements = { client: '>=1.23.0', node: '^20.19 || ^22.13 || >=24' } as const;

const load: (id: 'semver') => typeof Semver = createRequire(import.meta.url);

/** Returns a line for each version in the packages of some files that the runtime does not support: found, wanted, and what to do. */
export async function requiredUpdates(files: readonly string[], project: Project): Promise<string[]> {
  const owners = new Set(files.flatMap((file) => project.packageAt(file) ?? []));
  const lines: string[] = [];
  for (const owner of owners) {
    const found = unfitClient(owner, project.root);
    if (found !== undefined) {
      const command = await installCommandIn(owner.folder, [`${clientPackage}@latest`], project.root);
      lines.push(`Update ${clientPackage}: found ${found}, the runtime needs ${runtimeRequirements.client}. Run: ${command}`);
    }
  }
  const engines = new Map([...owners].flatMap((owner) => unfitEngines(owner, project)));
  for (const [file, range] of engines)
    lines.push(
      `Update Node.js: found ${range} in \`engines\` of ${file}, the runtime needs ${runtimeRequirements.node}. Run one of these versions, and write it there.`,
    );
  return lines;
}

/** The installed version, or else the declared range, if the runtime does not support it. */
function unfitClient({ folder, dependencies }: ProjectPackage, root: string): string | undefined {
  const { satisfies, validRange, intersects } = load('semver');
  const installed = installedVersion(folder, root);
  if (installed !== undefined) return satisfies(installed, runtimeRequirements.client, { includePrerelease: true }) ? undefined : installed;
  const ranges = dependencies.get(clientPackage) ?? [];
  return ranges.find((range) => validRange(range) !== null && !intersects(range, runtimeRequirements.client));
}

/** The version in the nearest `node_modules`, up to the root of the project. */
function installedVersion(start: string, root: string): string | undefined {
  for (let folder = start; folder.startsWith(root); folder = posix.dirname(folder)) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(posix.join(folder, 'node_modules', clientPackage, 'package.json'), 'utf8'));
      if (manifest && typeof manifest === 'object' && 'version' in manifest && typeof manifest.version === 'string')
        return manifest.version;
    } catch {
      // Not installed in this folder.
    }
    if (folder === root || posix.dirname(folder) === folder) break;
  }
  return undefined;
}

/** The `engines` of the package or of the root, by path, if their oldest version of Node.js is not supported. */
function unfitEngines(owner: ProjectPackage, project: Project): [file: string, range: string][] {
  const { minVersion, satisfies, validRange } = load('semver');
  const root = project.allPackages.find(({ folder }) => folder === project.root);
  for (const { folder, manifest } of [owner, ...(root ? [root] : [])]) {
    const { engines } = manifest;
    const range = engines && typeof engines === 'object' && 'node' in engines ? engines.node : undefined;
    if (typeof range !== 'string') continue;
    const oldest = validRange(range) === null ? null : minVersion(range);
    const isFit = oldest === null || satisfies(oldest, runtimeRequirements.node);
    return isFit ? [] : [[posix.join(posix.relative(project.root, folder), 'package.json'), range]];
  }
  return [];
}
