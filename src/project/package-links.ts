import { createRequire } from 'node:module';
import { posix } from 'node:path';
import type * as Semver from 'semver';
import { packageSpecifierOf } from './package-specifiers.js';
import { WorkspaceMembers } from './workspace-members.js';
import { isRecord } from './tsconfig-options.js';
import type { PackageManifest, ProjectPackage, WorkspacePackage, Workspaces } from './workspace-packages.js';

/** Loaded at the first comparison of a version with a range. */
const load: (id: 'semver') => typeof Semver = createRequire(import.meta.url);

/**
 * When a package of the project stands for an import of its name. `by-name`: always. `if-linked`: only where the package manager links it
 * to the importer, else the import means the published package. `never`: the import means the published package, also against `paths`.
 */
export type LinkRule = 'by-name' | 'if-linked' | 'never';

/** The target of a declared dependency. */
export type DependencyLink =
  | { readonly kind: 'package'; readonly package: ProjectPackage }
  /** Another package of the registry, by an alias such as `npm:@acme/db@1`. */
  | { readonly kind: 'alias'; readonly name: string };

/** Decides which package of the project a bare import means: by the dependencies of the importer and the declared workspaces. */
export class PackageLinks {
  readonly #members: WorkspaceMembers;
  readonly #byFolder: ReadonlyMap<string, ProjectPackage>;
  /** Ranges that replace those of all declarations, by name. */
  readonly #overrides: ReadonlyMap<string, string>;

  constructor(
    private readonly workspaces: Workspaces,
    manifests: readonly string[],
    readText: (file: string) => string | undefined,
  ) {
    this.#members = new WorkspaceMembers(workspaces.all, manifests, readText);
    this.#byFolder = new Map(workspaces.all.map((entry) => [entry.folder, entry]));
    this.#overrides = new Map(workspaces.all.flatMap(({ manifest }) => overridesIn(manifest)));
  }

  /** Whether the importing package, or one above it, declares a dependency of the name. */
  isDeclared(fromFolder: string, name: string): boolean {
    return this.#declaring(fromFolder, name) !== undefined;
  }

  /** Returns the package whose manifest lies in the folder; undefined if there is none. */
  packageIn(folder: string): ProjectPackage | undefined {
    return this.#byFolder.get(folder);
  }

  /** Names under which a package of the registry is installed, as pairs of name and `npm:` range. */
  get registryAliases(): readonly (readonly [alias: string, range: string])[] {
    const declared = this.workspaces.all.flatMap(({ folder, dependencies }) =>
      [...dependencies.keys()].flatMap((name) => this.#rangesOf(folder, name).map((range) => [name, range] as const)),
    );
    return [...declared, ...this.#overrides].filter(([, range]) => range.startsWith('npm:'));
  }

  /** Returns the target of a dependency that is declared by a path or an alias; undefined for a version range and for no declaration. */
  declaredTarget(fromFolder: string, name: string): DependencyLink | undefined {
    const importer = this.#declaring(fromFolder, name);
    const overridden = importer && this.#overrides.get(name);
    const ranges = importer ? this.#rangesOf(importer.folder, name) : [];
    for (const range of overridden === undefined ? ranges : [overridden]) {
      const path = /^(?:link|file|portal):(.*)$/.exec(range)?.[1] ?? /^(?:workspace:)?(\.{1,2}\/.*)$/.exec(range)?.[1];
      const folder = importer && path !== undefined ? posix.resolve(importer.folder, path) : undefined;
      // `link:` needs no manifest.
      const linked = folder === undefined ? undefined : (this.#byFolder.get(folder) ?? { folder, manifest: {}, dependencies: new Map() });
      if (linked) return { kind: 'package', package: linked };
      const alias = range.startsWith('npm:') ? packageSpecifierOf(range) : /^workspace:(@?[a-z][^@]*)@/i.exec(range)?.[1];
      if (alias !== undefined && alias !== name) return { kind: 'alias', name: alias };
    }
    return undefined;
  }

  /** Returns the package of the project that an import of the name means under the rule; undefined for the published package. */
  workspacePackage(fromFolder: string, name: string, rule: LinkRule): WorkspacePackage | undefined {
    const candidates = this.workspaces.sameName.get(name);
    if (!candidates) return undefined;
    const own = this.workspaces.packageAt(posix.join(fromFolder, 'x'));
    const self = candidates.find(({ folder }) => folder === own?.folder);
    if (self) return self;
    if (rule === 'never') return undefined;
    if (rule === 'by-name' && candidates.length === 1) return candidates[0];
    const nearestFirst = this.#membersFirst(own, byDistance(fromFolder, candidates));
    return nearestFirst.find((candidate) => this.#isLinked(fromFolder, candidate)) ?? (rule === 'by-name' ? nearestFirst[0] : undefined);
  }

  /** Sorts members of the importer's workspaces before other packages of the same name, such as test fixtures. */
  #membersFirst(importer: ProjectPackage | undefined, packages: readonly WorkspacePackage[]): WorkspacePackage[] {
    const isMember = ({ folder }: WorkspacePackage) => importer !== undefined && this.#members.areInSameWorkspace(importer.folder, folder);
    return [...packages.filter(isMember), ...packages.filter((candidate) => !isMember(candidate))];
  }

  /** Whether the package manager links the package to the importer: by the protocol of the range, or as a member of the same workspaces. */
  #isLinked(fromFolder: string, { name, folder, manifest }: WorkspacePackage): boolean {
    const declaring = this.#declaring(fromFolder, name);
    const importer = declaring ?? this.workspaces.packageAt(posix.join(fromFolder, 'x'));
    if (!importer) return false;
    const ranges = declaring?.dependencies.get(name) ?? [];
    if (ranges.some((range) => range.startsWith('workspace:'))) return true;
    if (!this.#members.areInSameWorkspace(importer.folder, folder)) return false;
    // Members can import each other without a declaration: npm and yarn link all of them in the root.
    return !declaring || ranges.some((range) => this.#fits(importer.folder, name, range, manifest.version));
  }

  /** The version ranges of a dependency. A range of a catalog is looked up there. */
  #rangesOf(folder: string, name: string): readonly string[] {
    return (this.#byFolder.get(folder)?.dependencies.get(name) ?? []).map((range) => this.#withoutCatalog(folder, name, range));
  }

  #withoutCatalog(folder: string, name: string, range: string): string {
    const [, catalog] = /^catalog:(.*)$/.exec(range) ?? [];
    return catalog === undefined ? range : (this.#members.catalogRange(folder, catalog.trim(), name) ?? range);
  }

  #fits(folder: string, name: string, range: string, version: unknown): boolean {
    const resolved = this.#withoutCatalog(folder, name, range);
    if (/^(?:\*|x|)$/i.test(resolved) || resolved.startsWith('workspace:')) return true;
    return typeof version === 'string' && load('semver').satisfies(version, resolved, { includePrerelease: true });
  }

  /** Returns the nearest package, from the folder upwards, that declares the dependency: Node.js looks in `node_modules` in this order. */
  #declaring(fromFolder: string, name: string): ProjectPackage | undefined {
    for (let folder = fromFolder; ; folder = posix.dirname(folder)) {
      const found = this.#byFolder.get(folder);
      if (found?.dependencies.has(name)) return found;
      if (posix.dirname(folder) === folder) return undefined;
    }
  }
}

/** The replaced packages in the fields of npm, yarn and pnpm that hold for every importer. */
function overridesIn({ overrides, resolutions, pnpm }: PackageManifest): (readonly [name: string, range: string])[] {
  const fields = [overrides, resolutions, isRecord(pnpm) ? pnpm['overrides'] : undefined];
  return fields
    .flatMap((field) => (isRecord(field) ? Object.entries(field) : []))
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].startsWith('npm:'));
}

/** Sorts the packages by the length of the path that they share with the folder, longest first, then by their depth. */
function byDistance(folder: string, packages: readonly WorkspacePackage[]): WorkspacePackage[] {
  const parts = folder.split('/');
  const shared = ({ folder: other }: WorkspacePackage) => {
    const different = other.split('/').findIndex((part, index) => part !== parts[index]);
    return different < 0 ? other.split('/').length : different;
  };
  const depth = ({ folder: other }: WorkspacePackage) => other.split('/').length;
  return [...packages].sort((a, b) => shared(b) - shared(a) || depth(a) - depth(b));
}
