import type { ts as TS } from 'ts-morph';
import { type AbstractValue, unknown } from './abstract-value.js';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/**
 * Returns the value of a counter after a step by a constant, such as `depth + 1`, if its value before is not known. A parameter that each call
 * passes on with a step reaches any limit, so it is not *any* value: a condition on it is not understood. Other values may be any after the step.
 */
export function afterStep(node: TS.Node, counted: TS.Expression, checker: TS.TypeChecker): AbstractValue {
  return isParameterPart(counted, checker) ? { kind: 'opaque', node } : unknown;
}

/** Whether the expression is a parameter, a part of one, or a variable that begins as one. */
function isParameterPart(expression: TS.Expression, checker: TS.TypeChecker): boolean {
  const node = unwrap(expression);
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.kind;
    const hasDefault = operator === ts.SyntaxKind.QuestionQuestionToken || operator === ts.SyntaxKind.BarBarToken;
    return hasDefault && isParameterPart(node.left, checker);
  }
  const access = memberAccess(node);
  if (access) return isParameterPart(access.object, checker);
  return ts.isIdentifier(node) && isOfParameter(checker.getSymbolAtLocation(node)?.valueDeclaration, checker);
}

function isOfParameter(declaration: TS.Node | undefined, checker: TS.TypeChecker): boolean {
  if (!declaration) return false;
  if (ts.isParameter(declaration)) return true;
  if (ts.isBindingElement(declaration)) return isOfParameter(declaration.parent.parent, checker);
  return (
    ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined && isParameterPart(declaration.initializer, checker)
  );
}
