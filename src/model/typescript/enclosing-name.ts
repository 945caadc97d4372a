import type { ts as TS } from 'ts-morph';
import { staticName } from './syntax.js';
import { ts } from './load-ts-morph.js';

/**
 * Returns the names of the declarations around an offset, outermost first: `Reports.run`, `services.analytics`. It is empty for code
 * directly in a module. It depends on names only, so it stays the same when lines move.
 */
export function enclosingName(source: TS.SourceFile, offset: number): string {
  const names: string[] = [];
  let node: TS.Node | undefined = childAt(source, offset);
  for (; node; node = childAt(node, offset)) {
    const name = declaredName(node);
    if (name !== undefined) names.push(name);
  }
  return names.join('.');
}

/** Children with their leading trivia lie side by side, so no text needs to be scanned. */
function childAt(node: TS.Node, offset: number): TS.Node | undefined {
  return ts.forEachChild(node, (child) => (child.pos <= offset && offset < child.end ? child : undefined));
}

function declaredName(node: TS.Node): string | undefined {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)) return staticName(node.name);
  return ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isPropertyDeclaration(node) || ts.isModuleDeclaration(node)
    ? staticName(node.name)
    : undefined;
}
