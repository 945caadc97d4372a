import type { ts as TS } from 'ts-morph';
import { isFunction, isWrapped, memberAccess, type Callable, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { type Place, type Places } from './places.js';
import { isAdding, namesIn } from './value-destinations.js';

/** Where an acquired lease goes. */
export interface LeaseDestination {
  /** The variables, fields and collections that hold it, alone or in another object. */
  readonly places: readonly Place[];
  /** Whether the function returns it, alone or in another object. */
  readonly isReturned: boolean;
}

/** Methods that give elements of a collection, or call a function with each. */
const elementMethods =
  /^(?:pop|shift|at|get|values|entries|splice|slice|filter|map|forEach|flatMap|reverse|concat|find|reduce|flat|toReversed)$/;

/** Returns where the lease goes that a call acquires. */
export function leaseDestination(call: TS.Node, places: Places): LeaseDestination {
  const found: Place[] = [];
  let isReturned = false;
  const add = (place: Place | undefined): void => {
    if (place !== undefined) found.push(place);
  };
  const climb = (value: TS.Node): void => {
    const { parent } = value;
    if (ts.isVariableDeclaration(parent)) {
      found.push(...namesIn(parent.name));
      return;
    }
    if (ts.isPropertyDeclaration(parent)) return add(parent);
    if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === value)) return void (isReturned = true);
    if (ts.isBinaryExpression(parent)) {
      const isAssigned = parent.right === value && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
      const isDefault = parent.right === value && isNullishAssignment(parent.operatorToken.kind);
      if (isAssigned || isDefault) add(places.of(parent.left));
      if (isAssigned || isDefault || isChoice(parent.operatorToken.kind)) climb(parent);
      return;
    }
    if (ts.isConditionalExpression(parent)) return parent.condition === value ? undefined : climb(parent);
    if ((ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression !== value) {
      const access = memberAccess(parent.expression);
      if (isAdding(access?.name) && access) return add(places.of(access.object));
      const isCombined = access?.object.getText() === 'Promise' || ts.isNewExpression(parent);
      return isCombined ? climb(parent) : undefined;
    }
    const access = memberAccess(parent);
    if (access?.object === value) {
      const call = parent.parent;
      if (access.name === 'promise') return climb(parent);
      if (ts.isCallExpression(call) && call.expression === parent) return climbChain(call, access.name);
      return undefined;
    }
    if (
      isWrapped(parent) ||
      ts.isArrayLiteralExpression(parent) ||
      ts.isObjectLiteralExpression(parent) ||
      ts.isPropertyAssignment(parent) ||
      ts.isShorthandPropertyAssignment(parent) ||
      ts.isSpreadElement(parent)
    )
      return climb(parent);
    return undefined;
  };
  /** `acquire().then((lease) => …)` gives the lease to the callback. */
  const climbChain = (call: TS.CallExpression, name: string | undefined): void => {
    if (name === 'catch' || name === 'finally') return climb(call);
    const [callback] = call.arguments;
    if (name !== 'then' || !callback || !isFunction(callback)) return;
    const [parameter] = callback.parameters;
    if (parameter) found.push(...namesIn(parameter.name));
  };
  climb(call);
  // `acquire((error, lease) => …)`: the callback receives the lease.
  if (ts.isCallExpression(call))
    for (const callback of call.arguments)
      if (isFunction(callback)) for (const parameter of callback.parameters) found.push(...namesIn(parameter.name));
  return { places: found, isReturned };
}

/** Returns the start places and all places in the callable that receive a lease from one of them. */
export function leaseAliases(start: Iterable<Place>, scope: Callable, places: Places): ReadonlySet<Place> {
  const aliases = new Set(start);
  if (aliases.size === 0) return aliases;
  const addNames = (name: TS.BindingName): void => {
    for (const declaration of namesIn(name)) aliases.add(declaration);
  };
  const visit = (node: TS.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer && holdsLease(node.initializer, aliases, places)) addNames(node.name);
    else if (ts.isForOfStatement(node) && ts.isVariableDeclarationList(node.initializer) && holdsLease(node.expression, aliases, places))
      for (const { name } of node.initializer.declarations) addNames(name);
    else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      const target = holdsLease(node.right, aliases, places) ? places.of(node.left) : undefined;
      if (target !== undefined) aliases.add(target);
    } else if (ts.isCallExpression(node)) visitCall(node);
    ts.forEachChild(node, visit);
  };
  const visitCall = (node: TS.CallExpression): void => {
    const access = memberAccess(unwrap(node.expression));
    if (!access) return;
    if (isAdding(access.name) && node.arguments.some((argument) => holdsLease(argument, aliases, places))) {
      const target = places.of(access.object);
      if (target !== undefined) aliases.add(target);
    } else if (elementMethods.test(access.name ?? '') && holdsLease(access.object, aliases, places))
      for (const callback of node.arguments)
        if (isFunction(callback)) for (const parameter of callback.parameters) addNames(parameter.name);
  };
  for (let size = -1; size !== aliases.size;) {
    size = aliases.size;
    visit(scope);
  }
  return aliases;
}

/** Whether the value of the expression is a lease of these places, a part of one, or an object that holds one. */
export function holdsLease(expression: TS.Expression, aliases: ReadonlySet<Place>, places: Places): boolean {
  const holds = (inner: TS.Expression): boolean => holdsLease(inner, aliases, places);
  const node = unwrap(expression);
  const place = places.of(node);
  if (place !== undefined && aliases.has(place)) return true;
  const access = memberAccess(node);
  if (access) return holds(access.object);
  if (ts.isCallExpression(node)) {
    const called = memberAccess(unwrap(node.expression));
    const isElement = called && elementMethods.test(called.name ?? '') && holds(called.object);
    const isBuiltin = called && /^(?:Object|Array|Promise)$/.test(called.object.getText());
    return isElement === true || (isBuiltin === true && node.arguments.some(holds));
  }
  if (ts.isNewExpression(node)) return node.arguments?.some(holds) ?? false;
  if (ts.isSpreadElement(node)) return holds(node.expression);
  if (ts.isArrayLiteralExpression(node)) return node.elements.some(holds);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.some(
      (property) =>
        (ts.isPropertyAssignment(property) && holds(property.initializer)) ||
        (ts.isShorthandPropertyAssignment(property) && holds(property.name)),
    );
  if (ts.isConditionalExpression(node)) return holds(node.whenTrue) || holds(node.whenFalse);
  return ts.isBinaryExpression(node) && isChoice(node.operatorToken.kind) && (holds(node.left) || holds(node.right));
}

function isChoice(kind: TS.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.AmpersandAmpersandToken
  );
}

function isNullishAssignment(kind: TS.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.QuestionQuestionEqualsToken || kind === ts.SyntaxKind.BarBarEqualsToken;
}
