import type { ts as TS } from 'ts-morph';
import { isFunction } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Returns the statements that run after a statement: in its block, and in the blocks around it up to the function. */
export function statementsAfter(node: TS.Node): TS.Statement[] {
  const found: TS.Statement[] = [];
  for (let child = node; !isFunction(child) && !ts.isSourceFile(child); child = child.parent) {
    const { parent } = child;
    if (ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isCaseOrDefaultClause(parent)) {
      const index = (parent.statements as readonly TS.Node[]).indexOf(child);
      found.push(...parent.statements.slice(index + 1));
    }
  }
  return found;
}
