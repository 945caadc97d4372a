import { posix } from 'node:path';
import { splitPackage } from './tsconfig-paths.js';

/** A `package.json` of this project, with or without a name. */
export interface ProjectPackage {
  /** Absolute path of the folder that contains the file. */
  readonly folder: string;
  readonly manifest: PackageManifest;
}

/** A package with a name whose source is in this project. */
export interface WorkspacePackage extends ProjectPackage {
  readonly name: string;
}

/** The fields of a `package.json` that are read. Their values are unchecked, except the name. */
export interface PackageManifest {
  readonly name?: string;
  readonly version?: unknown;
  readonly main?: unknown;
  readonly module?: unknown;
  readonly types?: unknown;
  readonly exports?: unknown;
  readonly imports?: unknown;
  readonly bin?: unknown;
  readonly scripts?: unknown;
  readonly workspaces?: unknown;
  readonly dependencies?: unknown;
  readonly devDependencies?: unknown;
  readonly peerDependencies?: unknown;
  readonly optionalDependencies?: unknown;
}

/** The packages and dependencies of all `package.json` files of a project. */
export interface Workspaces {
  /** Every `package.json` that is a valid JSON object, in the order of the paths. */
  readonly all: readonly ProjectPackage[];
  /** Packages by name; npm, pnpm and yarn link them by it. */
  readonly packages: ReadonlyMap<string, WorkspacePackage>;
  /** Names of all dependencies in these files, of any kind. */
  readonly dependencies: ReadonlySet<string>;
  /** Returns the package of the nearest `package.json` in the folder of the file or above it; undefined if there is none. */
  readonly packageAt: (file: string) => ProjectPackage | undefined;
}

/** Reads the `package.json` files among the manifests. A file that is not valid JSON is ignored. */
export function readWorkspaces(manifests: Iterable<string>, readText: (file: string) => string | undefined): Workspaces {
  const byFolder = new Map<string, ProjectPackage>();
  const packages = new Map<string, WorkspacePackage>();
  const dependencies = new Set<string>();
  for (const file of manifests) {
    if (!file.endsWith('/package.json')) continue;
    const manifest = parseManifest(readText(file));
    if (!manifest) continue;
    const folder = posix.dirname(file);
    byFolder.set(folder, { folder, manifest });
    if (manifest.name && !packages.has(manifest.name)) packages.set(manifest.name, { name: manifest.name, folder, manifest });
    for (const name of dependenciesOf(manifest)) dependencies.add(name);
  }
  return { all: [...byFolder.values()], packages, dependencies, packageAt: (file) => nearestPackage(byFolder, posix.dirname(file)) };
}

function nearestPackage(byFolder: ReadonlyMap<string, ProjectPackage>, folder: string): ProjectPackage | undefined {
  const parent = posix.dirname(folder);
  return byFolder.get(folder) ?? (parent === folder ? undefined : nearestPackage(byFolder, parent));
}

const dependencyFields = new Set(['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']);

function dependenciesOf(manifest: PackageManifest): string[] {
  return Object.entries(manifest)
    .filter(([field, value]) => dependencyFields.has(field) && typeof value === 'object' && value !== null)
    .flatMap(([, names]: [string, object]) => Object.keys(names));
}

function parseManifest(text: string | undefined): PackageManifest | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) && (!('name' in value) || typeof value.name === 'string')
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns candidate paths for the source of a workspace package's module, as `@acme/db/client`, best first; some have no extension.
 * A resolver would return the file that the manifest names, and that is build output, which need not exist.
 */
export function workspaceCandidates(packages: ReadonlyMap<string, WorkspacePackage>, specifier: string): string[] {
  const [name, subpath] = splitPackage(specifier);
  const owner = packages.get(name);
  if (!owner) return [];
  const { exports, main, module, types } = owner.manifest;
  const exportKey = subpath === '' ? '.' : `./${subpath}`;
  const targets = exports === undefined ? (subpath === '' ? [types, module, main] : []) : exportTargets(exports, exportKey);
  const entries = targets.filter((target) => typeof target === 'string').flatMap(sourcesOf);
  const guesses = subpath === '' ? ['src/index', 'index', 'src/main', 'lib/index'] : [...sourcesOf(subpath), `src/${subpath}`];
  return [...entries, ...guesses].map((path) => posix.join(owner.folder, path));
}

/** The targets of a subpath in the `exports` field, under all conditions: each may lead to the source. */
function exportTargets(exports: unknown, subpath: string): unknown[] {
  if (typeof exports !== 'object' || exports === null || Array.isArray(exports) || !Object.keys(exports).some((key) => key.startsWith('.')))
    return subpath === '.' ? leaves(exports) : [];
  for (const [key, target] of Object.entries(exports)) {
    if (key === subpath) return leaves(target);
    const [prefix = '', suffix] = key.split('*');
    if (suffix === undefined || !subpath.startsWith(prefix) || !subpath.endsWith(suffix)) continue;
    const star = subpath.slice(prefix.length, subpath.length - suffix.length);
    return leaves(target).map((leaf) => (typeof leaf === 'string' ? leaf.replaceAll('*', star) : leaf));
  }
  return [];
}

function leaves(target: unknown): unknown[] {
  return typeof target === 'object' && target !== null ? Object.values(target).flatMap(leaves) : [target];
}

/** The sources that a built file may come from: `src/index` for `./dist/src/index.js` and `./build/index.js`. */
function sourcesOf(target: string): string[] {
  const stem = target.replace(/\.d\.[cm]?ts$|\.[cm]?[jt]sx?$/, '');
  const built = /^(?:\.\/)?(?:dist|build|lib|out|esm|cjs)\/(?:(?:esm|cjs|es|node)\/)?/;
  if (!built.test(stem)) return [target, stem];
  const inside = stem.replace(built, '');
  return [target, inside, posix.join('src', inside), stem];
}
