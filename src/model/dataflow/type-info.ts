import type { ts as TS } from 'ts-morph';
import type { ClientConstructor } from '../clients/client-packages.js';
import { constructorOfType } from '../clients/constructor-types.js';
import { stubFile, type Stubs } from '../clients/stubs.js';
import { exportEqualsType, isFunction, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/**
 * Answers questions about symbols and types. Caches symbols and client constructors. It skips expressions that start at an external name:
 * their type is `any` anyway, and to compute it the checker would check all arguments. Used by all modules of `dataflow`.
 */
export class TypeInfo {
  readonly #external = new Map<TS.Symbol, boolean>();
  readonly #symbols = new Map<TS.Node, TS.Symbol | undefined>();

  /** Null for symbols that are no client constructor. */
  readonly #constructors = new Map<TS.Symbol, ClientConstructor | null>();

  constructor(
    readonly checker: TS.TypeChecker,
    private readonly stubs: Stubs,
  ) {}

  /** Returns the symbol of a name; undefined if it is unknown. */
  symbolAt(node: TS.Node): TS.Symbol | undefined {
    if (this.#symbols.has(node)) return this.#symbols.get(node);
    const symbol = this.#isExternalMember(node) ? undefined : this.checker.getSymbolAtLocation(node);
    this.#symbols.set(node, symbol);
    return symbol;
  }

  /** Returns the type of an expression; undefined if it starts at an external name. */
  typeAt(node: TS.Node): TS.Type | undefined {
    return this.startsAtExternal(node) ? undefined : this.checker.getTypeAtLocation(node);
  }

  /** Returns the member of an object under a key that is a constant: a symbol, a text or a member of an enum. */
  memberUnder(object: TS.Expression, key: TS.Node): TS.Symbol | undefined {
    if (!ts.isIdentifier(key) && !ts.isPropertyAccessExpression(key)) return undefined;
    const keyType = this.typeAt(key);
    const name = keyType && constantName(keyType);
    const owner = name === undefined ? undefined : this.typeAt(object);
    return owner?.getProperties().find(({ escapedName }) => escapedName === name);
  }

  /** Returns the client constructor that a symbol is, according to its declared type. */
  constructorOf(symbol: TS.Symbol): ClientConstructor | undefined {
    const cached = this.#constructors.get(symbol);
    if (cached !== undefined) return cached ?? undefined;
    const target = this.resolved(symbol);
    const isPossible = !this.#isExternalSymbol(symbol) && mayHaveConstructorType(target);
    const result = isPossible ? constructorOfType(this.checker.getTypeOfSymbol(target), this.stubs) : undefined;
    this.#constructors.set(symbol, result ?? null);
    return result;
  }

  /** Returns the client constructor that an expression evaluates to, according to its type. */
  constructorAt(node: TS.Node): ClientConstructor | undefined {
    const type = this.typeAt(node);
    return type && constructorOfType(type, this.stubs);
  }

  /** Returns the client constructor that a module is itself, by `export =`. */
  constructorOfModule(module: TS.SourceFile): ClientConstructor | undefined {
    const type = exportEqualsType(module, this.checker);
    return type && constructorOfType(type, this.stubs);
  }

  /** Returns the symbol behind import and export aliases. */
  resolved(symbol: TS.Symbol): TS.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  /** Returns the contextual type of a literal; undefined if the literal is an argument of an external call. */
  contextualTypeOf(literal: TS.ObjectLiteralExpression): TS.Type | undefined {
    let node: TS.Node = literal;
    while (
      ts.isPropertyAssignment(node.parent) ||
      ts.isObjectLiteralExpression(node.parent) ||
      ts.isArrayLiteralExpression(node.parent) ||
      ts.isParenthesizedExpression(node.parent)
    )
      node = node.parent;
    return this.#isExternalArgument(node) ? undefined : this.checker.getContextualType(literal);
  }

  /** Whether the name is unknown to the program: imported from outside the slice, or a global of the host. */
  isExternal(name: TS.Identifier): boolean {
    const symbol = this.symbolAt(name);
    return symbol === undefined || this.#isDeclaredOutside(symbol);
  }

  #isDeclaredOutside(symbol: TS.Symbol): boolean {
    if (symbol.flags & ts.SymbolFlags.Alias) return this.checker.isUnknownSymbol(this.checker.getAliasedSymbol(symbol));
    const declaration = symbol.valueDeclaration;
    return (
      declaration !== undefined &&
      ts.isVariableDeclaration(declaration) &&
      declaration.type?.kind === ts.SyntaxKind.AnyKeyword &&
      declaration.getSourceFile().fileName === stubFile
    );
  }

  /** Whether the expression starts at an external name. */
  startsAtExternal(expression: TS.Node): boolean {
    const root = rootOf(expression);
    if (!ts.isIdentifier(root)) return false;
    const symbol = this.symbolAt(root);
    return symbol === undefined || this.#isExternalSymbol(symbol);
  }

  #isExternalSymbol(symbol: TS.Symbol): boolean {
    const cached = this.#external.get(symbol);
    if (cached !== undefined) return cached;
    // Ends the recursion for declarations that refer to themselves.
    this.#external.set(symbol, false);
    const result = this.#isDeclaredOutside(symbol) || this.#isExternalDeclaration(symbol.valueDeclaration);
    this.#external.set(symbol, result);
    return result;
  }

  #isExternalDeclaration(declaration: TS.Node | undefined): boolean {
    if (!declaration) return false;
    if (ts.isBindingElement(declaration)) return this.#isExternalDeclaration(declaration.parent.parent);
    // In JavaScript a comment may declare the type.
    const isUntyped =
      (ts.isVariableDeclaration(declaration) || ts.isParameter(declaration)) &&
      declaration.type === undefined &&
      !/\.[cm]?jsx?$/.test(declaration.getSourceFile().fileName);
    if (!isUntyped) return false;
    if (declaration.initializer) return ts.isVariableDeclaration(declaration) && this.startsAtExternal(declaration.initializer);
    return ts.isParameter(declaration) && this.#isExternalArgument(declaration.parent);
  }

  #isExternalArgument(node: TS.Node): boolean {
    const { parent } = node;
    return (
      (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && node !== parent.expression && this.startsAtExternal(parent.expression)
    );
  }

  #isExternalMember(node: TS.Node): boolean {
    const { parent } = node;
    const isKey =
      (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
      (ts.isElementAccessExpression(parent) && parent.argumentExpression === node);
    return isKey && this.startsAtExternal(parent.expression);
  }
}

/** Returns the name of a property under a key of this type; undefined if the key has several values. */
function constantName(type: TS.Type): TS.__String | undefined {
  if (type.isStringLiteral()) return ts.escapeLeadingUnderscores(type.value);
  return isUniqueSymbol(type) ? type.escapedName : undefined;
}

function isUniqueSymbol(type: TS.Type): type is TS.UniqueESSymbolType {
  return (type.flags & ts.TypeFlags.UniqueESSymbol) !== 0;
}

/** Whether the symbol may have a constructor type. Saves the computation of types, which is expensive for literals and calls. */
function mayHaveConstructorType({ flags, valueDeclaration }: TS.Symbol): boolean {
  if (flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Method | ts.SymbolFlags.Enum | ts.SymbolFlags.EnumMember | ts.SymbolFlags.Module))
    return false;
  const initializer = valueDeclaration && untypedInitializer(valueDeclaration);
  return !initializer || !isPlainValue(unwrap(initializer));
}

function untypedInitializer(declaration: TS.Declaration): TS.Expression | undefined {
  if (ts.isPropertyAssignment(declaration)) return declaration.initializer;
  return (ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration)) && !declaration.type
    ? declaration.initializer
    : undefined;
}

/** Whether the value is a literal or a function of the code itself. */
function isPlainValue(value: TS.Expression): boolean {
  return (
    ts.isLiteralExpression(value) ||
    ts.isTemplateExpression(value) ||
    ts.isObjectLiteralExpression(value) ||
    ts.isArrayLiteralExpression(value) ||
    ts.isPrefixUnaryExpression(value) ||
    isFunction(value)
  );
}

/** Returns the expression at the start: `a` of `await a.b(c)[d]`. */
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
