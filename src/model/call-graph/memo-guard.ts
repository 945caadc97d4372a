import type { ts as TS } from 'ts-morph';
import { isFunction, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/**
 * Whether the node runs at most once, because a memo outlives the call: it stands after `if (memo) return memo;` and `memo = …`, or inside
 * `if (!memo) { memo = …; here }`. A memo that is reset before the node, or that is a promise which waits for the node, does not count; nor
 * does a field of an object that each call makes anew (`isMadeAnew`). `findRecursions` ignores such calls.
 */
export function isMemoGuarded(node: TS.Node, isMadeAnew: (owner: TS.ClassLikeDeclaration) => boolean = () => false): boolean {
  const callable = ts.findAncestor(node.parent, isFunction);
  if (!callable?.body) return false;
  const memoNames = new Set<string>();
  /** Names that the statements nearest to the node decided: an earlier assignment does not count. */
  const decided = new Set<string>();
  const pending = new Set<string>();
  const owner = ts.findAncestor(callable, ts.isClassLike);
  const isLasting = (name: string) => !isLocal(name, callable) && !(name.startsWith('this.') && owner && isMadeAnew(owner));
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
      const assigned = assignedBy(statement);
      if (assigned && !decided.has(assigned.name)) {
        decided.add(assigned.name);
        if (assigned.isSet && isLasting(assigned.name)) memoNames.add(assigned.name);
        if (isUnsettledPromise(assigned.value)) pending.add(assigned.name);
      }
      if (
        ts.isIfStatement(statement) &&
        endsInReturn(statement.thenStatement) &&
        decidedBy(statement.expression, true).some((test) => memoNames.has(test) && !(pending.has(test) && waitsFor(statement, test)))
      )
        return true;
    }
  }
  return false;
}

interface Assigned {
  readonly name: string;
  readonly value: TS.Expression;
  /** False if the assignment resets the memo. */
  readonly isSet: boolean;
}

function assignedBy(statement: TS.Statement): Assigned | undefined {
  if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return undefined;
  const { left, operatorToken, right } = statement.expression;
  const isSet = !isNullish(right) && right.kind !== ts.SyntaxKind.FalseKeyword;
  return operatorToken.kind === ts.SyntaxKind.EqualsToken ? { name: left.getText(), value: right, isSet } : undefined;
}

/** Whether the value is a promise that later code settles: `new Promise(…)`, `Promise.withResolvers()`. */
function isUnsettledPromise(value: TS.Expression): boolean {
  const node = unwrap(value);
  if (ts.isNewExpression(node)) return /^(?:Promise|Deferred)$/.test(node.expression.getText());
  const call = ts.isPropertyAccessExpression(node) ? unwrap(node.expression) : node;
  return ts.isCallExpression(call) && /(?:^|\.)(?:withResolvers|defer|deferred|pDefer|createDeferred)$/.test(call.expression.getText());
}

/** Whether the guard returns or awaits the memo: then each call waits for the first one. */
function waitsFor(guard: TS.IfStatement, name: string): boolean {
  const text = guard.thenStatement.getText();
  return text.includes(`return ${name}`) || text.includes(`await ${name}`);
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
