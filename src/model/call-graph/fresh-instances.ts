import type { ts as TS } from 'ts-morph';
import type { CallGraph } from './call-graph.js';
import { isFunction, type Callable } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** The calls between a cycle and the function that makes the object whose method the cycle calls. */
const maxDistance = 3;

/**
 * Whether the callables, or functions that they call, construct the class for each call and keep no instance. Then a field of the class
 * does not outlive the call. `findRecursions` calls it.
 */
export function isMadeAnew(owner: TS.ClassLikeDeclaration, callables: ReadonlySet<Callable>, graph: CallGraph): boolean {
  const distances = new Map<Callable, number>([...callables].map((callable) => [callable, 0]));
  // A map may grow while it is read: this is a breadth-first search.
  for (const [callable, distance] of distances) {
    for (const site of graph.sitesOf(callable)) {
      if (site.targets.has(owner) && isFunction(callable) && isUsedAtOnce(site.node)) return true;
      if (distance < maxDistance) for (const target of site.targets) if (!distances.has(target)) distances.set(target, distance + 1);
    }
  }
  return false;
}

/** Whether the instance is returned, or a method of it is called: `return new Manager()`, `new Manager().open()`. */
function isUsedAtOnce(node: TS.Node): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return isUsedAtOnce(parent);
  return (
    ts.isReturnStatement(parent) || ts.isArrowFunction(parent) || ts.isPropertyAccessExpression(parent) || ts.isVariableDeclaration(parent)
  );
}
