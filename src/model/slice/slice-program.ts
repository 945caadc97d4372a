import type { Project as MorphProject, ts } from 'ts-morph';
import type { ImportedModules } from '../clients/imported-modules.js';
import { type Stubs, stubFolder } from '../clients/stubs.js';
import { specifiersAt } from '../../project/computed-specifiers.js';
import type { ScriptLanguage } from '../../project/script-blocks.js';
import { compilerOptions, extensionOf } from '../typescript/compiler-options.js';
import { esLibrary, esLibraryFile } from '../typescript/es-library.js';
import { importedSpecifier } from '../typescript/import-calls.js';
import { loadTsMorph } from '../typescript/load-ts-morph.js';
import { type Callable, callablesIn } from '../typescript/syntax.js';

/** The slice as a ts-morph program: the files of the slice, the ES library and the stubs. Created by `ModelCache`. */
export class SliceProgram {
  readonly #morph: MorphProject;
  readonly #resolve: (fromFile: string, specifier: string) => string | undefined;
  readonly #loaded = new Map<string, string>();
  /** Files outside the slice that were parsed. */
  readonly #outside = new Map<string, string>();
  readonly #callables = new WeakMap<ts.SourceFile, readonly Callable[]>();
  #checker: ts.TypeChecker | undefined;

  /**
   * `resolve` returns the project file or the stub that an import means. Imports of files outside the slice stay unresolved in the program.
   */
  constructor(
    private readonly stubs: Stubs,
    resolve: (fromFile: string, specifier: string) => string | undefined,
  ) {
    const { Project } = loadTsMorph();
    // A stub imports others by their absolute paths.
    this.#resolve = (fromFile, specifier) => (fromFile.startsWith(stubFolder) ? specifier : resolve(fromFile, specifier));
    this.#morph = new Project({
      useInMemoryFileSystem: true,
      skipFileDependencyResolution: true,
      skipLoadingLibFiles: true,
      compilerOptions: compilerOptions(),
      resolutionHost: () => ({
        resolveModuleNames: (names, fromFile) =>
          names.map((name) => {
            const file = this.#resolve(fromFile, name);
            const isKnown = file !== undefined && (this.#loaded.has(file) || stubs.files.has(file));
            return isKnown ? { resolvedFileName: file, extension: extensionOf(file) } : undefined;
          }),
      }),
    });
    this.#morph.createSourceFile(esLibraryFile, esLibrary);
    for (const [file, text] of stubs.files) this.#morph.createSourceFile(file, text);
  }

  /**
   * Replaces the files of the program with these texts, by path. Unchanged files are not parsed again. `languageOf` returns the language of
   * a component, whose extension does not tell it.
   */
  load(texts: ReadonlyMap<string, string>, languageOf: (file: string) => ScriptLanguage | undefined = () => undefined): void {
    for (const file of this.#loaded.keys()) {
      if (texts.has(file)) continue;
      this.#morph.getSourceFile(file)?.forget();
      this.#loaded.delete(file);
      this.#checker = undefined;
    }
    for (const [file, text] of texts) {
      if (this.#loaded.get(file) === text) continue;
      this.#loaded.set(file, text);
      this.#checker = undefined;
      this.#morph.createSourceFile(file, text, { overwrite: true, ...scriptKindOption(languageOf(file)) });
    }
  }

  /** The files that were loaded or parsed, with their texts. */
  get read(): Iterable<readonly [file: string, text: string]> {
    return [...this.#loaded, ...this.#outside];
  }

  /** The checker for the texts of the last `load`. Its types and symbols are invalid after the next `load`. */
  get checker(): ts.TypeChecker {
    this.#checker ??= this.#morph.getTypeChecker().compilerObject;
    return this.#checker;
  }

  /** Returns the syntax tree of a file; undefined for files outside the slice. */
  sourceFile(file: string): ts.SourceFile | undefined {
    return this.#morph.getSourceFile(file)?.compilerNode;
  }

  /** Returns the syntax trees of those files that are in the slice. */
  sourceFiles(files: Iterable<string>): ts.SourceFile[] {
    return [...files].map((file) => this.sourceFile(file)).filter((source) => source !== undefined);
  }

  /** Returns the callables of the files, cached for each syntax tree. */
  callables(files: Iterable<string>): Callable[] {
    return this.sourceFiles(files).flatMap((source) => {
      const callables = this.#callables.get(source) ?? callablesIn(source);
      this.#callables.set(source, callables);
      return callables;
    });
  }

  /** Returns the file of the project or the stub that a specifier means in a file; undefined for any other target. */
  targetOf(fromFile: string, specifier: string): string | undefined {
    return this.#resolve(fromFile, specifier);
  }

  /** The modules of the slice and the stubs that imports resolve to. */
  readonly modules: ImportedModules = {
    imported: (from, specifier) => {
      const file = this.#resolve(from.fileName, specifier);
      return file === undefined ? undefined : this.sourceFile(file);
    },
    importedBy: (call) => {
      const argument = importedSpecifier(call);
      if (!argument) return [];
      const { ts } = loadTsMorph();
      const source = call.getSourceFile();
      const specifiers = ts.isStringLiteralLike(argument)
        ? [argument.text]
        : specifiersAt(source.fileName, source.text, argument.getStart(source));
      return specifiers.map((specifier) => this.modules.imported(source, specifier)).filter((module) => module !== undefined);
    },
    behind: (stub) => {
      const file = this.stubs.moduleBehind(stub.fileName);
      return file === undefined ? undefined : this.sourceFile(file);
    },
  };

  /** Returns the syntax tree of a file, also for files outside the slice, which have no types. `language`: that of a component. */
  parsed(file: string, text: string, language?: ScriptLanguage): ts.SourceFile {
    const loaded = this.sourceFile(file);
    if (loaded) return loaded;
    this.#outside.set(file, text);
    const { ts } = loadTsMorph();
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true, scriptKindOption(language).scriptKind);
    // As in the slice, each file is a module, so that another program can have this tree.
    if (!ts.isExternalModule(source)) Object.assign(source, { externalModuleIndicator: true });
    return source;
  }
}

/** Scripts of components are read as TypeScript, which JavaScript is a part of. */
function scriptKindOption(language: ScriptLanguage | undefined): { readonly scriptKind?: ts.ScriptKind } {
  if (language === undefined) return {};
  const { ts } = loadTsMorph();
  return { scriptKind: language.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS };
}
