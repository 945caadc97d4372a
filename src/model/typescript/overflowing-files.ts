import { overflowsChecker } from './checker-overflow.js';
import { isTooDeep } from './nesting-depth.js';

/**
 * Returns the files that overflow the stack alone. The nesting of a tree takes a moment to measure; a check of the types of every file takes
 * as long as the analysis, so it comes second and only for files that are `typed`. Called by `ModelCache` after a stack overflow.
 */
export function overflowingFiles(files: readonly (readonly [file: string, text: string])[], isTyped: (file: string) => boolean): string[] {
  const nested = files.filter(([file, text]) => isTooDeep(file, text));
  const found = nested.length > 0 ? nested : files.filter(([file, text]) => isTyped(file) && overflowsChecker(file, text));
  return found.map(([file]) => file);
}
