import type { ts as TS } from 'ts-morph';
import { isFunction } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Returns the uses of a variable or parameter as a value, without assignments to it. */
export function referencesTo(name: TS.Identifier, checker: TS.TypeChecker): TS.Identifier[] {
  const symbol = checker.getSymbolAtLocation(name);
  const scope = scopeOf(name);
  const references: TS.Identifier[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isIdentifier(node) && node !== name && node.text === name.text && isUse(node) && symbolOf(node, checker) === symbol)
      references.push(node);
    ts.forEachChild(node, visit);
  };
  visit(scope);
  return references;
}

function symbolOf(node: TS.Identifier, checker: TS.TypeChecker): TS.Symbol | undefined {
  return ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
}

function isUse(node: TS.Identifier): boolean {
  const { parent } = node;
  const isAssigned = ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && parent.left === node;
  return !isAssigned && !(ts.isPropertyAccessExpression(parent) && parent.name === node);
}

/** The function, or the module, in which a declaration can be used. */
function scopeOf(name: TS.Node): TS.Node {
  return ts.findAncestor(name.parent, (node) => isFunction(node) || ts.isSourceFile(node)) ?? name.getSourceFile();
}

/** Whether the value only decides about a branch: it is a condition, or compared. */
export function isTested(node: TS.Expression): boolean {
  const { parent } = node;
  if (ts.isPrefixUnaryExpression(parent) || ts.isTypeOfExpression(parent) || ts.isTemplateSpan(parent)) return true;
  if ((ts.isIfStatement(parent) || ts.isWhileStatement(parent)) && parent.expression === node) return true;
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  return ts.isBinaryExpression(parent) && (isComparison(parent.operatorToken.kind) || (isAnd(parent) && parent.left === node));
}

function isAnd({ operatorToken }: TS.BinaryExpression): boolean {
  return operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;
}

function isComparison(operator: TS.SyntaxKind): boolean {
  switch (operator) {
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.InstanceOfKeyword:
    case ts.SyntaxKind.InKeyword:
      return true;
    default:
      return false;
  }
}
