import { posix } from 'node:path';
import { ModuleAliases } from './aliases/module-aliases.js';
import { extendedPackages } from './extended-packages.js';
import { frameworkCandidates } from './framework-aliases.js';
import { ImportMaps } from './import-maps.js';
import { type ImportOptions, importOptionsOf } from './import-options.js';
import { builtFrom, type ExportContext, internalTargets, sourceCandidates, usualOutputs } from './package-exports.js';
import { type LinkRule, PackageLinks } from './package-links.js';
import { packageSpecifierOf, splitPackage } from './package-specifiers.js';
import { SourceFinder } from './source-finder.js';
import { TsConfigFiles } from './tsconfig-files.js';
import { TsConfigPaths } from './tsconfig-paths.js';
import { type ProjectPackage, readWorkspaces, type Workspaces } from './workspace-packages.js';

/** The target of an import: a source file of the project, or a module of a package outside it. */
export type ImportTarget =
  | { readonly kind: 'file'; readonly file: string }
  /** Name and subpath of the package, without version: `@clickhouse/client` also for `npm:@clickhouse/client@1`. */
  | { readonly kind: 'package'; readonly specifier: string };

/** Maximum number of aliases and mappings that lead from one specifier to the next. */
const maxAliases = 5;

/** Resolves import specifiers to source files of the project and to packages. It does not need `node_modules`. */
export class Resolver {
  readonly workspaces: Workspaces;
  readonly #configs: TsConfigFiles;
  readonly #paths: TsConfigPaths;
  readonly #links: PackageLinks;
  readonly #importMaps: ImportMaps;
  readonly #aliases: ModuleAliases;
  readonly #finder: SourceFinder;
  readonly #cached = new Map<string, ImportTarget | undefined>();

  /** `readText` is called for each file that decides about a target, also for files that are not in the list of manifests. */
  constructor(
    sources: ReadonlySet<string>,
    manifests: readonly string[],
    readText: (file: string) => string | undefined,
    private readonly linkRule: (packageName: string) => LinkRule = () => 'by-name',
  ) {
    this.workspaces = readWorkspaces(manifests, readText);
    const configs = manifests.filter((file) => /\/(?:ts|js)config[^/]*$/.test(file));
    this.#configs = new TsConfigFiles(configs, readText, extendedPackages(this.workspaces, readText));
    this.#paths = new TsConfigPaths(this.#configs);
    this.#links = new PackageLinks(this.workspaces, manifests, readText);
    this.#importMaps = new ImportMaps(manifests, readText);
    this.#aliases = new ModuleAliases(manifests, readText, this.workspaces.packageAt);
    this.#finder = new SourceFinder(sources, (folder) => this.#suffixesOf(folder));
  }

  /** Returns the compiler options of a file that decide which of its imports exist at run time. */
  importOptionsOf(file: string): ImportOptions {
    return importOptionsOf(this.#configs.of(posix.dirname(file)).own);
  }

  /** Returns the source file of the project that a specifier means in a file; undefined for any other target. */
  resolve(fromFile: string, specifier: string): string | undefined {
    const target = this.target(fromFile, specifier);
    return target?.kind === 'file' ? target.file : undefined;
  }

  /** Returns what a specifier means in a file; undefined for built-in modules and for paths to no source file. */
  target(fromFile: string, specifier: string): ImportTarget | undefined {
    const folder = posix.dirname(fromFile);
    const key = `${folder}\0${specifier}`;
    if (this.#cached.has(key)) return this.#cached.get(key);
    const result = this.#target(folder, specifier, maxAliases);
    this.#cached.set(key, result);
    return result;
  }

  /** Other names of packages in this project, each with the package specifiers that it stands for somewhere. */
  get aliases(): ReadonlyMap<string, ReadonlySet<string>> {
    const aliases = new Map<string, Set<string>>();
    const add = (alias: string, target: string): void => {
      const specifier = packageSpecifierOf(target);
      if (specifier === undefined || specifier === alias) return;
      const name = alias.replace(/\/?\*?$/, '');
      aliases.set(name, (aliases.get(name) ?? new Set()).add(specifier.replace(/\/?\*?$/, '')));
    };
    for (const [alias, target] of [...this.#importMaps.entries, ...this.#aliases.entries, ...this.#links.registryAliases])
      add(alias, target);
    for (const owner of this.workspaces.all) {
      for (const alias of internalNames(owner)) for (const target of internalTargets(owner, alias).packages) add(alias, target);
    }
    return aliases;
  }

  #target(folder: string, specifier: string, aliasesLeft: number): ImportTarget | undefined {
    if (aliasesLeft === 0) return undefined;
    if (isPath(specifier)) return fileTarget(this.#pathTarget(folder, specifier)) ?? packageTarget(specifier);
    if (specifier.startsWith('#')) return this.#internalTarget(folder, specifier, aliasesLeft);
    const mapped = this.#importMaps.find(folder, specifier);
    if (mapped && mapped.target !== specifier) return this.#target(mapped.folder, mapped.target, aliasesLeft - 1);
    // webpack writes loaders before the module: `!!ts-loader!./db`.
    if (specifier.includes('!')) return this.#target(folder, specifier.slice(specifier.lastIndexOf('!') + 1), aliasesLeft - 1);
    if (/^\w[\w+.-]*:/.test(specifier)) return packageTarget(specifier);
    const target = this.#bareTarget(folder, specifier, aliasesLeft);
    const query = target?.kind === 'file' ? -1 : specifier.search(/[?#]/);
    return query > 0 ? this.#bareTarget(folder, specifier.slice(0, query), aliasesLeft) : target;
  }

  #pathTarget(folder: string, specifier: string): string | undefined {
    const found = this.#finder.findPath(folder, specifier) ?? this.#first(folder, this.#paths.rootDirCandidates(folder, specifier));
    if (found !== undefined) return found;
    if (specifier.startsWith('/')) return this.#belowServedFolder(folder, specifier);
    const path = posix.resolve(folder, specifier);
    const owner = this.#links.packageIn(path);
    const sources = owner ? sourceCandidates(owner, '', this.#exportContext(folder, owner)) : this.#builtFrom(path);
    return this.#first(folder, sources) ?? this.#finder.findIgnoringCase(path);
  }

  /** A development server serves the folder of its configuration: `/src/db.ts`. */
  #belowServedFolder(folder: string, path: string): string | undefined {
    for (let above = folder; above !== posix.dirname(above); above = posix.dirname(above)) {
      const found = this.#finder.find(folder, posix.join(above, path));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #bareTarget(folder: string, specifier: string, aliasesLeft: number): ImportTarget | undefined {
    const [name, subpath] = splitPackage(specifier);
    const rule = this.linkRule(name);
    const mapped = this.#first(folder, this.#mappedCandidates(folder, specifier, name, rule));
    if (mapped !== undefined) return fileTarget(mapped);
    const declared = this.#links.declaredTarget(folder, name);
    if (declared?.kind === 'alias') return this.#target(folder, posix.join(declared.name, subpath), aliasesLeft - 1);
    const owner = rule !== 'never' && declared ? declared.package : this.#links.workspacePackage(folder, name, rule);
    const source = owner && this.#first(folder, sourceCandidates(owner, subpath, this.#exportContext(folder, owner)));
    if (source !== undefined) return fileTarget(source);
    if (rule !== 'by-name') return packageTarget(specifier);
    return (
      this.#aliasTarget(folder, specifier, aliasesLeft) ?? fileTarget(this.#finder.find(folder, specifier)) ?? packageTarget(specifier)
    );
  }

  /** Replaces the specifier as the configuration files of bundlers and frameworks say. */
  #aliasTarget(folder: string, specifier: string, aliasesLeft: number): ImportTarget | undefined {
    const candidates = this.#aliases.candidates(folder, specifier);
    const generated = frameworkCandidates(this.workspaces.packageAt(posix.join(folder, 'x')), specifier);
    const files = [...candidates, ...generated].filter((candidate) => candidate.startsWith('/'));
    const found = this.#first(folder, [...files, ...files.flatMap((file) => this.#builtFrom(file))]);
    if (found !== undefined) return fileTarget(found);
    const target = candidates.find((candidate) => /^[@\w]/.test(candidate));
    return target === undefined ? undefined : this.#target(folder, target, aliasesLeft - 1);
  }

  /** The files that `paths` and `baseUrl` name. A folder below `baseUrl` does not hide a published package that is a dependency. */
  #mappedCandidates(folder: string, specifier: string, name: string, rule: LinkRule): readonly string[] {
    if (rule === 'never') return [];
    const isDependency = rule === 'if-linked' && this.#links.isDeclared(folder, name);
    const mapped = isDependency ? this.#paths.mappedCandidates(folder, specifier) : this.#paths.candidates(folder, specifier);
    return [...mapped, ...mapped.flatMap((path) => this.#builtFrom(path))];
  }

  /** Resolves `#name` by `paths`, by the field `imports` of the nearest package, by an import map, or by a framework. */
  #internalTarget(folder: string, specifier: string, aliasesLeft: number): ImportTarget | undefined {
    const mapped = this.#first(folder, this.#paths.candidates(folder, specifier));
    if (mapped !== undefined) return fileTarget(mapped);
    const owner = this.workspaces.packageAt(posix.join(folder, 'x'));
    const internal = owner ? internalTargets(owner, specifier, this.#exportContext(folder, owner)) : { files: [], packages: [] };
    const source = this.#first(folder, internal.files) ?? this.#finder.find(folder, specifier);
    if (source !== undefined) return fileTarget(source);
    const fromMap = this.#importMaps.find(folder, specifier);
    if (fromMap) return this.#target(fromMap.folder, fromMap.target, aliasesLeft - 1);
    const [target] = internal.packages;
    if (owner && target !== undefined) return this.#target(owner.folder, target, aliasesLeft - 1);
    return this.#aliasTarget(folder, specifier, aliasesLeft);
  }

  #first(folder: string, candidates: readonly string[]): string | undefined {
    for (const candidate of candidates) {
      const found = this.#finder.find(folder, candidate);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The conditions that the importer sets, and the build output of the package. */
  #exportContext(fromFolder: string, owner: ProjectPackage): ExportContext {
    const conditions = this.#configs.of(fromFolder).own.flatMap(({ customConditions }) => customConditions);
    return { conditions, outputs: this.#outputsOf(owner.folder) };
  }

  #outputsOf(folder: string) {
    const { own, others } = this.#configs.of(folder);
    return [...own, ...others].flatMap(({ output }) => (output ? [output] : []));
  }

  /** The sources of a built file, by the tsconfigs around it and by the usual names of folders. */
  #builtFrom(file: string): string[] {
    const owner = this.workspaces.packageAt(file)?.folder;
    return builtFrom(file, [...this.#outputsOf(posix.dirname(file)), ...(owner === undefined ? [] : usualOutputs(owner))]);
  }

  /** Endings of file names before the extension, of TypeScript's `moduleSuffixes` or of React Native's platforms. */
  #suffixesOf(folder: string): readonly string[] {
    const declared = this.#configs.of(folder).own.find(({ moduleSuffixes }) => moduleSuffixes.length > 0);
    if (declared) return declared.moduleSuffixes;
    const isNative = this.workspaces.packageAt(posix.join(folder, 'x'))?.dependencies.has('react-native') === true;
    return isNative ? ['', '.native', '.ios', '.android'] : [''];
  }
}

function fileTarget(file: string | undefined): ImportTarget | undefined {
  return file === undefined ? undefined : { kind: 'file', file };
}

function packageTarget(specifier: string): ImportTarget | undefined {
  const name = packageSpecifierOf(specifier);
  return name === undefined ? undefined : { kind: 'package', specifier: name };
}

/** The keys of the field `imports`, such as `#db`. */
function internalNames({ manifest: { imports } }: ProjectPackage): string[] {
  return typeof imports === 'object' && imports !== null ? Object.keys(imports) : [];
}

function isPath(specifier: string): boolean {
  return /^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..';
}
