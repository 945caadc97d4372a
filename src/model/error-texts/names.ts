import type { ts as TS } from 'ts-morph';
import { isFunction, memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Tells what names mean, and where functions are used. Created by `findErrorTextMatches`. */
export class Names {
  /** The identifiers of a file by their text, read when a name is looked for. */
  readonly #identifiers = new Map<TS.SourceFile, ReadonlyMap<string, readonly TS.Identifier[]>>();
  readonly #mentions = new Map<string, readonly TS.Identifier[]>();
  readonly #uses = new Map<TS.Node, readonly TS.Identifier[]>();

  constructor(
    private readonly sources: readonly TS.SourceFile[],
    readonly checker: TS.TypeChecker,
  ) {}

  /** Returns the declaration that a name or a member means, in whichever file it is. */
  declarationOf(node: TS.Node): TS.Declaration | undefined {
    const symbol =
      ts.isIdentifier(node) && ts.isShorthandPropertyAssignment(node.parent)
        ? this.checker.getShorthandAssignmentValueSymbol(node.parent)
        : this.checker.getSymbolAtLocation(node);
    const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    return target?.valueDeclaration ?? target?.declarations?.[0];
  }

  /** Returns the function with a body that a call runs; undefined if the code does not show it. */
  calledBy(call: TS.CallExpression | TS.NewExpression): TS.FunctionLikeDeclaration | undefined {
    const callee = unwrap(call.expression);
    if (isFunction(callee)) return callee;
    const declaration = this.checker.getResolvedSignature(call)?.declaration;
    if (declaration && isFunction(declaration) && declaration.body) return declaration;
    return this.functionOf(callee);
  }

  /** Returns the function that an expression is: inline, or by its name. */
  functionOf(node: TS.Expression): TS.FunctionLikeDeclaration | undefined {
    const value = unwrap(node);
    if (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) return value;
    const member = memberAccess(value);
    // `this.isTransient.bind(this)`
    if (ts.isCallExpression(value)) {
      const bound = memberAccess(value.expression);
      return bound?.name === 'bind' ? this.functionOf(bound.object) : undefined;
    }
    if (!ts.isIdentifier(value) && !member) return undefined;
    const declaration = this.declarationOf(member ? member.key : value);
    if (!declaration) return undefined;
    if (isFunction(declaration)) return declaration.body ? declaration : undefined;
    const isValue = ts.isVariableDeclaration(declaration) || ts.isPropertyAssignment(declaration) || ts.isPropertyDeclaration(declaration);
    const initializer = isValue && declaration.initializer && unwrap(declaration.initializer);
    return initializer && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)) ? initializer : undefined;
  }

  /** Returns the specifier of the import that the callee, or its object, is a name of. */
  importedBy(callee: TS.Expression): string | undefined {
    const name = rootOf(callee);
    const [declaration] = (name && this.checker.getSymbolAtLocation(name)?.declarations) ?? [];
    const statement = declaration && ts.findAncestor(declaration, ts.isImportDeclaration);
    return statement && ts.isStringLiteral(statement.moduleSpecifier) ? statement.moduleSpecifier.text : undefined;
  }

  /** Returns the places that name a function, without its declaration and without imports and exports. */
  usesOf(callable: TS.FunctionLikeDeclaration): readonly TS.Identifier[] {
    const known = this.#uses.get(callable);
    if (known) return known;
    const name = declaredName(callable);
    const found =
      name === undefined ? [] : this.mentions(name.text).filter((node) => node !== name && isUse(node) && this.#means(node, callable));
    this.#uses.set(callable, found);
    return found;
  }

  /** Returns the identifiers of the files with this text. */
  mentions(name: string): readonly TS.Identifier[] {
    const known = this.#mentions.get(name);
    if (known) return known;
    const found = this.sources.filter(({ text }) => text.includes(name)).flatMap((source) => this.#identifiersOf(source).get(name) ?? []);
    this.#mentions.set(name, found);
    return found;
  }

  #means(node: TS.Identifier, callable: TS.FunctionLikeDeclaration): boolean {
    const declaration = this.declarationOf(node);
    if (!declaration) return false;
    if (declaration === callable) return true;
    const hasValue = ts.isVariableDeclaration(declaration) || ts.isPropertyAssignment(declaration) || ts.isPropertyDeclaration(declaration);
    return hasValue && declaration.initializer !== undefined && unwrap(declaration.initializer) === callable;
  }

  #identifiersOf(source: TS.SourceFile): ReadonlyMap<string, readonly TS.Identifier[]> {
    const known = this.#identifiers.get(source);
    if (known) return known;
    const found = new Map<string, TS.Identifier[]>();
    const visit = (node: TS.Node): void => {
      if (ts.isIdentifier(node)) {
        const named = found.get(node.text);
        if (named) named.push(node);
        else found.set(node.text, [node]);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    this.#identifiers.set(source, found);
    return found;
  }
}

/** Returns the identifier that declares a function: its own name, or that of the variable or property whose value it is. */
export function declaredName(callable: TS.FunctionLikeDeclaration): TS.Identifier | undefined {
  const { name: own } = callable;
  if (own) return ts.isIdentifier(own) ? own : undefined;
  let outer: TS.Node = callable;
  while (ts.isParenthesizedExpression(outer.parent) || ts.isAsExpression(outer.parent) || ts.isSatisfiesExpression(outer.parent))
    outer = outer.parent;
  const { parent } = outer;
  const isNamed = ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent);
  return isNamed && ts.isIdentifier(parent.name) ? parent.name : undefined;
}

/** Returns the call whose callee is the name, or a member access that ends with it. */
export function callOfName(node: TS.Identifier): TS.CallExpression | undefined {
  const callee = valueOfName(node);
  return ts.isCallExpression(callee.parent) && callee.parent.expression === callee ? callee.parent : undefined;
}

/** Returns `a.b` for the name `b` of it, and the name itself otherwise; with `.bind(this)` if it is there. */
export function valueOfName(node: TS.Identifier): TS.Node {
  const value = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node ? node.parent : node;
  const member = value.parent;
  const isBound = ts.isPropertyAccessExpression(member) && member.expression === value && member.name.text === 'bind';
  return isBound && ts.isCallExpression(member.parent) ? member.parent : value;
}

/** Returns the static name of an option that a value is given as: `shouldRetry` of `{ shouldRetry: … }` and `{ shouldRetry(e) {…} }`. */
export function optionName(node: TS.Node): string | undefined {
  if (ts.isMethodDeclaration(node) && ts.isObjectLiteralExpression(node.parent)) return staticName(node.name);
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return parent.name.text;
  return ts.isPropertyAssignment(parent) && parent.initializer === node ? staticName(parent.name) : undefined;
}

function rootOf(node: TS.Expression): TS.Identifier | undefined {
  const value = unwrap(node);
  if (ts.isIdentifier(value)) return value;
  const member = memberAccess(value);
  return member && rootOf(member.object);
}

function isUse(node: TS.Identifier): boolean {
  const { parent } = node;
  return !ts.isImportSpecifier(parent) && !ts.isExportSpecifier(parent) && !ts.isImportClause(parent) && !ts.isExportAssignment(parent);
}
