import type { ts as TS } from 'ts-morph';
import { hasBody, isFunction, isWrapped, memberAccess, staticName } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { ResultKind } from './client-calls.js';
import { type ReadKind, memberEffect } from './read-members.js';
import { isTested, referencesTo } from './references.js';

/** Number of functions that a value is followed into as an argument. */
const maxCalls = 3;

/** Follows a result to see whether something reads it. Code that is not understood counts as a reader. Created by `findUnreadResults`. */
export class ResultReads {
  /** Functions that return a result without reading it: their calls give results too. */
  readonly returning = new Set<TS.FunctionLikeDeclaration>();

  constructor(private readonly checker: TS.TypeChecker) {}

  /** Whether something may read the value of the expression, or the values of an array of them. */
  isRead(value: TS.Expression, kind: ReadKind, calls = 0): boolean {
    return this.#use(value, kind, calls);
  }

  /** Returns those references to a variable that may read its value. */
  readingReferences(name: TS.Identifier, kind: ResultKind): TS.Identifier[] {
    return referencesTo(name, this.checker).filter((reference) => this.#use(reference, kind, 0));
  }

  #use(node: TS.Expression, kind: ReadKind, calls: number): boolean {
    const { parent } = node;
    if (isWrapped(parent)) return this.#use(parent, kind, calls);
    if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent) || isTested(node)) return false;
    if (ts.isConditionalExpression(parent) || (ts.isBinaryExpression(parent) && isPassing(parent, node)))
      return this.#use(parent, kind, calls);
    if (memberAccess(parent)?.object === node) return this.#member(parent as TS.Expression, kind, calls);
    if (ts.isVariableDeclaration(parent) && parent.initializer === node) return this.#declaration(parent, kind, calls);
    if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && parent.right === node)
      return this.#assignment(parent.left, kind, calls);
    if (ts.isReturnStatement(parent)) return this.#returned(functionAround(parent), kind, calls);
    if (ts.isArrowFunction(parent) && parent.body === node) return this.#returned(parent, kind, calls);
    if (ts.isForOfStatement(parent) && parent.expression === node && typeof kind === 'object' && !parent.awaitModifier)
      return ts.isVariableDeclarationList(parent.initializer)
        ? parent.initializer.declarations.some(({ name }) => this.#binding(name, kind.of, calls))
        : true;
    if (ts.isArrayLiteralExpression(parent)) return this.#element(parent, node, kind, calls);
    if (ts.isCallExpression(parent) && parent.expression !== node) return this.#argument(parent, node, kind, calls);
    return true;
  }

  #member(access: TS.Expression, kind: ReadKind, calls: number): boolean {
    const name = memberAccess(access)?.name;
    const call = ts.isCallExpression(access.parent) && access.parent.expression === access ? access.parent : undefined;
    if (call && (name === 'catch' || name === 'finally')) return this.#use(call, kind, calls);
    if (call && name === 'then') return this.#callback(call, kind, calls);
    const effect = memberEffect(kind, name, access, call);
    if (effect === 'read' || effect === 'none') return effect === 'read';
    if (effect === 'each') return call ? this.#callback(call, typeof kind === 'object' ? kind.of : kind, calls) : true;
    return this.#use(effect.of === 'call' && call ? call : access, effect.kind, calls);
  }

  /** The first argument of `then`, `map` and the like receives the value. */
  #callback(call: TS.CallExpression, kind: ReadKind, calls: number): boolean {
    const [handler] = call.arguments;
    if (!handler) return false;
    if (!ts.isArrowFunction(handler) && !ts.isFunctionExpression(handler)) return true;
    const [parameter] = handler.parameters;
    return parameter !== undefined && this.#binding(parameter.name, kind, calls);
  }

  #declaration(declaration: TS.VariableDeclaration, kind: ReadKind, calls: number): boolean {
    // The end of the block closes a resource of `using` and `await using`.
    const isResource = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Using) !== 0;
    const isExported = (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export) !== 0;
    return isResource || isExported || this.#binding(declaration.name, kind, calls);
  }

  #binding(name: TS.BindingName, kind: ReadKind, calls: number): boolean {
    if (ts.isIdentifier(name)) return referencesTo(name, this.checker).some((reference) => this.#use(reference, kind, calls));
    if (ts.isArrayBindingPattern(name)) {
      if (typeof kind !== 'object') return true;
      return name.elements.some((element) => ts.isBindingElement(element) && this.#binding(element.name, kind.of, calls));
    }
    return name.elements.some((element) => {
      if (element.dotDotDotToken) return true;
      const effect = memberEffect(kind, staticName(element.propertyName ?? element.name), undefined, undefined);
      if (effect === 'read' || effect === 'none') return effect === 'read';
      return effect === 'each' || effect.of === 'call' || this.#binding(element.name, effect.kind, calls);
    });
  }

  #assignment(target: TS.Expression, kind: ReadKind, calls: number): boolean {
    if (ts.isIdentifier(target)) {
      const symbol = this.checker.getSymbolAtLocation(target);
      const declaration = symbol?.valueDeclaration;
      if (!declaration || !ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return true;
      return this.#declaration(declaration, kind, calls);
    }
    return this.#field(target, kind, calls);
  }

  /** A private field is read by its class alone. */
  #field(target: TS.Expression, kind: ReadKind, calls: number): boolean {
    const access = memberAccess(target);
    const owner = ts.findAncestor(target, ts.isClassLike);
    if (access?.object.kind !== ts.SyntaxKind.ThisKeyword || !owner || access.name === undefined) return true;
    const declaration = owner.members.find((member) => ts.isPropertyDeclaration(member) && staticName(member.name) === access.name);
    const isPrivate = declaration !== undefined && (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private) !== 0;
    if (!isPrivate && !ts.isPrivateIdentifier(access.key)) return true;
    let isRead = false;
    const visit = (node: TS.Node): void => {
      const found = memberAccess(node);
      const isTarget = ts.isBinaryExpression(node.parent) && node.parent.left === node;
      if (found?.object.kind === ts.SyntaxKind.ThisKeyword && found.name === access.name && !isTarget)
        isRead ||= this.#use(node as TS.Expression, kind, calls);
      // `const { result } = this` may read it.
      if (node.kind === ts.SyntaxKind.ThisKeyword && memberAccess(node.parent)?.object !== node) isRead = true;
      if (!isRead) ts.forEachChild(node, visit);
    };
    ts.forEachChild(owner, visit);
    return isRead;
  }

  /** The value of a callback goes to the function that calls it; that of another function to its callers. */
  #returned(callable: TS.FunctionLikeDeclaration | undefined, kind: ReadKind, calls: number): boolean {
    if (!callable) return true;
    let value: TS.Node = callable;
    while (ts.isParenthesizedExpression(value.parent)) value = value.parent;
    const call = value.parent;
    if (!ts.isCallExpression(call)) {
      if (typeof kind === 'string') this.returning.add(callable);
      return true;
    }
    if (call.expression === value) return this.#use(call, kind, calls);
    const member = memberAccess(call.expression)?.name;
    if (member === 'then' || member === 'catch') return this.#use(call, kind, calls);
    if (member === 'map' || member === 'flatMap') return this.#use(call, { of: kind }, calls);
    // The value of a callback of `forEach` goes nowhere.
    return member !== 'forEach';
  }

  #element(array: TS.ArrayLiteralExpression, node: TS.Expression, kind: ReadKind, calls: number): boolean {
    const index = array.elements.indexOf(node);
    const call = array.parent;
    const isCombined = ts.isCallExpression(call) && isCombinator(call) && call.arguments[0] === array;
    const target = isCombined ? destructured(call) : undefined;
    if (!target) return this.#use(array, { of: kind }, calls);
    const element = target.elements[index];
    if (target.elements.slice(0, index).some((earlier) => ts.isBindingElement(earlier) && earlier.dotDotDotToken)) return true;
    return element !== undefined && ts.isBindingElement(element) && this.#binding(element.name, kind, calls);
  }

  #argument(call: TS.CallExpression, node: TS.Expression, kind: ReadKind, calls: number): boolean {
    if (isCombinator(call)) return isSettled(call) ? !isDropped(call) : this.#use(call, kind, calls);
    const callee = call.expression.getText();
    if (callee === 'Promise.resolve') return this.#use(call, kind, calls);
    if (neutralFunctions.test(callee)) return isExpectedToFail(call);
    if (isWaitForEnd(call)) return false;
    const declaration = this.checker.getResolvedSignature(call)?.declaration;
    const index = call.arguments.indexOf(node);
    if (calls >= maxCalls || !declaration || !isFunction(declaration) || !hasBody(declaration)) return true;
    const parameter = declaration.parameters[index];
    if (!parameter || parameter.dotDotDotToken || ts.isParameterPropertyDeclaration(parameter, declaration)) return true;
    if (/\barguments\b/.test(declaration.body?.getText() ?? '')) return true;
    return this.#binding(parameter.name, kind, calls + 1);
  }
}

/** Functions that look at a value and read nothing of it. */
const neutralFunctions = /^(?:Boolean|String|expect|assert(?:\.ok|\.notEqual)?|console\.\w+)$/;

/** Whether a test expects that the statement fails, as in `await expect(client.query(…)).rejects.toThrow()`: then there is no result. */
function isExpectedToFail({ parent }: TS.CallExpression): boolean {
  return ts.isPropertyAccessExpression(parent) && parent.name.text === 'rejects';
}

function isPassing({ operatorToken, left, right }: TS.BinaryExpression, node: TS.Node): boolean {
  switch (operatorToken.kind) {
    case ts.SyntaxKind.CommaToken:
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return right === node;
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.QuestionQuestionToken:
      return left === node || right === node;
    default:
      return false;
  }
}

function isCombinator({ expression }: TS.CallExpression): boolean {
  return /^Promise\.(?:all|allSettled|race|any)$/.test(expression.getText());
}

/** Whether nothing gets the value of a call, awaited or not. */
function isDropped(call: TS.CallExpression): boolean {
  let value: TS.Node = call;
  while (isWrapped(value.parent)) value = value.parent;
  return ts.isExpressionStatement(value.parent) || ts.isVoidExpression(value.parent);
}

/** `once(stream, 'end')` of Node.js waits for the end, but does not start the stream. */
function isWaitForEnd({ expression, arguments: [, event] }: TS.CallExpression): boolean {
  return /^(?:events\.)?once$/.test(expression.getText()) && event !== undefined && ts.isStringLiteralLike(event) && event.text !== 'data';
}

function isSettled({ expression }: TS.CallExpression): boolean {
  return expression.getText() === 'Promise.allSettled';
}

/** The pattern of `const [a, b] = await Promise.all([…])`. */
function destructured(call: TS.CallExpression): TS.ArrayBindingPattern | undefined {
  let value: TS.Node = call;
  while (isWrapped(value.parent)) value = value.parent;
  const { parent } = value;
  return ts.isVariableDeclaration(parent) && ts.isArrayBindingPattern(parent.name) && !isSettled(call) ? parent.name : undefined;
}

function functionAround(node: TS.Node): TS.FunctionLikeDeclaration | undefined {
  return ts.findAncestor(node.parent, isFunction);
}
