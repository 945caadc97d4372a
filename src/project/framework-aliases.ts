import { posix } from 'node:path';
import type { ProjectPackage } from './workspace-packages.js';

/** The aliases that a framework declares in a generated tsconfig, which is not part of the repository: prefix, and folders of the package. */
const aliasesByDependency: Readonly<Record<string, readonly (readonly [prefix: string, folders: readonly string[]])[]>> = {
  '@sveltejs/kit': [['$lib', ['src/lib']]],
  nuxt: [
    ['~~', ['.']],
    ['@@', ['.']],
    ['~', ['app', 'src', '.']],
    ['@', ['app', 'src', '.']],
  ],
};

/** Returns candidate paths of a specifier that starts with an alias of the package's framework; they are absolute and need not exist. */
export function frameworkCandidates(owner: ProjectPackage | undefined, specifier: string): string[] {
  if (!owner || !/^[$~@]/.test(specifier)) return [];
  return Object.entries(aliasesByDependency)
    .filter(([dependency]) => owner.dependencies.has(dependency))
    .flatMap(([, aliases]) => aliases)
    .filter(([prefix]) => specifier === prefix || specifier.startsWith(`${prefix}/`))
    .flatMap(([prefix, folders]) => folders.map((folder) => posix.join(owner.folder, folder, specifier.slice(prefix.length))));
}
