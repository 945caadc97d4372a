import { posix } from 'node:path';
import type { ProjectPackage } from './workspace-packages.js';

type FolderAlias = readonly [prefix: string, folders: readonly string[]];

/** The aliases that a framework declares in a generated tsconfig, which is not part of the repository: prefix, and folders of the package. */
const aliasesByDependency: Readonly<Record<string, readonly FolderAlias[]>> = {
  nuxt: [
    ['~~', ['.']],
    ['@@', ['.']],
    ['~', ['app', 'src', '.', 'client']],
    ['@', ['app', 'src', '.', 'client']],
    ['#shared', ['shared']],
  ],
};

/** SvelteKit's alias, which no other tool uses: it counts in packages without the dependency as well, such as libraries of components. */
const svelteLibrary: FolderAlias = ['$lib', ['src/lib']];

/** Returns candidate paths of a specifier that starts with an alias of the package's framework; they are absolute and need not exist. */
export function frameworkCandidates(owner: ProjectPackage | undefined, specifier: string): string[] {
  if (!owner || !/^[$~@#]/.test(specifier)) return [];
  const declared = Object.entries(aliasesByDependency).filter(([dependency]) => owner.dependencies.has(dependency));
  return [...declared.flatMap(([, aliases]) => aliases), svelteLibrary]
    .filter(([prefix]) => specifier === prefix || specifier.startsWith(`${prefix}/`))
    .flatMap(([prefix, folders]) => folders.map((folder) => posix.join(owner.folder, folder, specifier.slice(prefix.length))));
}
