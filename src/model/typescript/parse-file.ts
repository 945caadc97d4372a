import type { ts as TS } from 'ts-morph';
import { loadTsMorph } from './load-ts-morph.js';

/** Returns the syntax tree of a text, outside of any program. Undefined if the text is nested so deeply that the parser overflows. */
export function parseFile(file: string, text: string): TS.SourceFile | undefined {
  const { ts } = loadTsMorph();
  try {
    return ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
