import type { ts as TS } from 'ts-morph';
import { isCall } from '../dataflow/normalize-call.js';
import type { Place, Places } from '../pools/places.js';
import { hasBody, isFunction, memberAccess, type Callable, callableName, callableOf, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { ClosingCalls } from './closing-calls.js';
import { isForgettingCache } from './forgetting-caches.js';
import type { Frequencies } from './frequency.js';
import { findOpenExits } from './release-paths.js';
import type { Origin, Unreleased } from './resource.js';
import { isServed } from './served.js';
import type { Store } from './value-owners.js';

/** A resource that a place outside the function keeps: a field, a variable of the module, a map. */
export interface KeptResource {
  readonly origin: Origin;
  readonly holder: Callable;
  readonly store: Store;
}

interface LossInput {
  readonly checker: TS.TypeChecker;
  readonly places: Places;
  readonly closing: ClosingCalls;
  readonly frequencies: Frequencies;
}

/** Returns the kept resources that the code replaces, forgets or lets a cache forget while they are open. */
export function findLostResources(kept: readonly KeptResource[], input: LossInput): Unreleased[] {
  return kept.flatMap((resource): Unreleased[] => {
    const { origin } = resource;
    if (origin.kind === 'lease') return [];
    if (isReplaced(resource, kept, input)) return [{ origin, fault: 'replaced' as const, node: origin.node }];
    if (isForgettingCache(resource.store.place, input.places)) return [{ origin, fault: 'evicted' as const, node: origin.node }];
    return dropsOf(resource, input)
      .slice(0, 1)
      .map((node) => ({ origin, fault: 'dropped' as const, node }));
  });
}

/**
 * Whether the function stores the resource where an open one may be, and closes none. The code must show that there may be one: a condition
 * on the place, a second store on the same path, or an earlier store by a constructor or the module.
 */
function isReplaced({ origin, holder, store }: KeptResource, kept: readonly KeptResource[], input: LossInput): boolean {
  if (!isFunction(holder) || !hasBody(holder) || isCollection(store, input) || ts.isConstructorDeclaration(holder)) return false;
  if (input.closing.closes(holder) || callsGivenCallback(holder, store.place, input)) return false;
  const isPlace = (expression: TS.Expression): boolean => input.places.of(expression) === store.place;
  const others = kept.filter((other) => other.origin !== origin && other.store.place === store.place);
  const walk = (isHeldAtStart: boolean, isMade: (node: TS.Node) => boolean): boolean =>
    findOpenExits(holder, {
      isHeldAtStart,
      acquires: isMade,
      releases: () => undefined,
      mayThrow: () => false,
      isResource: isPlace,
      isCollection: isPlace,
      truthOf: (condition) => presence(condition, isPlace),
    }).atNext;
  const inSame = others.filter((other) => other.holder === holder).map((other) => other.origin.node);
  if (
    inSame.length > 0 &&
    !isInNestedFunction(origin.node, holder) &&
    walk(false, (node) => node === origin.node || inSame.includes(node as TS.Expression))
  )
    return origin.node.pos > Math.min(...inSame.map(({ pos }) => pos));
  if (!walk(true, (node) => node === origin.node)) return false;
  if (isCompared(store.place, holder, origin.node, input.places)) return true;
  // Each request replaces the client of the one before.
  if (isServed(holder) && !isInNestedFunction(origin.node, holder)) return true;
  const isStoredBefore =
    others.some((other) => ts.isConstructorDeclaration(other.holder) || ts.isClassLike(other.holder)) || isInitialised(store.place);
  return isStoredBefore && input.frequencies.of(holder) === 'repeated';
}

/** The result of `place && …` and `!place || …` conditions while the place holds a resource. */
function presence(condition: TS.Expression, isPlace: (expression: TS.Expression) => boolean): boolean | 'owner' | undefined {
  const node = unwrap(condition);
  if (!ts.isBinaryExpression(node)) return undefined;
  const { kind } = node.operatorToken;
  if (kind === ts.SyntaxKind.InKeyword) return true;
  if (kind !== ts.SyntaxKind.BarBarToken && kind !== ts.SyntaxKind.AmpersandAmpersandToken) return undefined;
  const parts = [node.left, node.right].map((part) => (isPlace(unwrap(part)) ? true : undefined));
  return kind === ts.SyntaxKind.BarBarToken && parts.includes(true) ? true : undefined;
}

function isInNestedFunction(node: TS.Node, holder: Callable): boolean {
  return callableOf(node) !== holder;
}

/** Whether a condition before the node compares a part of the place with something else: `cached?.key === key`. */
function isCompared(place: Place, holder: Callable, node: TS.Node, places: Places): boolean {
  return places.usesIn(place, holder).some((use) => {
    const access = memberAccess(use.parent);
    if (access?.object !== use || use.pos > node.pos) return false;
    const comparison = use.parent.parent;
    return (
      ts.isBinaryExpression(comparison) &&
      /^[!=]==?$/.test(comparison.operatorToken.getText()) &&
      !/^(?:null|undefined)$/.test(comparison.right.getText()) &&
      ts.findAncestor(comparison, (ancestor) => ts.isIfStatement(ancestor) || ts.isConditionalExpression(ancestor)) !== undefined
    );
  });
}

/** Whether the declaration makes the first one: `let client = createClient()`. */
function isInitialised(place: Place): boolean {
  if (typeof place === 'string') return false;
  const value = ts.isVariableDeclaration(place) || ts.isPropertyDeclaration(place) ? place.initializer : undefined;
  return value !== undefined && isCall(unwrap(value)) && /^create\w*Client$/.test(unwrap(value).getChildAt(0).getText());
}

/** Whether the function passes the place to a function that it was given, which may close: `cleanup(entry.value)`. */
function callsGivenCallback(holder: Callable, place: Place, { places, closing }: LossInput): boolean {
  return places.usesIn(place, holder).some((use) => {
    let value = use;
    while (memberAccess(value.parent)?.object === value) value = value.parent;
    const call = value.parent;
    if (!isCall(call) || call.expression === value) return false;
    if (call.expression.getText().startsWith('console.')) return false;
    return !(ts.isCallExpression(call) && closing.isNeverGiven(call));
  });
}

function isCollection(store: Store, { places }: LossInput): boolean {
  if (ts.isCallExpression(store.node)) return true;
  const assigned = ts.isBinaryExpression(store.node) ? unwrap(store.node.left) : undefined;
  return assigned !== undefined && ts.isElementAccessExpression(assigned) && places.of(assigned) === store.place;
}

/** The expressions that forget the resource of a place, in functions that close nothing and pass it on to no other code. */
function dropsOf({ origin, store }: KeptResource, input: LossInput): TS.Node[] {
  const { place } = store;
  const scope = typeof place === 'string' ? ts.findAncestor(store.node, ts.isClassLike) : place.getSourceFile();
  if (!scope) return [];
  return input.places.usesIn(place, scope).flatMap((use) => {
    const drop = dropAt(use);
    if (!drop) return [];
    const around = functionsAround(drop).at(-1);
    if (!around || ts.isConstructorDeclaration(around) || functionsAround(drop).some((callable) => input.closing.closes(callable)))
      return [];
    if (
      /test|mock|reset|fake/i.test(callableName(around)) ||
      isPromise(store, input.checker) ||
      isPassedOn(place, around, keyOf(drop), input.places)
    )
      return [];
    const isSame = ts.findAncestor(origin.node, (ancestor) => ancestor === around) !== undefined;
    if (!isSame && input.frequencies.of(around) === 'once') return [];
    return [drop];
  });
}

/** The assignment or call by which a use of the place forgets what is in it. */
function dropAt(use: TS.Node): TS.Node | undefined {
  const { parent } = use;
  if (ts.isBinaryExpression(parent) && parent.left === use && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return /^(?:null|undefined|void 0)$/.test(parent.right.getText()) ? parent : undefined;
  const access = memberAccess(parent);
  if (access?.object !== use) return undefined;
  if (ts.isDeleteExpression(parent.parent)) return parent.parent;
  const call = parent.parent;
  const isUnused = ts.isCallExpression(call) && call.expression === parent && ts.isExpressionStatement(call.parent);
  return isUnused && /^(?:delete|clear|shift|pop|splice)$/.test(access.name ?? '') ? call : undefined;
}

/** The functions around the node, innermost first. */
function functionsAround(node: TS.Node): Callable[] {
  const found: Callable[] = [];
  for (let callable = callableOf(node); isFunction(callable); callable = callableOf(callable)) found.push(callable);
  return found;
}

/** Whether the store keeps a promise: a rejected one has no client. */
function isPromise({ node }: Store, checker: TS.TypeChecker): boolean {
  const value = ts.isBinaryExpression(node) ? node.right : node;
  if (!ts.isExpression(value)) return false;
  const type = checker.getTypeAtLocation(ts.isCallExpression(value) ? (value.arguments.at(-1) ?? value) : value);
  return type.getProperty('then') !== undefined && !(type.flags & ts.TypeFlags.Any) && type.getSymbol()?.name === 'Promise';
}

/** Methods that give elements of a collection. */
const elementMethods = /^(?:pop|shift|at|get|values|entries|find|next|splice|filter|map)$/;

/** Whether the function gives what is in the place to other code: as an argument, as its result, to another place. */
function isPassedOn(place: Place, around: Callable, key: string | undefined, places: Places): boolean {
  const seen = new Set<Place>([place]);
  const isGiven = (use: TS.Node): boolean => {
    const { parent } = use;
    if (ts.isReturnStatement(parent)) return true;
    if (isCall(parent) && parent.expression !== use) return !/^console\.|\.(?:delete|has|get)$/.test(parent.expression.getText());
    if (ts.isBinaryExpression(parent) && parent.right === use && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) return true;
    const access = memberAccess(parent);
    // The element of another key stays.
    if (access?.object === use && key !== undefined && isElementOfOther(parent, key)) return false;
    if (access?.object === use) {
      if (!isCall(parent.parent) || parent.parent.expression !== parent) return isGiven(parent);
      return elementMethods.test(access.name ?? '') && isGiven(parent.parent);
    }
    if (ts.isVariableDeclaration(parent) && parent.initializer === use) return namesOf(parent.name).some(isAliasGiven);
    if (ts.isForOfStatement(parent) && ts.isVariableDeclarationList(parent.initializer))
      return parent.initializer.declarations.flatMap(({ name }) => namesOf(name)).some(isAliasGiven);
    return ts.isExpression(parent) && unwrap(parent) !== parent ? isGiven(parent) : false;
  };
  const isAliasGiven = (name: TS.Node): boolean => {
    if (seen.has(name)) return false;
    seen.add(name);
    return places.usesIn(name, around).some(isGiven);
  };
  return places.usesIn(place, around).some(isGiven);
}

/** The key whose element a call forgets: `key` of `clients.delete(key)`. */
function keyOf(drop: TS.Node): string | undefined {
  if (ts.isDeleteExpression(drop))
    return ts.isElementAccessExpression(drop.expression) ? drop.expression.argumentExpression.getText() : undefined;
  return ts.isCallExpression(drop) ? drop.arguments[0]?.getText() : undefined;
}

function isElementOfOther(access: TS.Node, key: string): boolean {
  if (ts.isElementAccessExpression(access)) return access.argumentExpression.getText() !== key;
  const call = access.parent;
  return memberAccess(access)?.name === 'get' && ts.isCallExpression(call) && call.arguments[0]?.getText() !== key;
}

function namesOf(name: TS.BindingName): TS.Node[] {
  if (ts.isIdentifier(name)) return [name.parent];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesOf(element.name)));
}
