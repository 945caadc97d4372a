import type { Project as MorphProject, ts } from 'ts-morph';
import { stubFile } from '../clients/stubs.js';
import { loadTsMorph } from '../typescript/load-ts-morph.js';
import { type Callable, callablesIn } from '../typescript/syntax.js';

/** The slice as a ts-morph program: the files that matter, the ES library, the stubs, and nothing else. */
export class SliceProgram {
  readonly #morph: MorphProject;
  readonly #resolve: (fromFile: string, specifier: string) => string | undefined;
  readonly #loaded = new Map<string, string>();
  readonly #callables = new WeakMap<ts.SourceFile, readonly Callable[]>();
  #checker: ts.TypeChecker | undefined;

  /** `resolve` answers which file of the project an import means; files outside the slice stay unknown to the program. */
  constructor(stubText: string, resolve: (fromFile: string, specifier: string) => string | undefined) {
    const { Project, ts } = loadTsMorph();
    this.#resolve = resolve;
    this.#morph = new Project({
      useInMemoryFileSystem: true,
      skipFileDependencyResolution: true,
      compilerOptions: {
        target: ts.ScriptTarget.ESNext,
        module: ts.ModuleKind.ESNext,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        moduleDetection: ts.ModuleDetectionKind.Force,
        jsx: ts.JsxEmit.Preserve,
        lib: ['lib.esnext.d.ts'],
        types: [],
        allowJs: true,
        strict: true,
        noImplicitAny: false,
        experimentalDecorators: true,
        allowImportingTsExtensions: true,
        noEmit: true,
      },
      resolutionHost: () => ({
        resolveModuleNames: (names, fromFile) =>
          names.map((name) => {
            const file = resolve(fromFile, name);
            return file !== undefined && this.#loaded.has(file) ? { resolvedFileName: file, extension: extensionOf(file) } : undefined;
          }),
      }),
    });
    this.#morph.createSourceFile(stubFile, stubText);
  }

  /** Makes the program consist of exactly these texts; what did not change is not parsed again. */
  load(texts: ReadonlyMap<string, string>): void {
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
      this.#morph.createSourceFile(file, text, { overwrite: true });
    }
  }

  get files(): Iterable<string> {
    return this.#loaded.keys();
  }

  textOf(file: string): string | undefined {
    return this.#loaded.get(file);
  }

  /** Belongs to the texts of the last `load`: no type or symbol of it may be kept beyond the next. */
  get checker(): ts.TypeChecker {
    this.#checker ??= this.#morph.getTypeChecker().compilerObject;
    return this.#checker;
  }

  sourceFile(file: string): ts.SourceFile | undefined {
    return this.#morph.getSourceFile(file)?.compilerNode;
  }

  sourceFiles(files: Iterable<string>): ts.SourceFile[] {
    return [...files].map((file) => this.sourceFile(file)).filter((source) => source !== undefined);
  }

  /** The callables of the files. Those of a file are collected once for each of its texts. */
  callables(files: Iterable<string>): Callable[] {
    return this.sourceFiles(files).flatMap((source) => {
      const callables = this.#callables.get(source) ?? callablesIn(source);
      this.#callables.set(source, callables);
      return callables;
    });
  }

  /** The file of the slice that an import means; undefined for files outside the slice. */
  readonly importedFile = (from: ts.SourceFile, specifier: string): ts.SourceFile | undefined => {
    const file = this.#resolve(from.fileName, specifier);
    return file === undefined ? undefined : this.sourceFile(file);
  };

  /** The tree of a file, be it in the slice or not; without types if not. */
  parsed(file: string, text: string): ts.SourceFile {
    const { ts } = loadTsMorph();
    return this.sourceFile(file) ?? ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  }
}

/** TypeScript's extension enum has the extensions themselves as its values. */
function extensionOf(file: string): string {
  return /\.[cm]?[jt]sx?$/.exec(file)?.[0] ?? '.ts';
}
