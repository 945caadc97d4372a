import type { ts as TS } from 'ts-morph';
import type { Place, Places } from '../pools/places.js';
import { memberAccess, isFunction, type Callable, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { calledName, type ClosingCalls } from './closing-calls.js';
import type { PathEvents, ReleaseEffect } from './release-paths.js';
import type { Origin } from './resource.js';

/** Names of conditions that tell which code closes: `ownsClient`, `shouldClose`. */
const ownerNames = /own|created|close|dispos|release|intern|local|borrow|shared|external|reuse|inject|provided|standalone|keep/i;

/** The inputs of the search for events of a resource. */
export interface ResourceScope {
  readonly origin: Origin;
  readonly holder: Callable;
  /** The places that hold the resource. */
  readonly aliases: ReadonlySet<Place>;
  readonly places: Places;
  readonly closing: ClosingCalls;
}

/** Returns the events of a resource that a function makes and keeps to itself. */
export function resourceEvents(scope: ResourceScope): PathEvents {
  const { origin, holder } = scope;
  const reaches = (expression: TS.Expression): boolean => reachesResource(expression, scope);
  const releases = (node: TS.Node): ReleaseEffect => releaseEffect(node, scope);
  const assumed = assumptions(origin.node, holder);
  const guarded = guardedStatements(holder, releases);
  return {
    isHeldAtStart: false,
    acquires: (node) => node === origin.node,
    releases,
    isResource: (expression) => {
      const place = scope.places.of(expression);
      return place !== undefined && scope.aliases.has(place);
    },
    isCollection: reaches,
    mayThrow: (node) => {
      const isWait = ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
      if (!isWait || contains(node.expression, origin.node)) return false;
      if (isSafe(node.expression) || releasesInside(node.expression, releases)) return false;
      return mentions(node.expression, reaches) || !guarded.isBefore(node);
    },
    truthOf: (condition) => truthOf(condition, assumed, scope),
  };
}

/** Whether the expression is the resource, a part of it, or an element of a collection of them. */
export function reachesResource(expression: TS.Expression, scope: Pick<ResourceScope, 'aliases' | 'places'>): boolean {
  const node = unwrap(expression);
  const place = scope.places.of(node);
  if (place !== undefined && scope.aliases.has(place)) return true;
  const access = memberAccess(node);
  if (access) return reachesResource(access.object, scope);
  if (ts.isCallExpression(node)) {
    const called = memberAccess(unwrap(node.expression));
    if (called && reachesResource(called.object, scope)) return true;
    return /^(?:Promise|Object|Array)\./.test(node.expression.getText()) && node.arguments.some((part) => reachesResource(part, scope));
  }
  if (ts.isSpreadElement(node)) return reachesResource(node.expression, scope);
  if (ts.isArrayLiteralExpression(node)) return node.elements.some((part) => reachesResource(part, scope));
  if (ts.isBinaryExpression(node)) return reachesResource(node.left, scope) || reachesResource(node.right, scope);
  if (ts.isConditionalExpression(node)) return reachesResource(node.whenTrue, scope) || reachesResource(node.whenFalse, scope);
  return false;
}

/** Returns the effect of a node on the resource. */
function releaseEffect(node: TS.Node, scope: ResourceScope): ReleaseEffect {
  if (!ts.isCallExpression(node)) return undefined;
  if (isDirectRelease(node, scope)) return 'always';
  const callbacks = node.arguments.filter(isFunction).filter((callback) => releasesIn(callback, scope));
  if (callbacks.length === 0) return undefined;
  const name = memberAccess(unwrap(node.expression))?.name;
  if (name === 'catch') return undefined;
  if (name !== 'then' || callbacks.length > 1) return 'always';
  return isReleasedLater(node, scope) || chainReleases(node, scope) ? 'always' : 'unless-error';
}

/** `client.close()`, `pool.release(client)`, `quit(client)`, `close()` of `{ client, close }`, a function in the holder that closes. */
function isDirectRelease(call: TS.CallExpression, scope: ResourceScope): boolean {
  const { closing, places, aliases, holder, origin } = scope;
  const callee = unwrap(call.expression);
  const access = memberAccess(callee);
  const isGiven = call.arguments.some((argument) => reachesResource(argument, scope));
  if (origin.kind === 'pool' && access && reachesResource(access.object, scope))
    return /^(?:clear|destroy|close|end)/.test(access.name ?? '');
  if (access && reachesResource(access.object, scope)) return closing.isClosing(call);
  if (isGiven && closing.isClosing(call)) return true;
  const place = places.of(callee);
  if (!access && place !== undefined && aliases.has(place) && call.arguments.length === 0) {
    const targets = closing.targetsOf(call);
    return targets.length === 0 || targets.some((target) => closing.closes(target));
  }
  return closing.targetsOf(call).some((target) => target !== holder && contains(holder, target) && closing.closes(target));
}

/** Whether a function that is written in the code closes the resource. */
export function releasesIn(callback: TS.Node, scope: ResourceScope): boolean {
  const visit = (node: TS.Node): boolean =>
    (ts.isCallExpression(node) && isDirectRelease(node, scope)) || (ts.forEachChild(node, visit) ?? false);
  return visit(callback);
}

/** `pool.drain().then(() => pool.clear())`: the chain starts with the release. */
function chainReleases(call: TS.CallExpression, scope: ResourceScope): boolean {
  const access = memberAccess(unwrap(call.expression));
  const start = access && unwrap(access.object);
  const inner = start && ts.isCallExpression(start) ? memberAccess(unwrap(start.expression)) : undefined;
  return inner !== undefined && reachesResource(inner.object, scope) && /^(?:drain|close|end|ping)/.test(inner.name ?? '');
}

/** Whether a later call of the promise chain closes after an error: `catch`, `finally`, the second argument of `then`. */
function isReleasedLater(call: TS.CallExpression, scope: ResourceScope): boolean {
  const next = memberAccess(call.parent)?.object === call ? call.parent.parent : undefined;
  if (!next || !ts.isCallExpression(next)) return false;
  const name = calledName(next);
  const handler = name === 'then' ? next.arguments[1] : next.arguments[0];
  return (handler !== undefined && releasesIn(handler, scope)) || isReleasedLater(next, scope);
}

/** Calls of a client that report an error by their result. */
function isSafe(expression: TS.Node): boolean {
  const node = ts.isExpression(expression) ? unwrap(expression) : expression;
  if (!ts.isCallExpression(node)) return false;
  const name = calledName(node);
  if (name === 'allSettled') return true;
  const isPing =
    /^(?:ping|drain|close|end|shutdown)$/.test(name ?? '') ||
    (name !== undefined && /^(?:sleep|delay|wait|set(?:Timeout|Immediate))$/i.test(name));
  return isPing || (name === 'catch' && node.arguments.length > 0);
}

function releasesInside(node: TS.Node, releases: (node: TS.Node) => ReleaseEffect): boolean {
  return releases(node) !== undefined || (ts.forEachChild(node, (child) => releasesInside(child, releases)) ?? false);
}

function mentions(node: TS.Node, reaches: (expression: TS.Expression) => boolean): boolean {
  if (ts.isIdentifier(node) && ts.isExpression(node) && reaches(node)) return true;
  if (memberAccess(node) && reaches(node as TS.Expression)) return true;
  return ts.forEachChild(node, (child) => mentions(child, reaches)) ?? false;
}

function contains(outer: TS.Node, node: TS.Node): boolean {
  return ts.findAncestor(node, (ancestor) => ancestor === outer) !== undefined;
}

/** Finds the `try` statements that release. Statements before them, which read settings for example, count as code that does not throw. */
function guardedStatements(holder: Callable, releases: (node: TS.Node) => ReleaseEffect): { isBefore: (node: TS.Node) => boolean } {
  const tries: TS.TryStatement[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isTryStatement(node) && [node.finallyBlock, node.catchClause].some((part) => part && releasesInside(part, releases)))
      tries.push(node);
    ts.forEachChild(node, visit);
  };
  visit(holder);
  return { isBefore: (node) => tries.some((statement) => node.getEnd() <= statement.getStart()) };
}

/** The conditions on the way to the node, with their results, and the values that it replaces: `given` of `given ?? createClient()`. */
function assumptions(node: TS.Node, holder: Callable): ReadonlyMap<string, boolean> {
  const assumed = new Map<string, boolean>();
  const assume = (condition: TS.Expression, truth: boolean): void => {
    const inner = unwrap(condition);
    if (ts.isPrefixUnaryExpression(inner) && inner.operator === ts.SyntaxKind.ExclamationToken) return assume(inner.operand, !truth);
    assumed.set(inner.getText(), truth);
  };
  for (let child = node; child !== holder && !ts.isSourceFile(child); child = child.parent) {
    const { parent } = child;
    if (ts.isIfStatement(parent) && child !== parent.expression) assume(parent.expression, child === parent.thenStatement);
    if (ts.isConditionalExpression(parent) && child !== parent.condition) assume(parent.condition, child === parent.whenTrue);
    if (ts.isBinaryExpression(parent) && parent.right === child) {
      const { kind } = parent.operatorToken;
      if (kind === ts.SyntaxKind.AmpersandAmpersandToken) assume(parent.left, true);
      if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken) assume(parent.left, false);
    }
    if (!ts.isStatement(child) || !ts.isBlock(parent)) continue;
    // `owned = true` beside the construction.
    for (const { expression } of parent.statements.filter(ts.isExpressionStatement))
      if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
        const { kind } = expression.right;
        if (kind === ts.SyntaxKind.TrueKeyword || kind === ts.SyntaxKind.FalseKeyword)
          assumed.set(expression.left.getText(), kind === ts.SyntaxKind.TrueKeyword);
      }
  }
  return assumed;
}

function truthOf(
  condition: TS.Expression,
  assumed: ReadonlyMap<string, boolean>,
  scope: ResourceScope,
  depth = 3,
): boolean | 'owner' | undefined {
  const node = unwrap(condition);
  const known = assumed.get(node.getText());
  if (known !== undefined) return known;
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    const inner = truthOf(node.operand, assumed, scope, depth);
    return typeof inner === 'boolean' ? !inner : inner;
  }
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const isNothing = node.right.kind === ts.SyntaxKind.NullKeyword || node.right.getText() === 'undefined';
    const left = isNothing ? assumed.get(node.left.getText()) : undefined;
    if (left !== undefined && isEquality(kind)) return left === isInequality(kind);
    if (kind === ts.SyntaxKind.AmpersandAmpersandToken) {
      const parts = [node.left, node.right].map((part) => truthOf(part, assumed, scope, depth));
      if (parts.includes(false)) return false;
      // A test of the resource itself beside the condition.
      return parts.find((part) => part !== undefined);
    }
  }
  if (ts.isIdentifier(node) && depth > 0) {
    const place = scope.places.of(node);
    const declaration = typeof place === 'string' ? undefined : place;
    const value = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
    const found = value && truthOf(value, assumed, scope, depth - 1);
    if (found !== undefined) return found;
  }
  const name = memberAccess(node)?.name ?? (ts.isIdentifier(node) ? node.text : '');
  return ownerNames.test(name) ? 'owner' : undefined;
}

function isEquality(kind: TS.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.EqualsEqualsToken || kind === ts.SyntaxKind.EqualsEqualsEqualsToken || isInequality(kind);
}

function isInequality(kind: TS.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.ExclamationEqualsToken || kind === ts.SyntaxKind.ExclamationEqualsEqualsToken;
}
