import { posix } from 'node:path';
import { sourceCandidates } from './package-exports.js';
import { splitPackage } from './package-specifiers.js';
import type { ExtendedPackage } from './tsconfig-files.js';
import { parseManifest, type ProjectPackage, type Workspaces } from './workspace-packages.js';

/** Returns how `extends` of a tsconfig finds a package: among those of the project, else in `node_modules` from the folder upwards. */
export function extendedPackages(workspaces: Workspaces, readText: (file: string) => string | undefined): ExtendedPackage {
  return (folder, specifier) => {
    const [name, subpath] = splitPackage(specifier);
    const own = workspaces.packages.get(name);
    const packages = own ? [own] : foldersAbove(folder).map((above) => installed(posix.join(above, 'node_modules', name), readText));
    return packages.flatMap((found) => configsIn(found, subpath));
  };
}

function configsIn(found: ProjectPackage, subpath: string): string[] {
  const { folder, manifest } = found;
  const named = subpath === '' && typeof manifest.tsconfig === 'string' ? [posix.join(folder, manifest.tsconfig)] : [];
  const exported = sourceCandidates(found, subpath).filter((path) => path.endsWith('.json'));
  return [...named, ...exported, posix.join(folder, subpath)];
}

function installed(folder: string, readText: (file: string) => string | undefined): ProjectPackage {
  return { folder, manifest: parseManifest(readText(posix.join(folder, 'package.json'))) ?? {}, dependencies: new Map() };
}

function foldersAbove(folder: string): string[] {
  const parent = posix.dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)];
}
