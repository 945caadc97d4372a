import type { ts as TS } from 'ts-morph';
import { isFunction, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/**
 * Whether the node runs at most once, because a memo outlives the call: it stands after `if (memo) return memo;` and `memo = …`, or inside
 * `if (!memo) { memo = …; here }`. `findRecursions` ignores such calls.
 */
export function isMemoGuarded(node: TS.Node): boolean {
  const callable = ts.findAncestor(node.parent, isFunction);
  if (!callable?.body) return false;
  const memoNames = new Set<string>();
  for (let inner = node; inner !== callable.body; inner = inner.parent) {
    const { parent } = inner;
    if (
      ts.isIfStatement(parent) &&
      inner === parent.thenStatement &&
      decidedBy(parent.expression, false).some((name) => memoNames.has(name))
    )
      return true;
    if (!ts.isBlock(parent)) continue;
    const before = parent.statements.slice(
      0,
      parent.statements.findIndex((statement) => statement === inner),
    );
    for (const statement of before.reverse()) {
      const name = assignedBy(statement);
      if (name !== undefined && !isLocal(name, callable)) memoNames.add(name);
      if (
        ts.isIfStatement(statement) &&
        endsInReturn(statement.thenStatement) &&
        decidedBy(statement.expression, true).some((test) => memoNames.has(test))
      )
        return true;
    }
  }
  return false;
}

function assignedBy(statement: TS.Statement): string | undefined {
  if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return undefined;
  const { left, operatorToken, right } = statement.expression;
  const isSet = !isNullish(right) && right.kind !== ts.SyntaxKind.FalseKeyword;
  return operatorToken.kind === ts.SyntaxKind.EqualsToken && isSet ? left.getText() : undefined;
}

/** The names of which a single one that is set gives the condition this outcome. */
function decidedBy(condition: TS.Expression, outcome: boolean): string[] {
  const node = unwrap(condition);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) return decidedBy(node.operand, !outcome);
  if (!ts.isBinaryExpression(node))
    return outcome && (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) ? [node.getText()] : [];
  const { left, right } = node;
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.BarBarToken:
      return outcome ? [left, right].flatMap((part) => decidedBy(part, true)) : [];
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return outcome ? [] : [left, right].flatMap((part) => decidedBy(part, false));
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
      return !outcome && isNullish(right) ? [left.getText()] : [];
    case ts.SyntaxKind.ExclamationEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      return outcome && isNullish(right) ? [left.getText()] : [];
    default:
      return [];
  }
}

function isNullish(value: TS.Expression): boolean {
  return value.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(value) && value.text === 'undefined');
}

function endsInReturn(statement: TS.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  return last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last));
}

function isLocal(name: string, callable: TS.FunctionLikeDeclaration): boolean {
  let isFound = false;
  const visit = (node: TS.Node): void => {
    if ((ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node)) && node.name.getText() === name)
      isFound = true;
    if (!isFound) ts.forEachChild(node, visit);
  };
  visit(callable);
  return isFound;
}
