import { posix } from 'node:path';
import { isSourcePath, listFiles } from './list-files.js';
import { isGenerated } from './is-generated.js';
import { isBelow, relativeTo } from './paths.js';
import { Resolver } from './resolver.js';
import { specifiersOf } from './scan-specifiers.js';
import { mtimeOf, DocumentStore } from './document-store.js';

/** What a look at the disk, or a text handed in by a linter, found to be different. */
export interface ProjectChange {
  /** Files whose text differs, that are new, or that are gone. */
  readonly files: ReadonlySet<string>;
  /** Those of them that import other files than before, as far as anybody has asked what they import. */
  readonly importsChanged: ReadonlySet<string>;
  /** Files came, went, or changed how imports resolve: every resolution is open again. */
  readonly resolutionChanged: boolean;
}

/** The source files under one root and how they reach one another. It knows nothing of what they mean. */
export class Project {
  readonly #texts = new DocumentStore();
  readonly #isVendored: (relativePath: string) => boolean;
  #sources = new Set<string>();
  #folders: ReadonlyMap<string, number> = new Map();
  #manifests: readonly string[] = [];
  #resolver: Resolver | undefined;
  #importers: Map<string, Set<string>> | undefined;
  readonly #imports = new Map<string, ReadonlySet<string>>();

  constructor(
    readonly root: string,
    isVendored: (relativePath: string) => boolean = () => false,
  ) {
    this.#isVendored = isVendored;
    this.#list();
  }

  /** Absolute paths of all source files. */
  get sources(): ReadonlySet<string> {
    return this.#sources;
  }

  /** How many folders hold them. */
  get folders(): number {
    return this.#folders.size;
  }

  /** Names of the packages whose source is in this project, with their folders. */
  get packages(): ReadonlyMap<string, { readonly folder: string }> {
    return this.#resolve.workspaces.packages;
  }

  /** Does some package of this project depend on that one, or is it one of them? */
  dependsOn(packageName: string): boolean {
    const { packages, dependencies } = this.#resolve.workspaces;
    return packages.has(packageName) || dependencies.has(packageName);
  }

  /** The text without BOM; undefined for files that are not the project's, cannot be read or were generated. */
  text(file: string): string | undefined {
    const text = this.#sources.has(file) ? this.#texts.read(file) : undefined;
    return text === undefined || isGenerated(text) ? undefined : text;
  }

  resolve(fromFile: string, specifier: string): string | undefined {
    return this.#resolve.resolve(fromFile, specifier);
  }

  /** Files of the project that this one imports, in whatever form. */
  importsOf(file: string): ReadonlySet<string> {
    const known = this.#imports.get(file);
    if (known) return known;
    const resolved = [...specifiersOf(this.text(file) ?? '')].map((specifier) => this.resolve(file, specifier));
    const imports = new Set(resolved.filter((target) => target !== undefined));
    this.#imports.set(file, imports);
    return imports;
  }

  importersOf(file: string): ReadonlySet<string> {
    if (!this.#importers) {
      this.#importers = new Map();
      for (const source of this.#sources) this.#linkImports(this.#importers, source);
    }
    return this.#importers.get(file) ?? new Set();
  }

  /** A linter's text of a file beats the disk's. The file need not exist yet. */
  open(file: string, text: string): ProjectChange {
    const isNew = !this.#sources.has(file);
    if (isNew && !this.#mayHold(file)) return unchanged;
    if (!this.#texts.open(file, text) && !isNew) return unchanged;
    if (isNew) {
      this.#sources.add(file);
      this.#forgetStructure();
    }
    const files = new Set([file]);
    return { files, importsChanged: isNew ? files : this.#filesWithChangedImports(files), resolutionChanged: isNew };
  }

  /** Looks at the disk again; only at these files, where somebody knows which ones matter. */
  refresh(only?: ReadonlySet<string>): ProjectChange {
    const before = this.#sources;
    if (!sameStamps(this.#folders, stampsOf(this.#folders.keys()))) this.#list();
    const gone = [...before].filter((file) => !this.#sources.has(file));
    const added = [...this.#sources].filter((file) => !before.has(file));
    for (const file of gone) this.#texts.forget(file);
    const changed = [...(only ?? this.#sources)].filter((file) => before.has(file) && this.#sources.has(file) && this.#texts.refresh(file));
    const manifestsChanged = this.#manifests.filter((file) => this.#texts.refresh(file)).length > 0;
    const resolutionChanged = gone.length > 0 || added.length > 0 || manifestsChanged;
    if (resolutionChanged) this.#forgetStructure();
    const files = new Set([...gone, ...added, ...changed]);
    return { files, importsChanged: resolutionChanged ? files : this.#filesWithChangedImports(files), resolutionChanged };
  }

  #list(): void {
    const { sources, manifests } = listFiles(this.root, this.#isVendored);
    this.#sources = new Set([...sources.map((path) => `${this.root}/${path}`), ...this.#texts.unsaved()]);
    this.#folders = stampsOf(foldersOf(this.root, this.#sources));
    const listed = manifests.map((path) => posix.join(this.root, path));
    if (listed.join('\0') !== this.#manifests.join('\0')) this.#forgetStructure();
    this.#manifests = listed;
  }

  #mayHold(file: string): boolean {
    const path = relativeTo(this.root, file);
    return isBelow(this.root, file) && isSourcePath(path) && !this.#isVendored(path);
  }

  get #resolve(): Resolver {
    this.#resolver ??= new Resolver(
      (file) => this.#sources.has(file),
      this.#manifests,
      (file) => this.#texts.read(file),
    );
    return this.#resolver;
  }

  #linkImports(importers: Map<string, Set<string>>, source: string): void {
    for (const target of this.importsOf(source)) {
      const known = importers.get(target);
      if (known) known.add(source);
      else importers.set(target, new Set([source]));
    }
  }

  /** Links the files anew, and says which of them import others than before. */
  #filesWithChangedImports(files: Iterable<string>): ReadonlySet<string> {
    return new Set([...files].filter((file) => this.#relink(file)));
  }

  #relink(file: string): boolean {
    const before = this.#imports.get(file);
    if (!before) return false;
    for (const target of before) this.#importers?.get(target)?.delete(file);
    this.#imports.delete(file);
    if (this.#importers) this.#linkImports(this.#importers, file);
    const now = this.importsOf(file);
    return now.size !== before.size || [...now].some((target) => !before.has(target));
  }

  #forgetStructure(): void {
    this.#resolver = undefined;
    this.#importers = undefined;
    this.#imports.clear();
  }
}

function foldersOf(root: string, files: Iterable<string>): Set<string> {
  const folders = new Set([root]);
  for (const file of files)
    for (let folder = posix.dirname(file); !folders.has(folder) && folder.length > root.length; folder = posix.dirname(folder))
      folders.add(folder);
  return folders;
}

/** A file that comes or goes changes its folder, and so does a new `.gitignore`. */
function stampsOf(folders: Iterable<string>): Map<string, number> {
  return new Map([...folders].map((folder) => [folder, mtimeOf(folder)]));
}

function sameStamps(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([folder, time]) => b.get(folder) === time);
}

const unchanged: ProjectChange = { files: new Set(), importsChanged: new Set(), resolutionChanged: false };
