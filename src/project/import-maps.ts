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
      for (const { scope, map } of readMaps(file, readText)) this.#maps.set(scope, [...(this.#maps.get(scope) ?? []), map]);
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

/** An import map, and the folder whose files it is for. */
interface ScopedMap {
  readonly scope: string;
  readonly map: ImportMap;
}

function readMaps(file: string, readText: (file: string) => string | undefined): ScopedMap[] {
  const { imports, scopes, importMap } = parse(readText(file));
  const folder = posix.dirname(file);
  const own = [{ scope: folder, map: { folder, imports: targets(imports) } }, ...scopedMaps(folder, scopes)];
  const linked = typeof importMap === 'string' && importMap.startsWith('.') ? posix.resolve(folder, importMap) : undefined;
  if (linked === undefined) return own;
  const linkedMap = parse(readText(linked));
  const linkedFolder = posix.dirname(linked);
  const map = { folder: linkedFolder, imports: targets(linkedMap.imports) };
  return [...own, { scope: folder, map }, ...scopedMaps(linkedFolder, linkedMap.scopes)];
}

function scopedMaps(folder: string, scopes: unknown): ScopedMap[] {
  if (typeof scopes !== 'object' || scopes === null) return [];
  return Object.entries(scopes).map(([scope, imports]) => ({
    scope: posix.join(folder, scope).replace(/\/$/, ''),
    map: { folder, imports: targets(imports) },
  }));
}

function targets(imports: unknown): ReadonlyMap<string, string> {
  if (typeof imports !== 'object' || imports === null) return new Map();
  return new Map(Object.entries(imports).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function parse(text: string | undefined): { readonly imports?: unknown; readonly scopes?: unknown; readonly importMap?: unknown } {
  const value: unknown = text === undefined ? undefined : load('jsonc-parser').parse(text, [], { allowTrailingComma: true });
  return typeof value === 'object' && value !== null ? value : {};
}
