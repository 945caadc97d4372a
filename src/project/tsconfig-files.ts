import { createRequire } from 'node:module';
import { posix } from 'node:path';
import type * as Jsonc from 'jsonc-parser';
import { isBelow } from './paths.js';
import { type CompilerOptions, compilerOptionsOf, type DeclaredOptions, isRecord, strings } from './tsconfig-options.js';

/** Loaded with the first tsconfig: a project without ClickHouse needs none. */
const load: (id: 'jsonc-parser') => typeof Jsonc = createRequire(import.meta.url);

/** The tsconfigs that say how a folder is compiled. */
export interface FolderConfigs {
  /** Options of the nearest `tsconfig.json` or `jsconfig.json`, and of the configurations that it references. */
  readonly own: readonly CompilerOptions[];
  /** Options of other configurations that may include the folder, such as `tsconfig.server.json` or `config/tsconfig.json`. */
  readonly others: readonly CompilerOptions[];
}

/** Returns the paths that `extends` of a package may mean, such as `@acme/config/node`, best first. */
export type ExtendedPackage = (folder: string, specifier: string) => readonly string[];

/**
 * Reads the tsconfigs of a project, with what they inherit and reference. Not left to the resolver, because that fails if a tsconfig extends
 * a package that is not installed, and the analysis must work without `node_modules`.
 */
export class TsConfigFiles {
  readonly #configs: ReadonlySet<string>;
  readonly #byFolder = new Map<string, FolderConfigs>();
  readonly #options = new Map<string, CompilerOptions>();
  readonly #parsed = new Map<string, DeclaredOptions | undefined>();
  #outward: readonly { readonly folder: string; readonly config: string }[] | undefined;

  constructor(
    configs: Iterable<string>,
    private readonly readText: (file: string) => string | undefined,
    private readonly extendedPackage: ExtendedPackage,
  ) {
    this.#configs = new Set(configs);
  }

  /** Returns the options that the files of a folder are compiled with. */
  of(folder: string): FolderConfigs {
    const cached = this.#byFolder.get(folder);
    if (cached) return cached;
    const result = this.#configsAt(folder);
    const outward = this.#outwardConfigs.filter((entry) => entry.folder === folder || isBelow(entry.folder, folder));
    const known = new Set([...result.own, ...result.others]);
    const others = [...result.others, ...outward.map(({ config }) => this.#optionsOf(config)).filter((options) => !known.has(options))];
    const configs = { own: result.own, others };
    this.#byFolder.set(folder, configs);
    return configs;
  }

  #mainOf(folder: string): string | undefined {
    return ['tsconfig.json', 'jsconfig.json'].map((name) => posix.join(folder, name)).find((file) => this.#configs.has(file));
  }

  /** Without `tsconfig.json`, each other tsconfig of the folder may be meant. Their mappings replace those of the folder above. */
  #configsAt(folder: string): FolderConfigs {
    const main = this.#mainOf(folder);
    const parent = posix.dirname(folder);
    const beside = [...this.#configs]
      .filter((file) => posix.dirname(file) === folder && file !== main)
      .map((file) => this.#optionsOf(file));
    if (main === undefined) {
      const isComplete = beside.some(({ isMapping }) => isMapping) || parent === folder;
      const above = isComplete ? { own: [], others: [] } : this.of(parent);
      return { own: [...beside, ...above.own], others: above.others };
    }
    const own = [...this.#withReferences(main, folder)].map((file) => this.#optionsOf(file));
    return { own, others: beside.filter((options) => !own.includes(options)) };
  }

  /** A tsconfig of a solution has references only. A reference in another folder is about that folder, unless its `include` leaves it. */
  #withReferences(file: string, folder: string, found = new Set<string>()): Set<string> {
    if (found.has(file)) return found;
    found.add(file);
    const references = this.#read(file)?.['references']?.value;
    for (const reference of Array.isArray(references) ? (references as unknown[]) : []) {
      const path = isRecord(reference) ? reference['path'] : undefined;
      const target = typeof path === 'string' ? this.#configAt(posix.resolve(posix.dirname(file), path)) : undefined;
      if (target !== undefined && posix.dirname(target) === folder) this.#withReferences(target, folder, found);
    }
    return found;
  }

  /** The configurations that include folders outside their own. */
  get #outwardConfigs(): readonly { readonly folder: string; readonly config: string }[] {
    this.#outward ??= [...this.#configs].flatMap((config) => {
      const entries = [...strings(this.#read(config)?.['include']?.value), ...strings(this.#read(config)?.['files']?.value)];
      const folders = entries
        .filter((entry) => entry.startsWith('../'))
        .map((entry) => posix.resolve(posix.dirname(config), literalFolder(entry)));
      return folders.map((folder) => ({ folder, config }));
    });
    return this.#outward;
  }

  #optionsOf(file: string): CompilerOptions {
    const cached = this.#options.get(file);
    if (cached) return cached;
    const options = compilerOptionsOf(this.#inherited(file, new Set()), posix.dirname(file));
    this.#options.set(file, options);
    return options;
  }

  /** The options of a tsconfig and those that it inherits, each with the folder of the file that sets it. */
  #inherited(file: string, seen: ReadonlySet<string>): DeclaredOptions {
    const config = seen.has(file) ? undefined : this.#read(file);
    if (!config) return {};
    const folder = posix.dirname(file);
    const base = config['extends']?.value;
    const inherited = (typeof base === 'string' ? [base] : strings(base)).map((specifier) => {
      const target = this.#extended(folder, specifier);
      return target === undefined ? {} : this.#inherited(target, new Set([...seen, file]));
    });
    const own = config['compilerOptions']?.value;
    return Object.assign({}, ...inherited, isRecord(own) ? declaredIn(own, folder) : {}) as DeclaredOptions;
  }

  #extended(folder: string, specifier: string): string | undefined {
    if (specifier.startsWith('.') || specifier.startsWith('/')) return this.#configAt(posix.resolve(folder, specifier));
    const candidates = this.extendedPackage(folder, specifier);
    return candidates.map((path) => this.#configAt(path)).find((path) => path !== undefined);
  }

  #configAt(path: string): string | undefined {
    return [path, `${path}.json`, posix.join(path, 'tsconfig.json')].find(
      (file) => this.#configs.has(file) || (file.endsWith('.json') && this.readText(file) !== undefined),
    );
  }

  /** The fields of a tsconfig; undefined if it cannot be read or is no object. */
  #read(file: string): DeclaredOptions | undefined {
    if (this.#parsed.has(file)) return this.#parsed.get(file);
    const text = this.readText(file);
    const value: unknown = text === undefined ? undefined : load('jsonc-parser').parse(text, [], { allowTrailingComma: true });
    const config = isRecord(value) ? declaredIn(value, posix.dirname(file)) : undefined;
    this.#parsed.set(file, config);
    return config;
  }
}

function declaredIn(fields: Readonly<Record<string, unknown>>, folder: string): DeclaredOptions {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { value, folder }]));
}

/** The part of a glob or a file name that names a folder: `../src` for `../src/*` and for `../src/a.ts`. */
function literalFolder(entry: string): string {
  const [literal = ''] = entry.split('*');
  return literal === entry && !/\.\w+$/.test(entry) ? entry : posix.dirname(`${literal}x`);
}
