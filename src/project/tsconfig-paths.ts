import { createRequire } from 'node:module';
import { posix } from 'node:path';
import type * as Jsonc from 'jsonc-parser';

/** Loaded with the first tsconfig: most linted code bases never need one read. */
const load: (id: 'jsonc-parser') => typeof Jsonc = createRequire(import.meta.url);

/** How one `tsconfig.json` maps bare specifiers to files. */
interface PathMapping {
  /** Pattern to targets, the targets absolute, as in `compilerOptions.paths`. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  /** Absolute folder of `baseUrl`, where it is set. */
  readonly baseUrl: string | undefined;
}

interface TsConfig {
  readonly extends?: string | readonly string[];
  readonly references?: readonly { readonly path?: string }[];
  readonly compilerOptions?: { readonly baseUrl?: string; readonly paths?: Readonly<Record<string, readonly string[]>> };
}

/**
 * Where the `paths` and `baseUrl` of the nearest tsconfig send a bare specifier.
 * Our own because resolvers give up on a tsconfig that extends a package which is not installed, and we run without `node_modules`.
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

  /** Absolute candidates without a promise that they exist, best first. */
  candidates(fromFolder: string, specifier: string): string[] {
    return this.#mappingsFor(fromFolder).flatMap((mapping) => candidatesIn(mapping, specifier));
  }

  #mappingsFor(folder: string): PathMapping[] {
    const known = this.#mappings.get(folder);
    if (known) return known;
    const config = ['tsconfig.json', 'jsconfig.json'].map((name) => posix.join(folder, name)).find((file) => this.#configs.has(file));
    const parent = posix.dirname(folder);
    const mappings = config ? this.#mappingsOf(config, new Set()) : parent === folder ? [] : this.#mappingsFor(parent);
    this.#mappings.set(folder, mappings);
    return mappings;
  }

  /** A solution-style tsconfig maps nothing itself: its references do. */
  #mappingsOf(file: string, seen: Set<string>): PathMapping[] {
    if (seen.has(file)) return [];
    seen.add(file);
    const config = this.#read(file);
    if (!config) return [];
    const own = this.#inherited(file, new Set());
    const referenced = (config.references ?? []).flatMap(({ path }) => {
      const target = path === undefined ? undefined : this.#configAt(posix.resolve(posix.dirname(file), path));
      // References to sub-packages have folders of their own; only siblings speak for this folder.
      return target && posix.dirname(target) === posix.dirname(file) ? this.#mappingsOf(target, seen) : [];
    });
    return own ? [own, ...referenced] : referenced;
  }

  /** The nearest `paths` along the `extends` chain, relative to the file that wrote them. */
  #inherited(file: string, seen: Set<string>): PathMapping | undefined {
    if (seen.has(file)) return undefined;
    seen.add(file);
    const config = this.#read(file);
    const options = config?.compilerOptions;
    if (!config) return undefined;
    const bases = typeof config.extends === 'string' ? [config.extends] : (config.extends ?? []);
    const base = bases
      .map((specifier) => this.#extended(posix.dirname(file), specifier))
      .map((path) => (path === undefined ? undefined : this.#inherited(path, seen)))
      .findLast((mapping) => mapping !== undefined);
    const baseUrl = options?.baseUrl === undefined ? base?.baseUrl : posix.resolve(posix.dirname(file), options.baseUrl);
    if (!options?.paths) return base || baseUrl !== undefined ? { paths: base?.paths ?? new Map(), baseUrl } : undefined;
    const anchor = baseUrl ?? posix.dirname(file);
    const paths = Object.entries(options.paths).map(
      ([pattern, targets]) => [pattern, targets.map((target) => posix.resolve(anchor, target))] as const,
    );
    return { paths: new Map(paths), baseUrl };
  }

  #extended(folder: string, specifier: string): string | undefined {
    if (specifier.startsWith('.') || specifier.startsWith('/')) return this.#configAt(posix.resolve(folder, specifier));
    const [name, rest] = splitPackage(specifier);
    const packageFolder = this.findPackage(name);
    return packageFolder === undefined ? undefined : this.#configAt(posix.join(packageFolder, rest));
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

/** `['@scope/name', 'sub/path']` for `@scope/name/sub/path`. */
export function splitPackage(specifier: string): readonly [name: string, rest: string] {
  const parts = specifier.split('/');
  const length = specifier.startsWith('@') ? 2 : 1;
  return [parts.slice(0, length).join('/'), parts.slice(length).join('/')];
}

function candidatesIn({ paths, baseUrl }: PathMapping, specifier: string): string[] {
  const matches = [...paths].flatMap(([pattern, targets]) => {
    const [prefix = '', suffix] = pattern.split('*');
    if (suffix === undefined) return pattern === specifier ? [{ weight: Number.POSITIVE_INFINITY, targets }] : [];
    if (specifier.length < prefix.length + suffix.length || !specifier.startsWith(prefix) || !specifier.endsWith(suffix)) return [];
    const star = specifier.slice(prefix.length, specifier.length - suffix.length);
    return [{ weight: prefix.length, targets: targets.map((target) => target.replace('*', () => star)) }];
  });
  const best = matches.sort((a, b) => b.weight - a.weight)[0]?.targets ?? [];
  return baseUrl === undefined ? [...best] : [...best, posix.join(baseUrl, specifier)];
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
    (options['paths'] === undefined || isPaths(options['paths']))
  );
}

function isPaths(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((targets) => Array.isArray(targets) && targets.every((target) => typeof target === 'string'))
  );
}
