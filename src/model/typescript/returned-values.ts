import type { ts as TS } from 'ts-morph';
import { ts } from './load-ts-morph.js';
import { isFunction, unwrap } from './syntax.js';

/** Returns each expression whose value the function may return. */
export function returnedBy({ body }: TS.FunctionLikeDeclaration): TS.Expression[] {
  if (!body) return [];
  if (!ts.isBlock(body)) return alternatives(body);
  const values: TS.Expression[] = [];
  const visit = (node: TS.Node): void => {
    if (isFunction(node) || ts.isClassLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression) values.push(...alternatives(node.expression));
    ts.forEachChild(node, visit);
  };
  visit(body);
  return values;
}

/** The possible values: `b` and `c` of `a ? b : c`, both of `a ?? b` and `a || b`, and `b` of `a && b`, since a falsy `a` is not a client. */
function alternatives(expression: TS.Expression): TS.Expression[] {
  const value = unwrap(expression);
  if (ts.isConditionalExpression(value)) return [value.whenTrue, value.whenFalse].flatMap(alternatives);
  if (ts.isBinaryExpression(value))
    return (value.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken ? [value.right] : [value.left, value.right]).flatMap(
      alternatives,
    );
  return [value];
}
