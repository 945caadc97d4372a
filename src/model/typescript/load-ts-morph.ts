import { createRequire } from 'node:module';
import type * as TsMorph from 'ts-morph';

type TypeScript = typeof TsMorph.ts;

/** The TypeScript of ts-morph. A live binding: undefined until `loadTsMorph` has run. */
export let ts: TypeScript;

let loaded: TypeScript | undefined;

/** Synchronous, because rules are synchronous. */
const require = createRequire(import.meta.url);

/**
 * Loads the TypeScript of ts-morph and sets `ts`. It takes a quarter of a second, so `SliceProgram` calls it only when a project has seed
 * files. The rest of ts-morph wraps the compiler for edits of code, and would take a third as long again.
 */
export function loadTsMorph(): { readonly ts: TypeScript } {
  loaded ??= compilerAlone() ?? (require('ts-morph') as typeof TsMorph).ts;
  ts = loaded;
  return { ts };
}

/** The module of ts-morph that holds the compiler; undefined if this version of ts-morph has it elsewhere. */
function compilerAlone(): TypeScript | undefined {
  try {
    return createRequire(require.resolve('ts-morph'))('@ts-morph/common/dist/typescript.js') as TypeScript;
  } catch {
    return undefined;
  }
}
