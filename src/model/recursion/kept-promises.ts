import type { ts as TS } from 'ts-morph';
import type { CallEdge } from '../call-graph/call-graph.js';
import { memoNameOf } from '../call-graph/memo-names.js';
import { isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/**
 * Returns the variable or field that keeps the promise of a call on this cycle, if the promise is kept before the cycle comes back: then
 * the second call gets the promise that waits for it, and nothing recurses. Undefined for other cycles.
 */
export function promiseThatWaits(steps: readonly CallEdge[]): TS.Expression | undefined {
  const kept = steps.map(keptPromise).find((memo) => memo !== undefined);
  return kept && steps.some(isLater) ? kept : undefined;
}

/** `kept ??= open()`, or `kept = open()` under a condition on `kept`: what keeps the promise of the call. */
function keptPromise({ site, to }: CallEdge): TS.Expression | undefined {
  let value = site.node;
  const isPromise = (isFunction(to.callable) && isAsync(to.callable)) || isContinuation(value);
  for (let { parent } = value; ; { parent } = value) {
    const isWrapper =
      ts.isParenthesizedExpression(parent) ||
      ts.isAsExpression(parent) ||
      ts.isNonNullExpression(parent) ||
      (ts.isPropertyAccessExpression(parent) && isContinuation(parent.parent)) ||
      (ts.isCallExpression(parent) && parent.expression === value && isContinuation(parent));
    if (!isWrapper) break;
    value = parent;
  }
  return isPromise ? keeperOf(value) : undefined;
}

/** Returns the variable, field or collection that keeps a value: `kept` of `kept ??= value`, `open` of `open.set(key, value)`. */
function keeperOf(value: TS.Node): TS.Expression | undefined {
  const { parent } = value;
  if (ts.isVariableDeclaration(parent)) return ts.isIdentifier(parent.name) ? laterKeeper(parent.name, value) : undefined;
  const access = ts.isCallExpression(parent) && parent.expression !== value ? memberAccess(parent.expression) : undefined;
  if (access) return access.name === 'set' ? access.object : undefined;
  if (!ts.isBinaryExpression(parent) || parent.right !== value) return undefined;
  const { left, operatorToken } = parent;
  if (ts.isIdentifier(left) && isLocal(left)) return laterKeeper(left, value);
  const isDefault = /^(?:\?\?|\|\|)=$/.test(operatorToken.getText());
  return isDefault || (operatorToken.kind === ts.SyntaxKind.EqualsToken && isUnderConditionOn(parent)) ? left : undefined;
}

/** The keeper of a local variable that the same function stores before it waits for anything. */
function laterKeeper(name: TS.Identifier, value: TS.Node): TS.Expression | undefined {
  const search: { keeper?: TS.Expression | undefined; isOver: boolean } = { isOver: false };
  const visit = (node: TS.Node): void => {
    if (isFunction(node) || search.isOver) return;
    ts.forEachChild(node, visit);
    if (node.pos < value.end) return;
    if (ts.isIdentifier(node) && node.text === name.text && !isLocalTarget(node)) search.keeper ??= keeperOf(node);
    search.isOver ||= ts.isAwaitExpression(node) || search.keeper !== undefined;
  };
  const body = ts.findAncestor(value, isFunction)?.body;
  if (body) ts.forEachChild(body, visit);
  return search.keeper;
}

/** Whether storing the identifier would store it in a local variable again. */
function isLocalTarget({ parent }: TS.Identifier): boolean {
  return ts.isVariableDeclaration(parent) || (ts.isBinaryExpression(parent) && ts.isIdentifier(parent.left) && isLocal(parent.left));
}

/** Whether the function around the name declares it. */
function isLocal(name: TS.Identifier): boolean {
  const visit = (node: TS.Node): boolean =>
    ((ts.isVariableDeclaration(node) || ts.isParameter(node)) && ts.isIdentifier(node.name) && node.name.text === name.text) ||
    (ts.forEachChild(node, visit) ?? false);
  const callable = ts.findAncestor(name, isFunction);
  return callable !== undefined && visit(callable);
}

function isAsync(callable: TS.FunctionLikeDeclaration): boolean {
  return (ts.getCombinedModifierFlags(callable) & ts.ModifierFlags.Async) !== 0;
}

/** Whether the node is a call such as `promise.then(…)`. */
function isContinuation(node: TS.Node): boolean {
  const access = ts.isCallExpression(node) ? memberAccess(unwrap(node.expression)) : undefined;
  return access?.name === 'then' || access?.name === 'catch' || access?.name === 'finally';
}

/** Whether an `if` around or before the assignment asks for the assigned name. */
function isUnderConditionOn(assignment: TS.BinaryExpression): boolean {
  const name = memoNameOf(assignment.left);
  const callable = ts.findAncestor(assignment, isFunction);
  const visit = (node: TS.Node): boolean =>
    (ts.isIfStatement(node) && node.pos < assignment.pos && asksFor(node.expression, name)) ||
    (!isFunction(node) && (ts.forEachChild(node, visit) ?? false));
  return callable?.body !== undefined && visit(callable.body);
}

function asksFor(condition: TS.Node, name: string): boolean {
  return (
    (ts.isExpression(condition) && memoNameOf(condition) === name) || (ts.forEachChild(condition, (part) => asksFor(part, name)) ?? false)
  );
}

/** Whether the call surely runs after the code that started its function went on: after an `await`, or in a callback of a promise. */
function isLater({ site, to }: CallEdge): boolean {
  const { node } = site;
  if (ts.isAwaitExpression(node) || (isContinuation(node) && site.callbacks.has(to.callable))) return true;
  const callable = ts.findAncestor(node.parent, isFunction);
  const visit = (part: TS.Node): boolean => {
    if (isFunction(part) || (isConditional(part) && !contains(part, node))) return false;
    if (ts.isAwaitExpression(part) && !contains(part, node) && part.end <= node.end) return true;
    return ts.forEachChild(part, visit) ?? false;
  };
  return (
    callable?.body !== undefined && (ts.isBlock(callable.body) ? (ts.forEachChild(callable.body, visit) ?? false) : visit(callable.body))
  );
}

/** Whether parts of the node may not run. */
function isConditional(node: TS.Node): boolean {
  return (
    ts.isIfStatement(node) ||
    ts.isConditionalExpression(node) ||
    ts.isIterationStatement(node, false) ||
    ts.isSwitchStatement(node) ||
    ts.isTryStatement(node) ||
    (ts.isBinaryExpression(node) && /^(?:&&|\|\||\?\?)=?$/.test(node.operatorToken.getText()))
  );
}

function contains(outer: TS.Node, inner: TS.Node): boolean {
  return outer.pos <= inner.pos && inner.end <= outer.end;
}
