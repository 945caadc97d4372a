import type { ts as TS } from 'ts-morph';
import { isFunction, memberAccess, type Callable, callableOf } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { Places, Place } from './places.js';

/** Where the promise or value of a call goes in the function that makes the call. */
export interface Destinations {
  /** The expressions and statements that wait for it: `await`, `for await`, `yield`. */
  readonly waits: readonly TS.Node[];
  /** Whether the function returns it, or settles the promise that it makes with `new Promise` after it. */
  readonly isReturned: boolean;
  /** The places outside the function that keep it. */
  readonly kept: readonly Place[];
  /** The inline functions that run after the call: arguments of the call, of `then`, `catch` and `finally`. */
  readonly continuations: readonly TS.FunctionLikeDeclaration[];
}

/** Methods that put a value into a collection. */
const addingMethods = /^(?:push|unshift|add|set|enqueue|append)$/;

/**
 * Finds where the value of a call goes: to an `await`, to a variable that is awaited later, to the caller, or nowhere. A call
 * whose value goes nowhere does not delay the release of a lease. Used by `findNestedAcquires`.
 */
export class ValueDestinations {
  readonly #known = new Map<TS.Node, Destinations>();

  constructor(private readonly places: Places) {}

  /** Returns where the value of a call or another expression goes. */
  of(node: TS.Node): Destinations {
    const known = this.#known.get(node);
    if (known) return known;
    const found = { waits: [] as TS.Node[], isReturned: false, kept: [] as Place[], continuations: inlineFunctions(node) };
    const callable = callableOf(node);
    const seen = new Set<Place>();
    const toPlace = (place: Place | undefined): void => {
      if (place === undefined || seen.has(place)) return;
      seen.add(place);
      if (typeof place === 'string' || callableOf(place) !== callable) found.kept.push(place);
      for (const use of this.places.usesIn(place, callable)) climb(use);
    };
    const climb = (value: TS.Node): void => {
      const { parent } = value;
      if (ts.isAwaitExpression(parent) || ts.isYieldExpression(parent)) return void found.waits.push(parent);
      if (ts.isForOfStatement(parent) && parent.expression === value) {
        if (parent.awaitModifier) return void found.waits.push(parent);
        if (ts.isVariableDeclarationList(parent.initializer))
          for (const { name } of parent.initializer.declarations) for (const place of namesIn(name)) toPlace(place);
        return;
      }
      if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === value)) return void (found.isReturned = true);
      if (ts.isVariableDeclaration(parent)) {
        for (const place of namesIn(parent.name)) toPlace(place);
        return;
      }
      if (ts.isPropertyDeclaration(parent)) return toPlace(parent);
      if (ts.isBinaryExpression(parent) && isAssignment(parent)) {
        if (parent.right !== value) return;
        toPlace(this.places.of(parent.left));
        return climb(parent);
      }
      if (isCallWith(parent, value)) {
        const access = memberAccess(parent.expression);
        if (access?.name !== undefined && addingMethods.test(access.name)) return toPlace(this.places.of(access.object));
        return climb(parent);
      }
      const access = memberAccess(parent);
      if (access?.object === value) {
        const { parent: call } = parent;
        if (ts.isCallExpression(call) && call.expression === parent) {
          found.continuations.push(...inlineFunctions(call));
          // `acquire().then(done)` goes on in the callback of the caller.
          if (call.arguments.some((argument) => this.#isParameter(argument, callable))) found.isReturned = true;
        }
        return climb(parent);
      }
      if (isTransparent(parent, value)) climb(parent);
    };
    climb(node);
    if (settlesPromise(node)) found.isReturned = true;
    this.#known.set(node, found);
    return found;
  }

  #isParameter(argument: TS.Expression, callable: Callable): boolean {
    const place = ts.isIdentifier(argument) ? this.places.of(argument) : undefined;
    return place !== undefined && typeof place !== 'string' && ts.isParameter(place) && place.parent === callable;
  }

  /** Whether a call delays the result of the function that makes it. */
  isWaitedFor(node: TS.Node): boolean {
    if (!ts.isExpression(node) || ts.isAwaitExpression(node)) return true;
    const { waits, isReturned } = this.of(node);
    return waits.length > 0 || isReturned;
  }
}

/** Returns the declarations of the names in a pattern. */
export function namesIn(name: TS.BindingName): (TS.VariableDeclaration | TS.ParameterDeclaration | TS.BindingElement)[] {
  if (ts.isIdentifier(name)) return [name.parent as TS.VariableDeclaration | TS.ParameterDeclaration | TS.BindingElement];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesIn(element.name)));
}

/** Whether a call of this method puts its arguments into the receiver. */
export function isAdding(name: string | undefined): boolean {
  return name !== undefined && addingMethods.test(name);
}

/** Returns the functions that are written as arguments of the call. */
export function inlineFunctions(node: TS.Node): TS.FunctionLikeDeclaration[] {
  const args = ts.isCallExpression(node) || ts.isNewExpression(node) ? (node.arguments ?? []) : [];
  return args.flatMap((argument) => (isFunction(argument) ? [argument] : []));
}

/** Returns the `new Promise(…)` whose executor contains the node, if the node mentions the executor's `resolve` or `reject`. */
export function settledPromise(node: TS.Node): TS.NewExpression | undefined {
  for (let executor: Callable = callableOf(node); !ts.isSourceFile(executor); executor = callableOf(executor)) {
    const promise = executor.parent;
    if (!ts.isNewExpression(promise) || promise.expression.getText() !== 'Promise' || !isFunction(executor)) continue;
    const names = new Set(executor.parameters.map(({ name }) => name.getText()));
    const statement = ts.findAncestor(node, (ancestor) => ts.isExpressionStatement(ancestor) || ts.isArrowFunction(ancestor)) ?? node;
    return mentionsName(statement, names) ? promise : undefined;
  }
  return undefined;
}

function settlesPromise(node: TS.Node): boolean {
  const promise = settledPromise(node);
  return promise !== undefined && ts.findAncestor(node, (ancestor) => ancestor === promise) !== undefined;
}

function mentionsName(node: TS.Node, names: ReadonlySet<string>): boolean {
  const visit = (inner: TS.Node): boolean => (ts.isIdentifier(inner) && names.has(inner.text)) || (ts.forEachChild(inner, visit) ?? false);
  return visit(node);
}

function isCallWith(parent: TS.Node, argument: TS.Node): parent is TS.CallExpression | TS.NewExpression {
  return (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression !== argument;
}

function isAssignment({ operatorToken: { kind } }: TS.BinaryExpression): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** Whether the parent's value is or contains the value of the child. */
function isTransparent(parent: TS.Node, child: TS.Node): boolean {
  if (ts.isConditionalExpression(parent)) return parent.condition !== child;
  if (ts.isBinaryExpression(parent)) return parent.right === child || parent.operatorToken.kind !== ts.SyntaxKind.CommaToken;
  return (
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isSatisfiesExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isTypeAssertionExpression(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isObjectLiteralExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isShorthandPropertyAssignment(parent) ||
    ts.isSpreadElement(parent) ||
    ts.isSpreadAssignment(parent) ||
    (ts.isCallExpression(parent) && parent.expression === child)
  );
}
