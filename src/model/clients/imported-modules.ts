import type { ts as TS } from 'ts-morph';

/** The modules that imports resolve to, for `require` calls, which TypeScript does not follow here. Implemented by `SliceProgram`. */
export interface ImportedModules {
  /** Returns the file of the slice or the stub that a specifier means; undefined for any other target. */
  readonly imported: (from: TS.SourceFile, specifier: string) => TS.SourceFile | undefined;
  /** Returns the files of the slice and the stubs that a call of `import`, `require` and the like may mean. */
  readonly importedBy: (call: TS.Node) => readonly TS.SourceFile[];
  /** Returns the client module that a stub stands for; undefined for the stub of a package. */
  readonly behind: (stub: TS.SourceFile) => TS.SourceFile | undefined;
}
