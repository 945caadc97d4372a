import type { ts as TS } from 'ts-morph';
import { isResetName, membershipOf, memoNameOf } from './memo-names.js';
import { isFunction, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/**
 * Whether the node runs at most once, because a memo outlives the call: it stands after `if (memo) return memo;` and `memo = …`, or inside
 * `if (!memo) { memo = …; here }`. An element of a collection is a memo too: `if (open.has(key)) return …; open.add(key)`.
 * Three memos do not count: one that is reset before the node, a promise that waits for the node, and a field of an object that each call
 * makes anew (`isMadeAnew`). `findRecursions` ignores guarded calls.
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
  // Above a default value stands the parameter, and no statement.
  for (let inner = node; inner !== callable.body && !ts.isParameter(inner); inner = inner.parent) {
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
        if (assigned.isSet && isLasting(assigned.name)) {
          memoNames.add(assigned.name);
          if (assigned.isCount) memoNames.add(countOf(assigned.name));
        }
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
  /** Whether the assignment increases a number. */
  readonly isCount?: boolean;
}

/** The name by which a comparison with a number asks for a memo: only a memo that is increased answers it. */
function countOf(name: string): string {
  return `++${name}`;
}

function assignedBy(statement: TS.Statement): Assigned | undefined {
  if (!ts.isExpressionStatement(statement)) return undefined;
  const expression = unwrap(statement.expression);
  if (ts.isCallExpression(expression)) {
    const membership = membershipOf(expression);
    if (membership?.isChange !== true) return undefined;
    return { name: membership.name, value: membership.value ?? expression, isSet: !isResetName(membership.method) };
  }
  const changed = changedNumber(expression);
  if (changed) return changed;
  if (!ts.isBinaryExpression(expression) || expression.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  const { left, right } = expression;
  return { name: memoNameOf(left), value: right, isSet: !isNullish(right) && right.kind !== ts.SyntaxKind.FalseKeyword };
}

/** `depth++`, `depth += 1` and their opposites. */
function changedNumber(node: TS.Expression): Assigned | undefined {
  const isUnary = ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node);
  const target = isUnary ? node.operand : ts.isBinaryExpression(node) ? node.left : undefined;
  const operator = isUnary ? node.operator : ts.isBinaryExpression(node) ? node.operatorToken.kind : undefined;
  const isSet = operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.PlusEqualsToken;
  const isReset = operator === ts.SyntaxKind.MinusMinusToken || operator === ts.SyntaxKind.MinusEqualsToken;
  return target && (isSet || isReset) ? { name: memoNameOf(target), value: node, isSet, isCount: isSet } : undefined;
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
  let isFound = false;
  const visit = (node: TS.Node): void => {
    const waited = ts.isReturnStatement(node) || ts.isAwaitExpression(node) ? node.expression : undefined;
    if (waited && memoNameOf(waited) === name) isFound = true;
    ts.forEachChild(node, visit);
  };
  visit(guard.thenStatement);
  return isFound;
}

/** The names of which a single one that is set gives the condition this outcome. */
function decidedBy(condition: TS.Expression, outcome: boolean): string[] {
  const node = unwrap(condition);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) return decidedBy(node.operand, !outcome);
  if (!ts.isBinaryExpression(node)) {
    const isMemo = ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
    return outcome && (isMemo || membershipOf(node)?.isChange === false) ? [memoNameOf(node)] : [];
  }
  const { left, right } = node;
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.BarBarToken:
      return outcome ? [left, right].flatMap((part) => decidedBy(part, true)) : [];
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return outcome ? [] : [left, right].flatMap((part) => decidedBy(part, false));
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
      return !outcome && isNullish(right) ? [memoNameOf(left)] : !outcome && isZero(right) ? [countOf(memoNameOf(left))] : [];
    case ts.SyntaxKind.ExclamationEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      return outcome && isNullish(right) ? [memoNameOf(left)] : outcome && isZero(right) ? [countOf(memoNameOf(left))] : [];
    case ts.SyntaxKind.GreaterThanToken:
    case ts.SyntaxKind.GreaterThanEqualsToken:
      return outcome && ts.isNumericLiteral(right) ? [countOf(memoNameOf(left))] : [];
    case ts.SyntaxKind.LessThanToken:
    case ts.SyntaxKind.LessThanEqualsToken:
      return !outcome && ts.isNumericLiteral(right) ? [countOf(memoNameOf(left))] : [];
    default:
      return [];
  }
}

function isNullish(value: TS.Expression): boolean {
  return value.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(value) && value.text === 'undefined');
}

function isZero(value: TS.Expression): boolean {
  return ts.isNumericLiteral(value) && value.text === '0';
}

function endsInReturn(statement: TS.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  return last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last));
}

function isLocal(name: string, callable: TS.FunctionLikeDeclaration): boolean {
  const [base] = name.split('[');
  let isFound = false;
  const visit = (node: TS.Node): void => {
    if ((ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node)) && node.name.getText() === base)
      isFound = true;
    if (!isFound) ts.forEachChild(node, visit);
  };
  visit(callable);
  return isFound;
}
