import { posix } from 'node:path';
import { splitPackage } from './tsconfig-paths.js';

/** A package whose source is in this project. */
export interface WorkspacePackage {
  readonly name: string;
  /** Absolute path. */
  readonly folder: string;
  readonly manifest: PackageManifest;
}

/** The fields of a `package.json` that the analysis reads. Values are as the file has them. */
export interface PackageManifest {
  readonly name?: string;
  readonly bin?: unknown;
  readonly scripts?: unknown;
  readonly dependencies?: unknown;
  readonly main?: unknown;
  readonly module?: unknown;
  readonly types?: unknown;
  readonly exports?: unknown;
}

/** A folder with a `package.json`; it need not have a name. */
export type PackageFolder = Omit<WorkspacePackage, 'name'>;

/** The packages and dependencies of all `package.json` files of a project. */
export interface Workspaces {
  /** Each folder with a valid `package.json`, sorted. */
  readonly folders: readonly PackageFolder[];
  /** Packages by name; npm, pnpm and yarn link them by it. */
  readonly packages: ReadonlyMap<string, WorkspacePackage>;
  /** Names of all dependencies in these files, of any kind. */
  readonly dependencies: ReadonlySet<string>;
}

/** Reads the `package.json` files among the manifests. A file that is not valid JSON is ignored. */
export function readWorkspaces(manifests: Iterable<string>, readText: (file: string) => string | undefined): Workspaces {
  const packages = new Map<string, WorkspacePackage>();
  const folders: PackageFolder[] = [];
  const dependencies = new Set<string>();
  for (const file of manifests) {
    if (!file.endsWith('/package.json')) continue;
    const manifest = parseManifest(readText(file));
    if (manifest) folders.push({ folder: posix.dirname(file), manifest });
    if (manifest?.name && !packages.has(manifest.name))
      packages.set(manifest.name, { name: manifest.name, folder: posix.dirname(file), manifest });
    for (const name of dependenciesOf(manifest)) dependencies.add(name);
  }
  return { folders, packages, dependencies };
}

const dependencyFields = new Set(['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']);

function dependenciesOf(manifest: PackageManifest | undefined): string[] {
  return Object.entries(manifest ?? {})
    .filter(([field, value]) => dependencyFields.has(field) && typeof value === 'object' && value !== null)
    .flatMap(([, names]: [string, object]) => Object.keys(names));
}

function parseManifest(text: string | undefined): PackageManifest | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && (!('name' in value) || typeof value.name === 'string') ? value : undefined;
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
