import { createRequire } from 'node:module';
import { posix } from 'node:path';
import type * as OxcResolver from 'oxc-resolver';
import { toPosix } from './paths.js';
import { frameworkCandidates } from './framework-aliases.js';
import { ImportMaps } from './import-maps.js';
import { type LinkRule, PackageLinks } from './package-links.js';
import { packageSpecifierOf, splitPackage } from './package-specifiers.js';
import { TsConfigPaths } from './tsconfig-paths.js';
import { internalTargets, type ProjectPackage, readWorkspaces, sourceCandidates, type Workspaces } from './workspace-packages.js';

const typeScript = ['.ts', '.tsx', '.mts', '.cts'];
const extensions = [...typeScript, '.js', '.jsx', '.mjs', '.cjs'];

/** Synchronous, because rules are synchronous. */
const load: (id: 'oxc-resolver') => typeof OxcResolver = createRequire(import.meta.url);

/** Loads the resolver at the first resolution: a project without ClickHouse resolves nothing. */
function createOxcResolver(): OxcResolver.ResolverFactory {
  const { ResolverFactory } = load('oxc-resolver');
  return new ResolverFactory({
    extensions,
    extensionAlias: { '.js': ['.ts', '.tsx', '.js', '.jsx'], '.jsx': ['.tsx', '.jsx'], '.mjs': ['.mts', '.mjs'], '.cjs': ['.cts', '.cjs'] },
    conditionNames: ['source', 'types', 'import', 'require', 'node', 'default'],
    mainFields: ['source', 'module', 'main'],
    // A file keeps the path of the file list, also below a linked folder.
    symlinks: false,
  });
}

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
  readonly #paths: TsConfigPaths;
  readonly #links: PackageLinks;
  readonly #importMaps: ImportMaps;
  readonly #cached = new Map<string, ImportTarget | undefined>();
  #oxc: OxcResolver.ResolverFactory | undefined;

  constructor(
    private readonly isSource: (file: string) => boolean,
    manifests: readonly string[],
    readText: (file: string) => string | undefined,
    private readonly linkRule: (packageName: string) => LinkRule = () => 'by-name',
  ) {
    this.workspaces = readWorkspaces(manifests, readText);
    const configs = manifests.filter((file) => /\/(?:ts|js)config[^/]*$/.test(file));
    this.#paths = new TsConfigPaths(configs, readText, (name) => this.workspaces.packages.get(name)?.folder);
    this.#links = new PackageLinks(this.workspaces, manifests, readText);
    this.#importMaps = new ImportMaps(manifests, readText);
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
    for (const [alias, target] of this.#importMaps.entries) add(alias, target);
    for (const owner of this.workspaces.all) {
      for (const alias of internalNames(owner)) for (const target of internalTargets(owner, alias).packages) add(alias, target);
      for (const [alias, ranges] of owner.dependencies) for (const range of ranges) if (range.startsWith('npm:')) add(alias, range);
    }
    return aliases;
  }

  #target(folder: string, specifier: string, aliasesLeft: number): ImportTarget | undefined {
    if (aliasesLeft === 0) return undefined;
    if (isPath(specifier))
      return fileTarget(this.#resolvePath(folder, specifier) ?? this.#inRootDirs(folder, specifier)) ?? packageTarget(specifier);
    if (specifier.startsWith('#')) return this.#internalTarget(folder, specifier, aliasesLeft);
    const mapped = this.#importMaps.find(folder, specifier);
    if (mapped && mapped.target !== specifier) return this.#target(mapped.folder, mapped.target, aliasesLeft - 1);
    return /^\w[\w+.-]*:/.test(specifier) ? packageTarget(specifier) : this.#bareTarget(folder, specifier, aliasesLeft);
  }

  #bareTarget(folder: string, specifier: string, aliasesLeft: number): ImportTarget | undefined {
    const [name, subpath] = splitPackage(specifier);
    const rule = this.linkRule(name);
    const mapped = this.#first(folder, this.#mappedCandidates(folder, specifier, name, rule));
    if (mapped !== undefined) return fileTarget(mapped);
    const declared = this.#links.declaredTarget(folder, name);
    if (declared?.kind === 'alias') return this.#target(folder, posix.join(declared.name, subpath), aliasesLeft - 1);
    const owner = rule !== 'never' && declared ? declared.package : this.#links.workspacePackage(folder, name, rule);
    const source = owner && this.#first(folder, sourceCandidates(owner, subpath));
    if (source !== undefined) return fileTarget(source);
    if (rule !== 'by-name') return packageTarget(specifier);
    const generated = frameworkCandidates(this.workspaces.packageAt(posix.join(folder, 'x')), specifier);
    return fileTarget(this.#first(folder, generated) ?? this.#resolveSource(folder, specifier)) ?? packageTarget(specifier);
  }

  /** The files that `paths` and `baseUrl` name. A folder below `baseUrl` does not hide a published package that is a dependency. */
  #mappedCandidates(folder: string, specifier: string, name: string, rule: LinkRule): readonly string[] {
    if (rule === 'never') return [];
    const isDependency = rule === 'if-linked' && this.#links.isDeclared(folder, name);
    return isDependency ? this.#paths.mappedCandidates(folder, specifier) : this.#paths.candidates(folder, specifier);
  }

  /** Resolves `#name` by `paths`, by the field `imports` of the nearest package, or by an import map. */
  #internalTarget(folder: string, specifier: string, aliasesLeft: number): ImportTarget | undefined {
    const mapped = this.#first(folder, this.#paths.candidates(folder, specifier));
    if (mapped !== undefined) return fileTarget(mapped);
    const owner = this.workspaces.packageAt(posix.join(folder, 'x'));
    const { files, packages } = owner ? internalTargets(owner, specifier) : { files: [], packages: [] };
    const source = this.#first(folder, files) ?? this.#resolveSource(folder, specifier);
    if (source !== undefined) return fileTarget(source);
    const fromMap = this.#importMaps.find(folder, specifier);
    if (fromMap) return this.#target(fromMap.folder, fromMap.target, aliasesLeft - 1);
    const [target] = packages;
    return owner && target !== undefined ? this.#target(owner.folder, target, aliasesLeft - 1) : undefined;
  }

  #first(folder: string, candidates: readonly string[]): string | undefined {
    for (const candidate of candidates) {
      const found = this.#resolveSource(folder, candidate);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Resolves a path. A bundler's query behind the file name, as in `./worker.ts?url`, is ignored. A module is a URL: `%20` is a space. */
  #resolvePath(folder: string, specifier: string): string | undefined {
    const found = this.#resolveSource(folder, specifier);
    const query = found === undefined ? specifier.search(/[?#]/) : -1;
    if (query > 0) return this.#resolveSource(folder, specifier.slice(0, query));
    const decoded = specifier.replaceAll('%20', ' ');
    return found === undefined && decoded !== specifier ? this.#resolveSource(folder, decoded) : found;
  }

  #inRootDirs(folder: string, specifier: string): string | undefined {
    return specifier.startsWith('.') ? this.#first(folder, this.#paths.rootDirCandidates(folder, specifier)) : undefined;
  }

  #resolveSource(folder: string, request: string): string | undefined {
    const { path } = (this.#oxc ??= createOxcResolver()).sync(folder, request);
    // The resolver fails on any request while a manifest is invalid, and it does not see files that were never saved.
    if (path === undefined) return isPath(request) ? this.#findByExtension(posix.resolve(folder, request)) : undefined;
    const file = toPosix(path);
    return this.isSource(file) ? file : undefined;
  }

  #findByExtension(path: string): string | undefined {
    const stem = path.replace(/\.[cm]?jsx?$/, '');
    const stems = [stem, posix.join(path, 'index')];
    return [path, ...stems.flatMap((candidate) => extensions.map((extension) => candidate + extension))].find((candidate) =>
      this.isSource(candidate),
    );
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
