import type { ts as TS } from 'ts-morph';
import { settledPromise } from '../dataflow/settled-promise.js';
import { isCall } from '../dataflow/normalize-call.js';
import { parametersOf } from '../dataflow/called-parameters.js';
import type { Place, Places } from '../pools/places.js';
import { isAdding, namesIn } from '../pools/value-destinations.js';
import { isFunction, isWrapped, memberAccess, type Callable, callableOf, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { calledName, type ClosingCalls } from './closing-calls.js';
import { hasRest, isCondition, isTransparent, isUsing, isVariable, isWaitedFor } from './value-syntax.js';

/** A place outside a function that keeps the value, and the node that puts it there. */
export interface Store {
  readonly place: Place;
  readonly node: TS.Node;
}

/** Where a value goes. */
export interface Owners {
  /** The variables of the function that hold it, alone or in another value. */
  readonly aliases: ReadonlySet<Place>;
  /** The places outside the function that keep it. */
  readonly stores: readonly Store[];
  readonly isReturned: boolean;
  /** Whether code that is not understood receives it. */
  readonly isPassedOn: boolean;
  /** Whether a callback of other code uses it: a listener, a route. */
  readonly isCaptured: boolean;
  /** Whether `using` releases it. */
  readonly isUsing: boolean;
  /** Whether a collection holds it, with others of its kind. */
  readonly isCollected: boolean;
}

/** Methods that give the elements of a collection, or call a function with each. */
const elementMethods =
  /^(?:pop|shift|at|get|values|entries|splice|slice|filter|map|forEach|flatMap|reverse|concat|find|reduce|flat|next|then|catch|finally|toReversed)$/;

/** Those of them that call a function with each element. */
const callbackMethods = /^(?:filter|map|forEach|flatMap|find|reduce|then|catch|finally)$/;

/** Those whose result is what the function returns. */
const mappingMethods = /^(?:map|flatMap|forEach|reduce|then)$/;

/** Callees that receive any value and keep none. */
const harmless = /^(?:console\.\w+|String|Boolean|Object\.(?:keys|is)|typeof|Array\.isArray|expect|assert)$/;

/** Callees whose result is or holds their argument. */
const passing = /^(?:Promise\.\w+|Object\.(?:freeze|assign|values|entries|seal)|Array\.(?:from|of)|Proxy|Map|Set|Array)$/;

/** The number of calls through which an argument is followed. */
const maxDepth = 4;

/** Follows a value through the function that makes it. Used by `findUnreleased`. */
export class ValueOwners {
  constructor(
    private readonly places: Places,
    private readonly closing: ClosingCalls,
  ) {}

  /** Returns where the value of an expression, or of a parameter or variable, goes in the callable. */
  of(start: TS.Node, holder: Callable, depth = maxDepth): Owners {
    return new Search(this.places, this.closing, this, holder, depth).from(start);
  }
}

class Search {
  readonly #aliases = new Set<Place>();
  readonly #stores: Store[] = [];
  readonly #seen = new Set<TS.Node>();
  #isReturned = false;
  #isPassedOn = false;
  #isCaptured = false;
  #isUsing = false;
  #isCollected = false;

  constructor(
    private readonly places: Places,
    private readonly closing: ClosingCalls,
    private readonly owners: ValueOwners,
    private readonly holder: Callable,
    private readonly depth: number,
  ) {}

  from(start: TS.Node): Owners {
    if (ts.isExpression(start)) this.#climb(start);
    else this.#toPlace(start, start);
    return {
      aliases: this.#aliases,
      stores: this.#stores,
      isReturned: this.#isReturned,
      isPassedOn: this.#isPassedOn,
      isCaptured: this.#isCaptured,
      isUsing: this.#isUsing,
      isCollected: this.#isCollected,
    };
  }

  #toPlace(place: Place | undefined, node: TS.Node): void {
    if (place === undefined) return void (this.#isPassedOn = true);
    if (this.#aliases.has(place)) return;
    if (this.#isOutside(place)) return void this.#stores.push({ place, node });
    this.#aliases.add(place);
    for (const use of this.places.usesIn(place, this.holder)) {
      this.#climb(use);
      this.#capture(use);
    }
  }

  /** A function inside the holder that uses the value holds it as well. */
  #capture(use: TS.Node): void {
    const inner = callableOf(use);
    if (inner === this.holder || this.#seen.has(inner) || ts.isSourceFile(inner)) return;
    const call = inner.parent;
    const isArgument = isCall(call) && call.expression !== inner;
    const isRun = isArgument && (callbackMethods.test(calledName(call) ?? '') || passing.test(unwrap(call.expression).getText()));
    if (isRun || (isArgument && isWaitedFor(call)) || (isCall(call) && call.expression === inner)) {
      this.#seen.add(inner);
      return this.#capture(call);
    }
    // What the callback does with the value is seen at its uses.
    if (isArgument && ts.isCallExpression(call) && this.closing.calleesOf(call).length === 0) this.#isCaptured = true;
    else if (ts.isFunctionDeclaration(inner)) this.#toPlace(inner, inner);
    else if (ts.isMethodDeclaration(inner) && ts.isObjectLiteralExpression(inner.parent)) this.#climb(inner.parent);
    else if (ts.isExpression(inner)) this.#climb(inner);
    else this.#isPassedOn = true;
  }

  #isOutside(place: Place): boolean {
    if (typeof place === 'string') return true;
    if (ts.isPropertyDeclaration(place) || ts.isPropertyAssignment(place) || ts.isPropertySignature(place)) return true;
    if (ts.isParameter(place) && ts.isParameterPropertyDeclaration(place, place.parent)) return true;
    if (ts.isSourceFile(this.holder)) return false;
    return ts.findAncestor(place, (ancestor) => ancestor === this.holder) === undefined || !isVariable(place);
  }

  #climb(value: TS.Node): void {
    if (this.#seen.has(value)) return;
    this.#seen.add(value);
    const { parent } = value;
    if (ts.isExpressionStatement(parent) || ts.isTypeOfExpression(parent) || ts.isVoidExpression(parent)) return;
    if (ts.isVariableDeclaration(parent)) return this.#declare(parent, value);
    if (ts.isPropertyDeclaration(parent)) return void this.#stores.push({ place: parent, node: value });
    if (ts.isParameter(parent)) {
      if (parent.initializer === value) for (const name of namesIn(parent.name)) this.#toPlace(name, value);
      return;
    }
    if (ts.isReturnStatement(parent)) return this.#return(ts.findAncestor(parent, isFunction));
    if (ts.isArrowFunction(parent)) return this.#return(parent);
    if (ts.isBinaryExpression(parent)) return this.#binary(parent, value);
    if (ts.isConditionalExpression(parent)) return parent.condition === value ? undefined : this.#climb(parent);
    if (ts.isForOfStatement(parent) && parent.expression === value) {
      if (ts.isVariableDeclarationList(parent.initializer))
        for (const { name } of parent.initializer.declarations) for (const place of namesIn(name)) this.#toPlace(place, value);
      return;
    }
    if (isCall(parent)) return parent.expression === value ? undefined : this.#argument(parent, value);
    const access = memberAccess(parent);
    if (access?.object === value) return this.#member(parent as TS.Expression, access.name);
    if (ts.isArrayLiteralExpression(parent)) this.#isCollected = true;
    if (isTransparent(parent)) return this.#climb(parent);
    if (isCondition(parent) || ts.isComputedPropertyName(parent) || ts.isTemplateSpan(parent)) return;
    if (access) return;
    this.#isPassedOn = true;
  }

  #declare(parent: TS.VariableDeclaration, value: TS.Node): void {
    if (parent.initializer !== value) return;
    if (isUsing(parent)) this.#isUsing = true;
    for (const name of namesIn(parent.name)) this.#toPlace(name, value);
  }

  #binary(parent: TS.BinaryExpression, value: TS.Node): void {
    const { kind } = parent.operatorToken;
    if (kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment) {
      if (parent.right !== value) return;
      this.#toPlace(this.places.of(parent.left), parent);
      return this.#climb(parent);
    }
    const isChoice =
      kind === ts.SyntaxKind.QuestionQuestionToken ||
      kind === ts.SyntaxKind.BarBarToken ||
      (kind === ts.SyntaxKind.AmpersandAmpersandToken && parent.right === value) ||
      (kind === ts.SyntaxKind.CommaToken && parent.right === value);
    if (isChoice) this.#climb(parent);
  }

  /** A function inside the holder that returns the value gives it to the call that it is passed to. */
  #return(from: TS.Node | undefined): void {
    if (from === this.holder) return void (this.#isReturned = true);
    const call = from?.parent;
    if (from && call && ts.isCallExpression(call) && callbackMethods.test(calledName(call) ?? '')) return this.#climb(call);
    this.#isPassedOn = true;
  }

  #member(access: TS.Expression, name: string | undefined): void {
    let value: TS.Node = access;
    while (ts.isExpression(value.parent) && isWrapped(value.parent)) value = value.parent;
    const { parent } = value;
    if (isCall(parent) && parent.expression === value) {
      if (!elementMethods.test(name ?? '')) return;
      for (const callback of parent.arguments ?? [])
        if (isFunction(callback))
          for (const parameter of callback.parameters) for (const place of namesIn(parameter.name)) this.#toPlace(place, parameter);
      // The result of an inline callback is followed from its `return`.
      const isMapped = mappingMethods.test(name ?? '') && parent.arguments?.some(isFunction);
      return isMapped ? undefined : this.#climb(parent);
    }
    // A member may be the resource, as `client` of `store.client`.
    if (ts.isBinaryExpression(parent) && parent.left === value) return;
    this.#climb(value);
  }

  #argument(call: TS.CallExpression | TS.NewExpression, value: TS.Node): void {
    const callee = unwrap(call.expression);
    const text = callee.getText();
    const access = memberAccess(callee);
    const targets = this.closing.calleesOf(call);
    if (isAdding(access?.name) && access && targets.length === 0) {
      this.#isCollected = true;
      return this.#toPlace(this.places.of(access.object), call);
    }
    if (harmless.test(text) || (ts.isCallExpression(call) && this.closing.closesArgument(call))) return;
    if (passing.test(text)) return this.#climb(call);
    if (settledPromise(value) !== undefined) return void (this.#isPassedOn = true);
    if (targets.length > 0) {
      for (const target of targets) this.#enter(call, value, target);
      return;
    }
    // A callback that the function was given uses the value while the function waits for it.
    const place = ts.isIdentifier(callee) ? this.places.of(callee) : undefined;
    const isGivenFunction = place !== undefined && typeof place !== 'string' && ts.isParameter(place);
    if (isGivenFunction && (ts.isAwaitExpression(call.parent) || ts.isReturnStatement(call.parent))) return;
    if (ts.isCallExpression(call) && this.closing.isNeverGiven(call)) return;
    this.#isPassedOn = true;
  }

  /** Follows the value into the parameter of a called function. */
  #enter(call: TS.CallExpression | TS.NewExpression, value: TS.Node, target: Callable): void {
    if (this.depth <= 0) return void (this.#isPassedOn = true);
    const constructed = ts.isClassLike(target) ? target.members.find(ts.isConstructorDeclaration) : undefined;
    const index = (call.arguments ?? []).findIndex((argument) => argument === value || ts.findAncestor(value, (node) => node === argument));
    const parameter = parametersOf(constructed ?? target)[index];
    if (!parameter) {
      // A class without a constructor of its own passes its arguments to its base class.
      if (ts.isClassLike(target) || hasRest(target)) this.#isPassedOn = true;
      return;
    }
    const inner = namesIn(parameter.name).map((name) => this.owners.of(name, constructed ?? target, this.depth - 1));
    const isProperty = ts.isParameterPropertyDeclaration(parameter, parameter.parent);
    const isKept = isProperty || inner.some(({ stores }) => stores.length > 0);
    if (inner.some(({ isPassedOn }) => isPassedOn)) return void (this.#isPassedOn = true);
    if (ts.isNewExpression(call) && isKept) return this.#climb(call);
    if (isKept) return void (this.#isPassedOn = true);
    if (inner.some(({ isReturned }) => isReturned)) this.#climb(call);
  }
}
