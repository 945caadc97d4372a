import type { ts as TS } from 'ts-morph';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

const reshaping = /^(?:slice|substring|substr|split|replace|replaceAll|trim|trimStart|trimEnd|at|pop|shift|join|concat)$/;

/** Whether both values of a conditional expression are the text that is shown: whole, or a part of it. */
export function choosesReshaped({ whenTrue, whenFalse }: TS.ConditionalExpression): boolean {
  const values = [whenTrue, whenFalse];
  return values.some(isReshaped) && values.every((value) => isReshaped(value) || isName(value));
}

/** Whether a condition only decides that a text is shown in part: `if (…) text = text.slice(…)`. */
export function onlyReshapes({ thenStatement, elseStatement }: TS.IfStatement): boolean {
  return elseStatement === undefined && reshapes(thenStatement);
}

function reshapes(node: TS.Statement): boolean {
  if (ts.isBlock(node)) return node.statements.length === 1 && node.statements.every(reshapes);
  if (ts.isReturnStatement(node)) return node.expression !== undefined && isReshaped(node.expression);
  if (!ts.isExpressionStatement(node) || !ts.isBinaryExpression(node.expression)) return false;
  return node.expression.operatorToken.kind === ts.SyntaxKind.EqualsToken && isReshaped(node.expression.right);
}

function isReshaped(node: TS.Expression): boolean {
  const value = unwrap(node);
  if (ts.isBinaryExpression(value)) return isReshaped(value.left);
  if (ts.isElementAccessExpression(value)) return isReshaped(value.expression);
  const member = ts.isCallExpression(value) ? memberAccess(value.expression) : undefined;
  return member !== undefined && (reshaping.test(member.name ?? '') || isReshaped(member.object));
}

function isName(node: TS.Expression): boolean {
  const value = unwrap(node);
  return ts.isIdentifier(value) || memberAccess(value) !== undefined || (ts.isStringLiteralLike(value) && value.text === '');
}
