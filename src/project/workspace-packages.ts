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
  readonly source?: unknown;
  readonly browser?: unknown;
  readonly 'react-native'?: unknown;
  readonly tsconfig?: unknown;
  readonly exports?: unknown;
  readonly imports?: unknown;
  readonly bin?: unknown;
  readonly engines?: unknown;
  readonly scripts?: unknown;
  readonly workspaces?: unknown;
  readonly dependencies?: unknown;
  readonly devDependencies?: unknown;
  readonly peerDependencies?: unknown;
  readonly optionalDependencies?: unknown;
  readonly overrides?: unknown;
  readonly resolutions?: unknown;
  readonly pnpm?: unknown;
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

/** Names of files that declare a package. Those of Deno declare one if they have a name, and count in a folder without `package.json`. */
const manifestNames: ReadonlySet<string> = new Set(['package.json', 'deno.json', 'jsr.json']);

/** Reads the `package.json` files among the manifests. A file that is not valid JSON is ignored. */
export function readWorkspaces(manifests: readonly string[], readText: (file: string) => string | undefined): Workspaces {
  const byFolder = new Map<string, ProjectPackage>();
  const sameName = new Map<string, WorkspacePackage[]>();
  const dependencies = new Set<string>();
  const packagesFirst = [...manifests].sort((a, b) => Number(b.endsWith('/package.json')) - Number(a.endsWith('/package.json')));
  for (const file of packagesFirst) {
    const folder = posix.dirname(file);
    if (!manifestNames.has(posix.basename(file)) || byFolder.has(folder)) continue;
    const manifest = parseManifest(readText(file));
    if (!manifest || (!file.endsWith('/package.json') && manifest.name === undefined)) continue;
    const found = { folder, manifest, dependencies: dependenciesOf(manifest) };
    byFolder.set(folder, found);
    if (manifest.name) sameName.set(manifest.name, [...(sameName.get(manifest.name) ?? []), { ...found, name: manifest.name }]);
    for (const name of found.dependencies.keys()) dependencies.add(name);
  }
  const packages = new Map([...sameName].flatMap(([name, [first]]) => (first ? [[name, first] as const] : [])));
  const nearestPackage = nearestPackageFinder(byFolder);
  const packageAt = (file: string) => nearestPackage(posix.dirname(file));
  return { all: [...byFolder.values()], packages, sameName, dependencies, packageAt };
}

/** Files ask for the package of each of their imports. */
function nearestPackageFinder(byFolder: ReadonlyMap<string, ProjectPackage>): (folder: string) => ProjectPackage | undefined {
  const nearest = new Map<string, ProjectPackage | undefined>(byFolder);
  const find = (folder: string): ProjectPackage | undefined => {
    if (nearest.has(folder)) return nearest.get(folder);
    const parent = posix.dirname(folder);
    const found = parent === folder ? undefined : find(parent);
    nearest.set(folder, found);
    return found;
  };
  return find;
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

/** Reads a `package.json`; undefined if it is no JSON object or its name is no string. */
export function parseManifest(text: string | undefined): PackageManifest | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) && (!('name' in value) || typeof value.name === 'string')
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}
