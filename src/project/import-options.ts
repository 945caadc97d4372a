import type { CompilerOptions } from './tsconfig-options.js';

/** The compiler options that decide which imports exist at run time. */
export interface ImportOptions {
  /** Each import declaration stays, unless it is `import type`. */
  readonly keepsDeclarations: boolean;
  /** A name without the word `type` stays, although no value uses it. */
  readonly keepsNames: boolean;
  /** The compiler sees one file at a time: it cannot know that an imported name is a type. */
  readonly isIsolated: boolean;
  /** The types of decorated members are emitted as values. */
  readonly emitsMetadata: boolean;
}

export const defaultImportOptions: ImportOptions = { keepsDeclarations: false, keepsNames: false, isIsolated: false, emitsMetadata: false };

/** Returns the import options of a file from the tsconfigs of its folder: an option counts if one of them sets it. */
export function importOptionsOf(configs: readonly CompilerOptions[]): ImportOptions {
  if (configs.length === 0) return defaultImportOptions;
  const isSet = (name: string) => configs.some(({ value }) => value(name) === true);
  const isVerbatim = isSet('verbatimModuleSyntax');
  return {
    keepsDeclarations:
      isVerbatim ||
      configs.some(({ value }) => value('importsNotUsedAsValues') === 'preserve' || value('importsNotUsedAsValues') === 'error'),
    keepsNames: isVerbatim || isSet('preserveValueImports'),
    isIsolated: isVerbatim || isSet('isolatedModules'),
    emitsMetadata: isSet('emitDecoratorMetadata'),
  };
}
