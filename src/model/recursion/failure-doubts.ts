import type { ts as TS } from 'ts-morph';
import type { CallEdge } from '../call-graph/call-graph.js';
import { isFunction } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Whether the node runs only after a failure: in a `catch` clause, or in a callback of `promise.catch(…)`. */
export function isAfterFailure(node: TS.Node): boolean {
  return handlerAround(node) !== undefined;
}

/** Whether the handler of the failure counts attempts, or the call passes a number that changes: then the calls end. */
export function countsAttempts(node: TS.Node): boolean {
  const visit = (part: TS.Node): boolean => {
    const isUpdate =
      ((ts.isPrefixUnaryExpression(part) || ts.isPostfixUnaryExpression(part)) && part.operator !== ts.SyntaxKind.ExclamationToken) ||
      (ts.isBinaryExpression(part) && /^(?:-|\+=|-=)$/.test(part.operatorToken.getText())) ||
      (ts.isBinaryExpression(part) && ts.isNumericLiteral(part.right) && part.operatorToken.kind === ts.SyntaxKind.PlusToken);
    return isUpdate || (ts.forEachChild(part, visit) ?? false);
  };
  return visit(handlerAround(node) ?? node);
}

/** Returns the call edge with a doubt if the call runs only after other code failed, and that code may succeed. */
export function withFailureDoubt(edge: CallEdge): CallEdge {
  const handler = edge.doubt ? undefined : handlerAround(edge.site.node);
  const failing = handler && codeBefore(handler);
  if (!failing || (ts.isBlock(failing) && failing.statements.some(ts.isThrowStatement))) return edge;
  return { ...edge, doubt: { kind: 'failure', node: failing } };
}

function handlerAround(node: TS.Node): TS.Node | undefined {
  return ts.findAncestor(node, (outer) => ts.isCatchClause(outer) || isCatchCallback(outer));
}

/** The block of `try`, or the promise of `promise.catch(…)`. */
function codeBefore(handler: TS.Node): TS.Node | undefined {
  if (ts.isCatchClause(handler)) return handler.parent.tryBlock;
  const call = handler.parent;
  return ts.isCallExpression(call) && ts.isPropertyAccessExpression(call.expression) ? call.expression.expression : undefined;
}

function isCatchCallback(node: TS.Node): boolean {
  const call = isFunction(node) ? node.parent : undefined;
  return (
    call !== undefined &&
    ts.isCallExpression(call) &&
    ts.isPropertyAccessExpression(call.expression) &&
    call.expression.name.text === 'catch'
  );
}
