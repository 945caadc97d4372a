/** The files that a file imports, and the specifiers by which it names each of them. */
interface FileImports {
  readonly targets: ReadonlySet<string>;
  readonly specifiers: ReadonlyMap<string, readonly string[]>;
}

/** The inputs of the graph. */
export interface ImportSource {
  /** All source files. */
  readonly sources: () => Iterable<string>;
  /** Returns the strings that a file may import. */
  readonly specifiersOf: (file: string) => readonly string[];
  /** Returns the source file that a specifier means in a file; undefined for any other target. */
  readonly resolve: (file: string, specifier: string) => string | undefined;
}

/** Which files of a project import which, in both directions, read on demand. `Project` keeps one and tells it of each change. */
export class ImportGraph {
  readonly #imports = new Map<string, FileImports>();
  #importers: Map<string, Set<string>> | undefined;

  constructor(private readonly source: ImportSource) {}

  /** Returns the files that a file imports. */
  targetsOf(file: string): ReadonlySet<string> {
    return this.#importsOf(file).targets;
  }

  /** Returns the specifiers by which a file imports a module; undefined if it does not. */
  specifiersFor(file: string, module: string): readonly string[] | undefined {
    return this.#importsOf(file).specifiers.get(module);
  }

  /** Returns the files that import a file. The first call reads the imports of all files. */
  importersOf(file: string): ReadonlySet<string> {
    if (!this.#importers) {
      this.#importers = new Map();
      for (const source of this.source.sources()) this.#link(this.#importers, source);
    }
    return this.#importers.get(file) ?? new Set();
  }

  /** Reads the imports of files again. Returns those that import other files than before; a file that was never read is none of them. */
  update(files: Iterable<string>): ReadonlySet<string> {
    return new Set([...files].filter((file) => this.#relink(file)));
  }

  /** Drops all imports: specifiers may mean other files now. */
  clear(): void {
    this.#imports.clear();
    this.#importers = undefined;
  }

  #importsOf(file: string): FileImports {
    const cached = this.#imports.get(file);
    if (cached) return cached;
    const specifiers = new Map<string, string[]>();
    for (const specifier of this.source.specifiersOf(file)) {
      const target = this.source.resolve(file, specifier);
      const known = target === undefined ? undefined : specifiers.get(target);
      if (known) known.push(specifier);
      else if (target !== undefined) specifiers.set(target, [specifier]);
    }
    const imports = { targets: new Set(specifiers.keys()), specifiers };
    this.#imports.set(file, imports);
    return imports;
  }

  #link(importers: Map<string, Set<string>>, source: string): void {
    for (const target of this.targetsOf(source)) {
      const sources = importers.get(target);
      if (sources) sources.add(source);
      else importers.set(target, new Set([source]));
    }
  }

  #relink(file: string): boolean {
    const before = this.#imports.get(file)?.targets;
    if (!before) return false;
    for (const target of before) this.#importers?.get(target)?.delete(file);
    this.#imports.delete(file);
    if (this.#importers) this.#link(this.#importers, file);
    const after = this.targetsOf(file);
    return after.size !== before.size || [...after].some((target) => !before.has(target));
  }
}
