import type { ts as TS } from 'ts-morph';
import { parametersOf } from '../dataflow/called-parameters.js';
import { isCall } from '../dataflow/normalize-call.js';
import { type Callable, isWrapped, memberAccess } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Whether the last parameter takes all further arguments. */
export function hasRest(callable: Callable): boolean {
  return parametersOf(callable).some(({ dotDotDotToken }) => dotDotDotToken !== undefined);
}

/** Whether the declaration is one of `using` or `await using`. */
export function isUsing({ parent }: TS.VariableDeclaration): boolean {
  return ts.isVariableDeclarationList(parent) && (parent.flags & ts.NodeFlags.Using) !== 0;
}

/** Whether the declaration is a local name. */
export function isVariable(place: TS.Node): boolean {
  return ts.isVariableDeclaration(place) || ts.isParameter(place) || ts.isBindingElement(place) || ts.isFunctionDeclaration(place);
}

/** Whether the parent only tests the value of the child. */
export function isCondition(parent: TS.Node): boolean {
  return (
    ts.isIfStatement(parent) ||
    ts.isWhileStatement(parent) ||
    ts.isDoStatement(parent) ||
    ts.isPrefixUnaryExpression(parent) ||
    ts.isDeleteExpression(parent)
  );
}

/** Whether the parent's value is or holds that of the child. */
export function isTransparent(parent: TS.Node): boolean {
  return (
    isWrapped(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isObjectLiteralExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isShorthandPropertyAssignment(parent) ||
    ts.isSpreadElement(parent) ||
    ts.isSpreadAssignment(parent)
  );
}

/** Whether the code waits for the call, itself or by the promise that it belongs to. */
export function isWaitedFor(call: TS.Node): boolean {
  const { parent } = call;
  if (ts.isAwaitExpression(parent) || ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === call)) return true;
  const access = memberAccess(parent);
  const next = access?.object === call && ts.isCallExpression(parent.parent) && /^(?:then|catch|finally)$/.test(access.name ?? '');
  if (next) return isWaitedFor(parent.parent);
  return isTransparent(parent) || isCall(parent) ? isWaitedFor(parent) : false;
}
