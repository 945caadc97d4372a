import { createRequire } from 'node:module';
import { posix } from 'node:path';
import type * as Jsonc from 'jsonc-parser';

/** Loaded with the first import map. */
const load: (id: 'jsonc-parser') => typeof Jsonc = createRequire(import.meta.url);

const fileNames = ['deno.json', 'deno.jsonc', 'import_map.json', 'import-map.json'];

/** The target of an import map, and the folder that relative targets start from. */
export interface MappedImport {
  readonly folder: string;
  /** A path, a URL, or a package specifier. */
  readonly target: string;
}

interface ImportMap {
  readonly folder: string;
  /** Targets by specifier; a specifier with a slash at the end stands for all that start with it. */
  readonly imports: ReadonlyMap<string, string>;
}

/** Resolves specifiers by the import maps of Deno: in `deno.json`, in the file that it names as `importMap`, or in `import_map.json`. */
export class ImportMaps {
  readonly #maps = new Map<string, ImportMap[]>();

  constructor(manifests: readonly string[], readText: (file: string) => string | undefined) {
    for (const file of manifests) {
      if (!fileNames.includes(posix.basename(file))) continue;
      const folder = posix.dirname(file);
      this.#maps.set(folder, [...(this.#maps.get(folder) ?? []), ...readMaps(file, readText)]);
    }
  }

  /** Returns the target of a specifier by the nearest import map that has it; undefined if none has. */
  find(fromFolder: string, specifier: string): MappedImport | undefined {
    if (this.#maps.size === 0) return undefined;
    for (let folder = fromFolder; ; folder = posix.dirname(folder)) {
      for (const map of this.#maps.get(folder) ?? []) {
        const target = targetIn(map.imports, specifier);
        if (target !== undefined) return { folder: map.folder, target };
      }
      if (posix.dirname(folder) === folder) return undefined;
    }
  }

  /** All mappings, as pairs of specifier and target. */
  get entries(): readonly (readonly [specifier: string, target: string])[] {
    return [...this.#maps.values()].flat().flatMap(({ imports }) => [...imports]);
  }
}

function targetIn(imports: ReadonlyMap<string, string>, specifier: string): string | undefined {
  const exact = imports.get(specifier);
  if (exact !== undefined) return exact;
  const [prefix, target] =
    [...imports].filter(([key]) => key.endsWith('/') && specifier.startsWith(key)).sort(([a], [b]) => b.length - a.length)[0] ?? [];
  return prefix === undefined || target === undefined ? undefined : target + specifier.slice(prefix.length);
}

function readMaps(file: string, readText: (file: string) => string | undefined): ImportMap[] {
  const { imports, importMap } = parse(readText(file));
  const linked = typeof importMap === 'string' && importMap.startsWith('.') ? posix.resolve(posix.dirname(file), importMap) : undefined;
  const own = { folder: posix.dirname(file), imports: targets(imports) };
  return linked === undefined ? [own] : [own, { folder: posix.dirname(linked), imports: targets(parse(readText(linked)).imports) }];
}

function targets(imports: unknown): ReadonlyMap<string, string> {
  if (typeof imports !== 'object' || imports === null) return new Map();
  return new Map(Object.entries(imports).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function parse(text: string | undefined): { readonly imports?: unknown; readonly importMap?: unknown } {
  const value: unknown = text === undefined ? undefined : load('jsonc-parser').parse(text, [], { allowTrailingComma: true });
  return typeof value === 'object' && value !== null ? value : {};
}
