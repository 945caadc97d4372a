import { posix } from 'node:path';
import { splitPackage } from './tsconfig-paths.js';

/** A package whose source is in this project. */
export interface WorkspacePackage {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly manifest: PackageManifest;
}

interface PackageManifest {
  readonly name?: string;
  readonly main?: unknown;
  readonly module?: unknown;
  readonly types?: unknown;
  readonly exports?: unknown;
}

/** What the `package.json` files of a project say together. */
export interface Workspaces {
  /** npm, pnpm and yarn all link packages by these names. */
  readonly packages: ReadonlyMap<string, WorkspacePackage>;
  /** Names of everything that some package of the project depends on. */
  readonly dependencies: ReadonlySet<string>;
}

export function readWorkspaces(manifests: Iterable<string>, readText: (file: string) => string | undefined): Workspaces {
  const packages = new Map<string, WorkspacePackage>();
  const dependencies = new Set<string>();
  for (const file of manifests) {
    if (!file.endsWith('/package.json')) continue;
    const manifest = parseManifest(readText(file));
    if (manifest?.name && !packages.has(manifest.name))
      packages.set(manifest.name, { name: manifest.name, folder: posix.dirname(file), manifest });
    for (const name of dependenciesOf(manifest)) dependencies.add(name);
  }
  return { packages, dependencies };
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
 * Where the source of `@acme/db/client` may lie, best first, without extension where the manifest gives none.
 * Our own because a resolver answers with the file that the manifest names, and that is build output which nobody has built.
 */
export function workspaceCandidates(packages: ReadonlyMap<string, WorkspacePackage>, specifier: string): string[] {
  const [name, rest] = splitPackage(specifier);
  const owner = packages.get(name);
  if (!owner) return [];
  const { exports, main, module, types } = owner.manifest;
  const subpath = rest === '' ? '.' : `./${rest}`;
  const named = exports === undefined ? (rest === '' ? [types, module, main] : []) : exportTargets(exports, subpath);
  const entries = named.filter((target) => typeof target === 'string').flatMap(sourcesOf);
  const guesses = rest === '' ? ['src/index', 'index', 'src/main', 'lib/index'] : [...sourcesOf(rest), `src/${rest}`];
  return [...entries, ...guesses].map((path) => posix.join(owner.folder, path));
}

/** All targets that the `exports` field gives for a subpath, whatever the condition: source is source under each. */
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

/** `./dist/src/index.js` is built from `src/index`, and so may be `./build/index.js`. */
function sourcesOf(target: string): string[] {
  const stem = target.replace(/\.d\.[cm]?ts$|\.[cm]?[jt]sx?$/, '');
  const built = /^(?:\.\/)?(?:dist|build|lib|out|esm|cjs)\/(?:(?:esm|cjs|es|node)\/)?/;
  if (!built.test(stem)) return [target, stem];
  const inside = stem.replace(built, '');
  return [target, inside, posix.join('src', inside), stem];
}
