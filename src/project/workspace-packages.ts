import { posix } from 'node:path';

/** A `package.json` of this project, with or without a name. */
export interface ProjectPackage {
  /** Absolute path of the folder that contains the file. */
  readonly folder: string;
  readonly manifest: PackageManifest;
  /** The version ranges of each dependency, as declared in the fields of all kinds. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
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
  /** Packages by name; npm, pnpm and yarn link them by it. Of several with one name, the first. */
  readonly packages: ReadonlyMap<string, WorkspacePackage>;
  /** All packages of each name. */
  readonly sameName: ReadonlyMap<string, readonly WorkspacePackage[]>;
  /** Names of all dependencies in these files, of any kind. */
  readonly dependencies: ReadonlySet<string>;
  /** Returns the package of the nearest `package.json` in the folder of the file or above it; undefined if there is none. */
  readonly packageAt: (file: string) => ProjectPackage | undefined;
}

/** Reads the `package.json` files among the manifests. A file that is not valid JSON is ignored. */
export function readWorkspaces(manifests: Iterable<string>, readText: (file: string) => string | undefined): Workspaces {
  const byFolder = new Map<string, ProjectPackage>();
  const sameName = new Map<string, WorkspacePackage[]>();
  const dependencies = new Set<string>();
  for (const file of manifests) {
    if (!file.endsWith('/package.json')) continue;
    const manifest = parseManifest(readText(file));
    if (!manifest) continue;
    const folder = posix.dirname(file);
    const found = { folder, manifest, dependencies: dependenciesOf(manifest) };
    byFolder.set(folder, found);
    if (manifest.name) sameName.set(manifest.name, [...(sameName.get(manifest.name) ?? []), { ...found, name: manifest.name }]);
    for (const name of found.dependencies.keys()) dependencies.add(name);
  }
  const packages = new Map([...sameName].flatMap(([name, [first]]) => (first ? [[name, first] as const] : [])));
  const packageAt = (file: string) => nearestPackage(byFolder, posix.dirname(file));
  return { all: [...byFolder.values()], packages, sameName, dependencies, packageAt };
}

function nearestPackage(byFolder: ReadonlyMap<string, ProjectPackage>, folder: string): ProjectPackage | undefined {
  const parent = posix.dirname(folder);
  return byFolder.get(folder) ?? (parent === folder ? undefined : nearestPackage(byFolder, parent));
}

const dependencyFields = new Set(['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']);

function dependenciesOf(manifest: PackageManifest): ReadonlyMap<string, readonly string[]> {
  const ranges = new Map<string, string[]>();
  for (const [field, dependencies] of Object.entries(manifest)) {
    if (!dependencyFields.has(field) || typeof dependencies !== 'object' || dependencies === null) continue;
    for (const [name, range] of Object.entries(dependencies as Record<string, unknown>))
      ranges.set(name, [...(ranges.get(name) ?? []), ...(typeof range === 'string' ? [range.trim()] : [])]);
  }
  return ranges;
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
 * Returns candidate paths for the source of a module of a package in this project, as `@acme/db/client`, best first; some have no extension.
 * A resolver would return the file that the manifest names, and that is build output, which need not exist.
 */
export function sourceCandidates({ folder, manifest }: ProjectPackage, subpath: string): string[] {
  const { exports, main, module, types } = manifest;
  const exportKey = subpath === '' ? '.' : `./${subpath}`;
  const targets = exports === undefined ? (subpath === '' ? [types, module, main] : []) : exportTargets(exports, exportKey);
  const entries = targets.filter((target) => typeof target === 'string').flatMap(sourcesOf);
  const guesses = subpath === '' ? ['src/index', 'index', 'src/main', 'lib/index'] : [...sourcesOf(subpath), `src/${subpath}`];
  return [...entries, ...guesses].map((path) => posix.join(folder, path));
}

/** Returns candidate paths for the source of `#name` by the field `imports`, and the package specifiers that it stands for. */
export function internalTargets(
  { folder, manifest }: ProjectPackage,
  specifier: string,
): { readonly files: readonly string[]; readonly packages: readonly string[] } {
  const targets = conditionalTargets(manifest.imports, specifier).filter((target) => typeof target === 'string');
  const paths = targets.filter((target) => target.startsWith('.'));
  return {
    files: paths.flatMap(sourcesOf).map((path) => posix.join(folder, path)),
    packages: targets.filter((target) => !target.startsWith('.')),
  };
}

/** The targets of a subpath in the `exports` field, under all conditions: each may lead to the source. */
function exportTargets(exports: unknown, subpath: string): unknown[] {
  if (typeof exports !== 'object' || exports === null || Array.isArray(exports) || !Object.keys(exports).some((key) => key.startsWith('.')))
    return subpath === '.' ? leaves(exports) : [];
  return conditionalTargets(exports, subpath);
}

/** The targets of a key in `exports` or `imports`. Of several patterns, the one with the longest prefix counts, as in Node.js. */
function conditionalTargets(field: unknown, key: string): unknown[] {
  if (typeof field !== 'object' || field === null) return [];
  const entries: [string, unknown][] = Object.entries(field);
  const exact = entries.find(([pattern]) => pattern === key);
  if (exact) return leaves(exact[1]);
  const [best] = entries
    .flatMap(([pattern, target]) => {
      const [prefix = '', suffix] = pattern.split('*');
      const isMatch = suffix !== undefined && key.length >= pattern.length - 1 && key.startsWith(prefix) && key.endsWith(suffix);
      return isMatch ? [{ prefix, target, star: key.slice(prefix.length, key.length - suffix.length) }] : [];
    })
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return best ? leaves(best.target).map((leaf) => (typeof leaf === 'string' ? leaf.replaceAll('*', best.star) : leaf)) : [];
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
