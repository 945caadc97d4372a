import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import type { Project } from '../project/project.js';
import { installCommandIn } from './runtime/next-steps.js';
import type { AddedError } from './types/check-types.js';

/** A package that a file imports and that the project declares, but that is not installed. */
export interface MissingPackage {
  readonly name: string;
  /** The absolute path of the file that imports it. */
  readonly file: string;
}

/** Returns the package that a type error is about, if the error would go away once the dependencies are installed. */
export function missingPackageOf({ file, missingModule }: AddedError, project: Project): MissingPackage | undefined {
  const name = /^(?:@[^/]+\/)?[^./@][^/]*/.exec(missingModule ?? '')?.[0];
  return name !== undefined && project.dependsOn(name) && !isInstalled(name, file) ? { name, file } : undefined;
}

/** With Plug'n'Play there is no `node_modules`, and the compiler finds no package. An installation would not change that. */
function isInstalled(name: string, file: string): boolean {
  for (let folder = posix.dirname(file); ; folder = posix.dirname(folder)) {
    if (existsSync(posix.join(folder, 'node_modules', name)) || existsSync(posix.join(folder, '.pnp.cjs'))) return true;
    if (posix.dirname(folder) === folder) return false;
  }
}

/** Returns the commands that install the packages, each in the folder of the lockfile above the file, else in that of its package. */
export async function installCommands(missing: readonly MissingPackage[], project: Project): Promise<readonly string[]> {
  const { LOCKS } = await import('package-manager-detector/constants');
  const folders = new Set(missing.map(({ file }) => installFolder(file, project, Object.keys(LOCKS))));
  return Promise.all([...folders].sort().map((folder) => installCommandIn(folder, [], project.root)));
}

function installFolder(file: string, project: Project, lockfiles: readonly string[]): string {
  const own = project.packageAt(file)?.folder ?? project.root;
  for (let folder = own; folder.startsWith(project.root); folder = posix.dirname(folder)) {
    if (lockfiles.some((name) => existsSync(posix.join(folder, name)))) return folder;
    if (folder === project.root) break;
  }
  return own;
}
