import { createRequire } from 'node:module';
import { posix } from 'node:path';
import type * as Jsonc from 'jsonc-parser';
import { splitPackage } from './package-specifiers.js';

/** Loaded with the first tsconfig: a project without ClickHouse needs none. */
const load: (id: 'jsonc-parser') => typeof Jsonc = createRequire(import.meta.url);

/** The mapping from bare specifiers to files of one `tsconfig.json`. */
interface PathMapping {
  /** Targets by pattern, as in `compilerOptions.paths`, but as absolute paths. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  /** Absolute path of `baseUrl`; undefined if it is not set. */
  readonly baseUrl: string | undefined;
  /** Absolute paths of the folders that count as one for relative imports. */
  readonly rootDirs: readonly string[];
}

interface TsConfig {
  readonly extends?: string | readonly string[];
  readonly references?: readonly { readonly path?: string }[];
  readonly compilerOptions?: {
    readonly baseUrl?: string;
    readonly paths?: Readonly<Record<string, readonly string[]>>;
    readonly rootDirs?: readonly string[];
  };
}

/**
 * Resolves bare specifiers by `paths` and `baseUrl` of the nearest tsconfig. Not left to the resolver, because that fails if a tsconfig
 * extends a package that is not installed, and the analysis must work without `node_modules`.
 */
export class TsConfigPaths {
  readonly #mappings = new Map<string, PathMapping[]>();
  readonly #configs: ReadonlySet<string>;

  constructor(
    configs: Iterable<string>,
    private readonly readText: (file: string) => string | undefined,
    private readonly findPackage: (name: string) => string | undefined,
  ) {
    this.#configs = new Set(configs);
  }

  /** Returns candidate paths by `paths`, then by `baseUrl`, best first. They are absolute and need not exist. */
  candidates(fromFolder: string, specifier: string): string[] {
    return this.#mappingsFor(fromFolder).flatMap((mapping) => [
      ...mappedCandidates(mapping, specifier),
      ...(mapping.baseUrl === undefined ? [] : [posix.join(mapping.baseUrl, specifier)]),
    ]);
  }

  /** Returns candidate paths by `paths` alone, best first. */
  mappedCandidates(fromFolder: string, specifier: string): string[] {
    return this.#mappingsFor(fromFolder).flatMap((mapping) => mappedCandidates(mapping, specifier));
  }

  /** Returns the paths in the other `rootDirs` that a relative import may mean. They are absolute and need not exist. */
  rootDirCandidates(fromFolder: string, specifier: string): string[] {
    const path = posix.resolve(fromFolder, specifier);
    return this.#mappingsFor(fromFolder).flatMap(({ rootDirs }) => {
      const own = rootDirs.filter((root) => path.startsWith(`${root}/`)).sort((a, b) => b.length - a.length)[0];
      return own === undefined ? [] : rootDirs.filter((root) => root !== own).map((root) => root + path.slice(own.length));
    });
  }

  #mappingsFor(folder: string): PathMapping[] {
    const cached = this.#mappings.get(folder);
    if (cached) return cached;
    const config = ['tsconfig.json', 'jsconfig.json'].map((name) => posix.join(folder, name)).find((file) => this.#configs.has(file));
    const parent = posix.dirname(folder);
    const own = config ? this.#mappingsOf(config, new Set()) : this.#otherMappings(folder);
    const mappings = config !== undefined || own.length > 0 || parent === folder ? own : this.#mappingsFor(parent);
    this.#mappings.set(folder, mappings);
    return mappings;
  }

  /** The mappings of a folder that has `tsconfig.app.json` or `tsconfig.base.json`, but no `tsconfig.json`. */
  #otherMappings(folder: string): PathMapping[] {
    const others = [...this.#configs].filter((file) => posix.dirname(file) === folder);
    return others.flatMap((file) => this.#mappingsOf(file, new Set()));
  }

  /** The mappings of a tsconfig and of its references: a solution-style tsconfig has none of its own. */
  #mappingsOf(file: string, seen: Set<string>): PathMapping[] {
    if (seen.has(file)) return [];
    seen.add(file);
    const config = this.#read(file);
    if (!config) return [];
    const own = this.#inherited(file, new Set());
    const referenced = (config.references ?? []).flatMap(({ path }) => {
      const target = path === undefined ? undefined : this.#configAt(posix.resolve(posix.dirname(file), path));
      // A reference in another folder is about that folder.
      return target && posix.dirname(target) === posix.dirname(file) ? this.#mappingsOf(target, seen) : [];
    });
    return own ? [own, ...referenced] : referenced;
  }

  /**
   * The nearest `paths` along the `extends` chain, resolved against the file that contains them. `${configDir}` is the folder of the
   * tsconfig at the start of the chain.
   */
  #inherited(file: string, seen: Set<string>, configDir = posix.dirname(file)): PathMapping | undefined {
    if (seen.has(file)) return undefined;
    seen.add(file);
    const config = this.#read(file);
    const options = config?.compilerOptions;
    if (!config) return undefined;
    const bases = typeof config.extends === 'string' ? [config.extends] : (config.extends ?? []);
    const base = bases
      .map((specifier) => this.#extended(posix.dirname(file), specifier))
      .map((path) => (path === undefined ? undefined : this.#inherited(path, seen, configDir)))
      .findLast((mapping) => mapping !== undefined);
    const absolute = (folder: string, path: string) =>
      posix.resolve(
        folder,
        path.replace(/^\$\{configDir\}/, () => configDir),
      );
    const baseUrl = options?.baseUrl === undefined ? base?.baseUrl : absolute(posix.dirname(file), options.baseUrl);
    const rootDirs = options?.rootDirs?.map((root) => absolute(posix.dirname(file), root)) ?? base?.rootDirs ?? [];
    if (!options?.paths)
      return base || baseUrl !== undefined || rootDirs.length > 0 ? { paths: base?.paths ?? new Map(), baseUrl, rootDirs } : undefined;
    const anchor = baseUrl ?? posix.dirname(file);
    const paths = Object.entries(options.paths).map(
      ([pattern, targets]) => [pattern, targets.map((target) => absolute(anchor, target))] as const,
    );
    return { paths: new Map(paths), baseUrl, rootDirs };
  }

  #extended(folder: string, specifier: string): string | undefined {
    if (specifier.startsWith('.') || specifier.startsWith('/')) return this.#configAt(posix.resolve(folder, specifier));
    const [name, subpath] = splitPackage(specifier);
    const packageFolder = this.findPackage(name);
    return packageFolder === undefined ? undefined : this.#configAt(posix.join(packageFolder, subpath));
  }

  #configAt(path: string): string | undefined {
    return [path, `${path}.json`, posix.join(path, 'tsconfig.json')].find(
      (file) => this.#configs.has(file) || (file.endsWith('.json') && this.readText(file) !== undefined),
    );
  }

  #read(file: string): TsConfig | undefined {
    const text = this.readText(file);
    const value: unknown = text === undefined ? undefined : load('jsonc-parser').parse(text, [], { allowTrailingComma: true });
    return isTsConfig(value) ? value : undefined;
  }
}

function mappedCandidates({ paths }: PathMapping, specifier: string): readonly string[] {
  const matches = [...paths].flatMap(([pattern, targets]) => {
    const [prefix = '', suffix] = pattern.split('*');
    if (suffix === undefined) return pattern === specifier ? [{ weight: Number.POSITIVE_INFINITY, targets }] : [];
    if (specifier.length < prefix.length + suffix.length || !specifier.startsWith(prefix) || !specifier.endsWith(suffix)) return [];
    const star = specifier.slice(prefix.length, specifier.length - suffix.length);
    return [{ weight: prefix.length, targets: targets.map((target) => target.replace('*', () => star)) }];
  });
  return matches.sort((a, b) => b.weight - a.weight)[0]?.targets ?? [];
}

function isTsConfig(value: unknown): value is TsConfig {
  if (typeof value !== 'object' || value === null) return false;
  const { extends: base, references, compilerOptions } = value as Record<string, unknown>;
  const options = (compilerOptions ?? {}) as Record<string, unknown>;
  return (
    (base === undefined || typeof base === 'string' || (Array.isArray(base) && base.every((item) => typeof item === 'string'))) &&
    (references === undefined || Array.isArray(references)) &&
    typeof options === 'object' &&
    (options['baseUrl'] === undefined || typeof options['baseUrl'] === 'string') &&
    (options['rootDirs'] === undefined || isStrings(options['rootDirs'])) &&
    (options['paths'] === undefined || isPaths(options['paths']))
  );
}

function isPaths(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(isStrings);
}

function isStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
