import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';

/** Functions whose promise rejects if one of several does. */
export const combinators = /^Promise\.(?:all|any|race)$/;

/** Whether a function has the modifier `async`. */
export function isAsync(callable: TS.FunctionLikeDeclaration): boolean {
  return ts.canHaveModifiers(callable) && (ts.getModifiers(callable)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false);
}

/** Whether the value of an expression goes into `await`: itself, the chain that it begins, or the list that it is in. */
export function isAwaited(node: TS.Node): boolean {
  for (let child = node; ; child = child.parent) {
    const { parent } = child;
    if (ts.isAwaitExpression(parent)) return true;
    const isChain = ts.isPropertyAccessExpression(parent) && /^(?:then|catch|finally)$/.test(parent.name.text);
    const isCallee = ts.isCallExpression(parent) && parent.expression === child;
    const isCombined = ts.isCallExpression(parent) && combinators.test(parent.expression.getText());
    const isWrapped = ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isNonNullExpression(parent);
    if (!isChain && !isCallee && !isCombined && !isWrapped && !ts.isArrayLiteralExpression(parent)) return false;
    // A member of another name reads a value.
    if (isCallee && !(ts.isPropertyAccessExpression(child) && /^(?:then|catch|finally)$/.test(child.name.text))) return false;
  }
}
