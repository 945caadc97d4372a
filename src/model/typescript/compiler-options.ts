import type { CompilerOptions } from 'ts-morph';
import { ts } from './load-ts-morph.js';

/** Returns the compiler options of all programs of the analysis. Programs with the same options can share syntax trees. */
export function compilerOptions(): CompilerOptions {
  return {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
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
}

/** Returns the extension, which is also its value in TypeScript's `Extension` enum. */
export function extensionOf(file: string): string {
  if (file.endsWith('.d.ts')) return '.d.ts';
  return /\.[cm]?[jt]sx?$/.exec(file)?.[0] ?? '.ts';
}
