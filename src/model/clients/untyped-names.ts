import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';

/**
 * Tells which expressions have the type `any` because they start at a name from outside the slice, such as `z` or `prisma`. To compute the
 * type of `z.object({ … }).parse(x)`, the checker would check all arguments first, and answer `any`. Created by `ClientProviders`.
 */
export class UntypedNames {
  readonly #symbols = new Map<TS.Symbol, boolean>();

  constructor(private readonly checker: TS.TypeChecker) {}

  /** Whether the expression starts at a name of type `any`, which members, calls and `await` keep. */
  startsAtUntyped(expression: TS.Node): boolean {
    const root = rootOf(expression);
    if (!ts.isIdentifier(root) || root.text === 'undefined') return false;
    const symbol = this.checker.getSymbolAtLocation(root);
    return symbol !== undefined && this.isUntyped(symbol);
  }

  /** Whether the identifier is a name, or the key of a member, of type `any`. */
  isUntypedName(name: TS.Identifier): boolean {
    const { parent } = name;
    const isKey = ts.isPropertyAccessExpression(parent) && parent.name === name;
    return this.startsAtUntyped(isKey ? parent.expression : name);
  }

  /** Whether the symbol has the type `any`: an import that nothing declares, or a variable that is made from one. */
  isUntyped(symbol: TS.Symbol): boolean {
    const known = this.#symbols.get(symbol);
    if (known !== undefined) return known;
    // Ends the recursion for declarations that refer to themselves.
    this.#symbols.set(symbol, false);
    const result =
      symbol.flags & ts.SymbolFlags.Alias
        ? this.checker.isUnknownSymbol(this.checker.getAliasedSymbol(symbol))
        : this.#isUntypedDeclaration(symbol.valueDeclaration);
    this.#symbols.set(symbol, result);
    return result;
  }

  #isUntypedDeclaration(declaration: TS.Node | undefined): boolean {
    // In JavaScript a comment may declare the type.
    if (!declaration || /\.[cm]?jsx?$/.test(declaration.getSourceFile().fileName)) return false;
    if (ts.isVariableDeclaration(declaration))
      return declaration.type === undefined && declaration.initializer !== undefined && this.startsAtUntyped(declaration.initializer);
    return (
      ts.isParameter(declaration) &&
      declaration.type === undefined &&
      declaration.initializer === undefined &&
      declaration.dotDotDotToken === undefined &&
      this.#isArgumentOfUntyped(declaration.parent)
    );
  }

  #isArgumentOfUntyped(node: TS.Node): boolean {
    const { parent } = node;
    return (
      (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) &&
      ts.isCallExpression(parent) &&
      node !== parent.expression &&
      this.startsAtUntyped(parent.expression)
    );
  }
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
