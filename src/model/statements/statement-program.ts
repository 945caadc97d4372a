import type { ts as TS } from 'ts-morph';
import { type Stubs, stubFolder } from '../clients/stubs.js';
import { compilerOptions, extensionOf } from '../typescript/compiler-options.js';
import { esLibrary, esLibraryFile } from '../typescript/es-library.js';
import { ts } from '../typescript/load-ts-morph.js';

/** The parts of the program. */
export interface StatementProgramSources {
  /** The syntax trees of the files. The program of the slice shares them: a tree is parsed and bound once. */
  readonly trees: ReadonlyMap<string, TS.SourceFile>;
  /** The stubs, with the types of results. */
  readonly stubs: Stubs;
  /** Returns the file of the project or the stub that an import means. */
  readonly resolve: (fromFile: string, specifier: string) => string | undefined;
}

/** Returns the checker of the code that runs statements: the trees, the ES library and the stubs. `readStatementCode` calls it. */
export function createStatementChecker({ trees, stubs, resolve }: StatementProgramSources): TS.TypeChecker {
  const texts = new Map([...stubs.files, [esLibraryFile, esLibrary]]);
  const ownTrees = new Map([...texts].map(([file, text]) => [file, ts.createSourceFile(file, text, ts.ScriptTarget.ESNext)]));
  const getSourceFile = (file: string): TS.SourceFile | undefined => trees.get(file) ?? ownTrees.get(file);
  const targetOf = (fromFile: string, specifier: string): string | undefined =>
    fromFile.startsWith(stubFolder) ? specifier : resolve(fromFile, specifier);
  const host: TS.CompilerHost = {
    getSourceFile,
    resolveModuleNameLiterals: (literals, fromFile) =>
      literals.map(({ text }) => {
        const file = targetOf(fromFile, text);
        const isKnown = file !== undefined && getSourceFile(file) !== undefined;
        return { resolvedModule: isKnown ? { resolvedFileName: file, extension: extensionOf(file) } : undefined };
      }),
    fileExists: (file) => getSourceFile(file) !== undefined,
    readFile: (file) => texts.get(file),
    writeFile: () => undefined,
    getDefaultLibFileName: () => esLibraryFile,
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (file) => file,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
  };
  return ts.createProgram([...ownTrees.keys(), ...trees.keys()], compilerOptions(), host).getTypeChecker();
}
