import type { ts as TS } from 'ts-morph';
import { loadTsMorph } from './load-ts-morph.js';

/** Maximum nesting depth of a syntax tree, in nodes. The compiler and the analysis recurse, and overflow the stack at greater depths. */
const maxDepth = 800;

/** Whether the nesting of the text is likely to overflow the stack. Called by `ModelCache` after a stack overflow. */
export function isTooDeep(file: string, text: string): boolean {
  try {
    const { ts } = loadTsMorph();
    return depthOf(ts.createSourceFile(file, text, ts.ScriptTarget.ESNext)) > maxDepth;
  } catch {
    // The parser overflowed the stack.
    return true;
  }
}

function depthOf(root: TS.Node): number {
  let depth = 0;
  for (let level = [root]; level.length > 0; depth++) {
    const next: TS.Node[] = [];
    for (const node of level) node.forEachChild((child) => void next.push(child));
    level = next;
  }
  return depth;
}
