import type { ts as TS } from 'ts-morph';
import type { ClientConstructor } from '../clients/client-packages.js';
import { constructorOfType } from '../clients/constructor-types.js';
import { stubFile, type Stubs } from '../clients/stubs.js';
import { isFunction, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/**
 * What the type checker says of a node. It is not asked where it has nothing to say: most calls of real code start at a name
 * that is imported from outside the slice, and to the checker each of them, with its arguments, is a long way to `any`.
 */
export class TypeInfo {
  readonly #foreign = new Map<TS.Symbol, boolean>();
  readonly #symbols = new Map<TS.Node, TS.Symbol | undefined>();

  /** Null: known to be none. */
  readonly #constructors = new Map<TS.Symbol, ClientConstructor | null>();

  constructor(
    readonly checker: TS.TypeChecker,
    private readonly stubs: Stubs,
  ) {}

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

  /** The client constructor that a name or member is by its declared type, however it is used. */
  constructorOf(symbol: TS.Symbol): ClientConstructor | undefined {
    const known = this.#constructors.get(symbol);
    if (known !== undefined) return known ?? undefined;
    const target = this.resolved(symbol);
    const isPossible = !this.#isForeignSymbol(symbol) && mayHaveConstructorType(target);
    const answer = isPossible ? constructorOfType(this.checker.getTypeOfSymbol(target), this.stubs) : undefined;
    this.#constructors.set(symbol, answer ?? null);
    return answer;
  }

  /** The client constructor that an expression without a name gives, by its type. */
  constructorAt(node: TS.Node): ClientConstructor | undefined {
    const type = this.typeAt(node);
    return type && constructorOfType(type, this.stubs);
  }

  /** The symbol behind import and export aliases. */
  resolved(symbol: TS.Symbol): TS.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  /** The type that the surroundings of a literal expect of it. */
  expectedOf(literal: TS.ObjectLiteralExpression): TS.Type | undefined {
    let node: TS.Node = literal;
    while (
      ts.isPropertyAssignment(node.parent) ||
      ts.isObjectLiteralExpression(node.parent) ||
      ts.isArrayLiteralExpression(node.parent) ||
      ts.isParenthesizedExpression(node.parent)
    )
      node = node.parent;
    return this.#isArgumentOfForeign(node) ? undefined : this.checker.getContextualType(literal);
  }

  /** Is the name one of which the program knows nothing: imported from outside the slice, or of the host's? */
  isExternal(name: TS.Identifier): boolean {
    const symbol = this.symbolAt(name);
    return symbol === undefined || this.#isOutside(symbol);
  }

  #isOutside(symbol: TS.Symbol): boolean {
    if (symbol.flags & ts.SymbolFlags.Alias) return this.checker.isUnknownSymbol(this.checker.getAliasedSymbol(symbol));
    const declaration = symbol.valueDeclaration;
    return (
      declaration !== undefined &&
      ts.isVariableDeclaration(declaration) &&
      declaration.type?.kind === ts.SyntaxKind.AnyKeyword &&
      declaration.getSourceFile().fileName === stubFile
    );
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
    const isBare =
      (ts.isVariableDeclaration(declaration) || ts.isParameter(declaration)) &&
      declaration.type === undefined &&
      !/\.[cm]?jsx?$/.test(declaration.getSourceFile().fileName);
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
    const isKey =
      (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
      (ts.isElementAccessExpression(parent) && parent.argumentExpression === node);
    return isKey && this.#isForeign(parent.expression);
  }
}

/** What is plainly something else need not be asked for its type, which for a literal or a call is a dear question. */
function mayHaveConstructorType({ flags, valueDeclaration }: TS.Symbol): boolean {
  if (flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Method | ts.SymbolFlags.Enum | ts.SymbolFlags.EnumMember | ts.SymbolFlags.Module))
    return false;
  const initializer = valueDeclaration && untypedInitializer(valueDeclaration);
  return !initializer || !isPlainly(unwrap(initializer));
}

function untypedInitializer(declaration: TS.Declaration): TS.Expression | undefined {
  if (ts.isPropertyAssignment(declaration)) return declaration.initializer;
  return (ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration)) && !declaration.type
    ? declaration.initializer
    : undefined;
}

/** Text, numbers, literals and functions of the code itself. */
function isPlainly(value: TS.Expression): boolean {
  return (
    ts.isLiteralExpression(value) ||
    ts.isTemplateExpression(value) ||
    ts.isObjectLiteralExpression(value) ||
    ts.isArrayLiteralExpression(value) ||
    ts.isPrefixUnaryExpression(value) ||
    isFunction(value)
  );
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
