import type { ts as TS } from 'ts-morph';
import { stubFile } from '../stubs.js';
import { ts } from '../typescript.js';

/**
 * What the type checker says of a node. It is not asked where it has nothing to say: most calls of real code start at a name
 * that is imported from outside the slice, and to the checker each of them, with its arguments, is a long way to `any`.
 */
export class Meaning {
  readonly #foreign = new Map<TS.Symbol, boolean>();
  readonly #symbols = new Map<TS.Node, TS.Symbol | undefined>();

  constructor(readonly checker: TS.TypeChecker) {}

  symbolAt(node: TS.Node): TS.Symbol | undefined {
    if (this.#symbols.has(node)) return this.#symbols.get(node);
    const symbol = this.#isMemberOfForeign(node) ? undefined : this.checker.getSymbolAtLocation(node);
    this.#symbols.set(node, symbol);
    return symbol;
  }

  /** The type of an expression; undefined where it could be anything. */
  typeAt(node: TS.Node): TS.Type | undefined {
    return this.#isForeign(node) ? undefined : this.checker.getTypeAtLocation(node);
  }

  /** The type that a name or member was declared with, however it is used; undefined where it could be anything. */
  typeOf(symbol: TS.Symbol): TS.Type | undefined {
    return this.#isForeignSymbol(symbol) ? undefined : this.checker.getTypeOfSymbol(this.resolved(symbol));
  }

  /** The symbol behind import and export aliases. */
  resolved(symbol: TS.Symbol): TS.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  /** The type that the surroundings of a literal expect of it. */
  expectedOf(literal: TS.ObjectLiteralExpression): TS.Type | undefined {
    let node: TS.Node = literal;
    while (ts.isPropertyAssignment(node.parent) || ts.isObjectLiteralExpression(node.parent) || ts.isArrayLiteralExpression(node.parent) || ts.isParenthesizedExpression(node.parent)) node = node.parent;
    return this.#isArgumentOfForeign(node) ? undefined : this.checker.getContextualType(literal);
  }

  /** Is the name one of which the program knows nothing: imported from outside the slice, or of the host's? */
  isOutside(name: TS.Identifier): boolean {
    const symbol = this.symbolAt(name);
    return symbol === undefined || this.#isOutside(symbol);
  }

  #isOutside(symbol: TS.Symbol): boolean {
    if (symbol.flags & ts.SymbolFlags.Alias) return this.checker.isUnknownSymbol(this.checker.getAliasedSymbol(symbol));
    const declaration = symbol.valueDeclaration;
    return declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.type?.kind === ts.SyntaxKind.AnyKeyword && declaration.getSourceFile().fileName === stubFile;
  }

  /** Does the expression start at such a name? */
  #isForeign(expression: TS.Node): boolean {
    const root = rootOf(expression);
    if (!ts.isIdentifier(root)) return false;
    const symbol = this.symbolAt(root);
    return symbol === undefined || this.#isForeignSymbol(symbol);
  }

  #isForeignSymbol(symbol: TS.Symbol): boolean {
    const known = this.#foreign.get(symbol);
    if (known !== undefined) return known;
    // What is declared by means of itself is at least declared.
    this.#foreign.set(symbol, false);
    const answer = this.#isOutside(symbol) || this.#isForeignDeclaration(symbol.valueDeclaration);
    this.#foreign.set(symbol, answer);
    return answer;
  }

  #isForeignDeclaration(declaration: TS.Node | undefined): boolean {
    if (!declaration) return false;
    if (ts.isBindingElement(declaration)) return this.#isForeignDeclaration(declaration.parent.parent);
    // In JavaScript a comment may give a type.
    const isBare = (ts.isVariableDeclaration(declaration) || ts.isParameter(declaration)) && declaration.type === undefined && !/\.[cm]?jsx?$/.test(declaration.getSourceFile().fileName);
    if (!isBare) return false;
    if (declaration.initializer) return ts.isVariableDeclaration(declaration) && this.#isForeign(declaration.initializer);
    return ts.isParameter(declaration) && this.#isArgumentOfForeign(declaration.parent);
  }

  #isArgumentOfForeign(node: TS.Node): boolean {
    const { parent } = node;
    return (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && node !== parent.expression && this.#isForeign(parent.expression);
  }

  #isMemberOfForeign(node: TS.Node): boolean {
    const { parent } = node;
    const isKey = (ts.isPropertyAccessExpression(parent) && parent.name === node) || (ts.isElementAccessExpression(parent) && parent.argumentExpression === node);
    return isKey && this.#isForeign(parent.expression);
  }
}

/** `a` of `await a.b(c)[d]`. */
function rootOf(expression: TS.Node): TS.Node {
  let node = expression;
  while (
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isCallExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node)
  )
    node = node.expression;
  return node;
}
