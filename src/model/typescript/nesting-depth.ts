import type { ts as TS } from 'ts-morph';
import { loadTsMorph } from './load-ts-morph.js';

/** The compiler and we walk trees by recursion; beyond this depth the stack may end before the tree does. */
const deepest = 800;

/** Is this text nested deeper than anybody writes by hand? Only asked once a stack has overflowed. */
export function isTooDeep(file: string, text: string): boolean {
  try {
    const { ts } = loadTsMorph();
    return depthOf(ts.createSourceFile(file, text, ts.ScriptTarget.ESNext)) > deepest;
  } catch {
    // The parser itself ran out of stack.
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
