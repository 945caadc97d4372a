import type { ts as TS } from 'ts-morph';
import { type Callable, callableOf, isFunction } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Returns the `new Promise(…)` whose executor contains the node, if the node mentions the executor's `resolve` or `reject`. */
export function settledPromise(node: TS.Node): TS.NewExpression | undefined {
  for (let executor: Callable = callableOf(node); !ts.isSourceFile(executor); executor = callableOf(executor)) {
    const promise = executor.parent;
    if (!ts.isNewExpression(promise) || promise.expression.getText() !== 'Promise' || !isFunction(executor)) continue;
    const names = new Set(executor.parameters.map(({ name }) => name.getText()));
    const statement = ts.findAncestor(node, (ancestor) => ts.isExpressionStatement(ancestor) || ts.isArrowFunction(ancestor)) ?? node;
    return mentionsName(statement, names) ? promise : undefined;
  }
  return undefined;
}

function mentionsName(node: TS.Node, names: ReadonlySet<string>): boolean {
  const visit = (inner: TS.Node): boolean => (ts.isIdentifier(inner) && names.has(inner.text)) || (ts.forEachChild(inner, visit) ?? false);
  return visit(node);
}
