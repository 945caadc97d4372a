import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';
import { isComparison, isWrapped, memberAccess } from '../typescript/syntax.js';

const testFunction = /^(?:Boolean|is(?:Defined|Nil|Empty|Set|String|Truthy|Present)|assert\w*|invariant|ok)$/;

/**
 * Whether the value of a node only decides whether something is set or on: a condition, `!x`, `Boolean(x)`, a comparison, or a constant that
 * is used for these alone.
 */
export function isPresenceTest(node: TS.Node): boolean {
  const { parent } = node;
  if (isWrapped(parent)) return isPresenceTest(parent);
  // `(x ?? '').length > 0`, `x?.trim()`
  const member = memberAccess(parent);
  if (member?.object === node && member.name === 'length') return isComparison(parent.parent) || isPresenceTest(parent);
  if (member?.object === node && member.name === 'trim') return isPresenceTest(parent.parent);
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken;
  if (ts.isTypeOfExpression(parent)) return true;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) return parent.expression === node;
  if (ts.isConditionalExpression(parent)) return parent.condition === node || isPresenceTest(parent);
  if (ts.isBinaryExpression(parent)) return isTestOperand(node, parent);
  if (ts.isCallExpression(parent)) return parent.expression !== node && isTestCall(parent);
  if (ts.isArrayLiteralExpression(parent)) return /^(?:every|some)$/.test(memberAccess(parent.parent)?.name ?? '');
  return ts.isVariableDeclaration(parent) && parent.initializer === node && isTestedOnly(parent);
}

function isTestOperand(node: TS.Node, binary: TS.BinaryExpression): boolean {
  const operator = binary.operatorToken.kind;
  if (isEquality(operator)) return true;
  if (operator === ts.SyntaxKind.AmpersandAmpersandToken && binary.left === node) return true;
  const isLogical =
    operator === ts.SyntaxKind.AmpersandAmpersandToken ||
    operator === ts.SyntaxKind.BarBarToken ||
    operator === ts.SyntaxKind.QuestionQuestionToken;
  return isLogical && isPresenceTest(binary);
}

function isEquality(operator: TS.SyntaxKind): boolean {
  return (
    operator === ts.SyntaxKind.EqualsEqualsToken ||
    operator === ts.SyntaxKind.EqualsEqualsEqualsToken ||
    operator === ts.SyntaxKind.ExclamationEqualsToken ||
    operator === ts.SyntaxKind.ExclamationEqualsEqualsToken ||
    operator === ts.SyntaxKind.InKeyword
  );
}

function isTestCall({ expression }: TS.CallExpression): boolean {
  const name = memberAccess(expression)?.name ?? (ts.isIdentifier(expression) ? expression.text : '');
  return testFunction.test(name);
}

/** Whether each use of a constant is a test; one without a use is none. */
function isTestedOnly({ name, parent }: TS.VariableDeclaration): boolean {
  const { flags, parent: statement } = parent;
  if (!ts.isIdentifier(name) || (flags & ts.NodeFlags.Const) === 0 || !ts.isVariableStatement(statement)) return false;
  if (ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return false;
  const uses: TS.Node[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isIdentifier(node) && node !== name && node.text === name.text && !isMemberName(node)) uses.push(node);
    ts.forEachChild(node, visit);
  };
  visit(statement.parent);
  return uses.length > 0 && uses.every((use) => isPresenceTest(use));
}

function isMemberName(node: TS.Identifier): boolean {
  const { parent } = node;
  return (ts.isPropertyAccessExpression(parent) && parent.name === node) || (ts.isPropertyAssignment(parent) && parent.name === node);
}
