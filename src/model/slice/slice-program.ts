import type * as TsMorph from 'ts-morph';
import type { ts } from 'ts-morph';
import type { ImportedModules } from '../clients/imported-modules.js';
import { type Stubs, stubFolder } from '../clients/stubs.js';
import type { ScriptLanguage } from '../../project/script-blocks.js';
import { esLibrary, esLibraryFile } from '../typescript/es-library.js';
import { loadTsMorph } from '../typescript/load-ts-morph.js';
import { type Callable, callablesIn } from '../typescript/syntax.js';

/** The slice as a program: the files of the slice, the ES library and the stubs. Created by `ModelCache`. */
export class SliceProgram {
  readonly #ts: typeof TsMorph.ts;
  readonly #resolve: (fromFile: string, specifier: string) => string | undefined;
  readonly #trees = new Map<string, ts.SourceFile>();
  readonly #loaded = new Map<string, string>();
  readonly #callables = new WeakMap<ts.SourceFile, readonly Callable[]>();
  #checker: ts.TypeChecker | undefined;

  /**
   * `resolve` returns the project file or the stub that an import means. Imports of files outside the slice stay unresolved in the program.
   */
  constructor(
    private readonly stubs: Stubs,
    resolve: (fromFile: string, specifier: string) => string | undefined,
  ) {
    this.#ts = loadTsMorph().ts;
    // A stub imports others by their absolute paths.
    this.#resolve = (fromFile, specifier) => (fromFile.startsWith(stubFolder) ? specifier : resolve(fromFile, specifier));
    this.#parse(esLibraryFile, esLibrary);
    for (const [file, text] of stubs.files) this.#parse(file, text);
  }

  /**
   * Replaces the files of the program with these texts, by path. Unchanged files are not parsed again. `languageOf` returns the language of
   * a component, whose extension does not tell it.
   */
  load(texts: ReadonlyMap<string, string>, languageOf: (file: string) => ScriptLanguage | undefined = () => undefined): void {
    for (const file of this.#loaded.keys()) {
      if (texts.has(file)) continue;
      this.#trees.delete(file);
      this.#loaded.delete(file);
      this.#checker = undefined;
    }
    for (const [file, text] of texts) {
      if (this.#loaded.get(file) === text) continue;
      this.#loaded.set(file, text);
      this.#checker = undefined;
      this.#parse(file, text, languageOf(file));
    }
  }

  /** Comments of TypeScript files hold no types, so they are not parsed. */
  #parse(file: string, text: string, language?: ScriptLanguage): void {
    const ts = this.#ts;
    const options = { languageVersion: ts.ScriptTarget.ESNext, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
    this.#trees.set(file, ts.createSourceFile(file, text, options, true, language && scriptKindOf(language)));
  }

  /** Paths of the loaded files. */
  get files(): Iterable<string> {
    return this.#loaded.keys();
  }

  /** Returns the loaded text of a file; undefined for files outside the slice. */
  textOf(file: string): string | undefined {
    return this.#loaded.get(file);
  }

  /** The checker for the texts of the last `load`. Its types and symbols are invalid after the next `load`. */
  get checker(): ts.TypeChecker {
    this.#checker ??= this.#createProgram().getTypeChecker();
    return this.#checker;
  }

  #createProgram(): ts.Program {
    const ts = this.#ts;
    const options: ts.CompilerOptions = {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      jsx: ts.JsxEmit.Preserve,
      noLib: true,
      types: [],
      allowJs: true,
      strict: true,
      noImplicitAny: false,
      experimentalDecorators: true,
      allowImportingTsExtensions: true,
      // Components have extensions of their own.
      allowNonTsExtensions: true,
      noEmit: true,
    };
    return ts.createProgram([...this.#trees.keys()], options, {
      getSourceFile: (file) => this.#trees.get(file),
      resolveModuleNameLiterals: (literals, fromFile) =>
        literals.map(({ text }) => ({ resolvedModule: this.#resolvedModule(fromFile, text) })),
      getDefaultLibFileName: () => esLibraryFile,
      getCurrentDirectory: () => '/',
      getCanonicalFileName: (file) => file,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => '\n',
      fileExists: (file) => this.#trees.has(file),
      readFile: (file) => this.#trees.get(file)?.text,
      writeFile: () => undefined,
    });
  }

  #resolvedModule(fromFile: string, specifier: string): ts.ResolvedModuleFull | undefined {
    const file = this.#resolve(fromFile, specifier);
    const isKnown = file !== undefined && (this.#loaded.has(file) || this.stubs.files.has(file));
    return isKnown ? { resolvedFileName: file, extension: extensionOf(file) } : undefined;
  }

  /** Returns the syntax tree of a file; undefined for files outside the slice. */
  sourceFile(file: string): ts.SourceFile | undefined {
    return this.#trees.get(file);
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

  /** The modules of the slice and the stubs that imports resolve to. */
  readonly modules: ImportedModules = {
    imported: (from, specifier) => {
      const file = this.#resolve(from.fileName, specifier);
      return file === undefined ? undefined : this.sourceFile(file);
    },
    behind: (stub) => {
      const file = this.stubs.moduleBehind(stub.fileName);
      return file === undefined ? undefined : this.sourceFile(file);
    },
  };

  /** Returns the syntax tree of a file, also for files outside the slice, which have no types. */
  parsed(file: string, text: string): ts.SourceFile {
    const { ts } = loadTsMorph();
    return this.sourceFile(file) ?? ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  }
}

/** Scripts of components are read as TypeScript, which JavaScript is a part of. */
function scriptKindOf(language: ScriptLanguage): ts.ScriptKind {
  const { ts } = loadTsMorph();
  return language.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
}

/** Returns the extension, which is also its value in TypeScript's `Extension` enum. */
function extensionOf(file: string): string {
  if (file.endsWith('.d.ts')) return '.d.ts';
  return /\.[cm]?[jt]sx?$/.exec(file)?.[0] ?? '.ts';
}
