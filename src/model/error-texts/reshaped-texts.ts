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

/**
 * Whether a test for the beginning or the end of a text only decides that the text gets it: `if (!text.startsWith('[ch]')) text = '[ch]' + text`.
 */
export function onlyCompletes(test: TS.Expression): boolean {
  const name = ts.isCallExpression(test) ? memberAccess(test.expression)?.name : undefined;
  if (name !== 'startsWith' && name !== 'endsWith') return false;
  let condition: TS.Node = test;
  while (ts.isPrefixUnaryExpression(condition.parent) || ts.isParenthesizedExpression(condition.parent)) condition = condition.parent;
  const { parent } = condition;
  if (ts.isConditionalExpression(parent)) {
    const [one, other] = [parent.whenTrue.getText(), parent.whenFalse.getText()];
    const text = ts.isCallExpression(test) ? memberAccess(test.expression)?.object.getText() : undefined;
    return [one, other].some((value) => value === text) && (one.includes(other) || other.includes(one));
  }
  return (
    ts.isIfStatement(parent) && parent.expression === condition && parent.elseStatement === undefined && completes(parent.thenStatement)
  );
}

function completes(node: TS.Statement): boolean {
  if (ts.isBlock(node)) return node.statements.length === 1 && node.statements.every(completes);
  if (!ts.isExpressionStatement(node) || !ts.isBinaryExpression(node.expression)) return false;
  const { left, operatorToken, right } = node.expression;
  if (operatorToken.kind === ts.SyntaxKind.PlusEqualsToken) return true;
  return operatorToken.kind === ts.SyntaxKind.EqualsToken && right.getText().includes(left.getText());
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
