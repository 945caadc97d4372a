import { createRequire } from 'node:module';
import type * as TsMorph from 'ts-morph';

/** The TypeScript of ts-morph. A live binding: undefined until `loadTsMorph` has run. */
export let ts: typeof TsMorph.ts;

/** Synchronous, because rules are synchronous. */
const load: (id: string) => typeof TsMorph = createRequire(import.meta.url);

/**
 * Loads ts-morph and sets `ts`. Loading takes a third of a second, so `SliceProgram` calls it only when a project has seed files.
 */
export function loadTsMorph(): typeof TsMorph {
  const tsMorph = load('ts-morph');
  ts = tsMorph.ts;
  return tsMorph;
}
