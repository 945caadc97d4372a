import type { ts as TS } from 'ts-morph';
import type { Span } from '../../findings/finding.js';
import { ts } from './load-ts-morph.js';

/**
 * A node of the call graph: a function in any form, a class (a construction runs its field initialisers), or a module body. Used by all
 * modules of `model`.
 */
export type Callable = TS.FunctionLikeDeclaration | TS.ClassLikeDeclaration | TS.SourceFile;

/** Returns the file and the offsets of a node, without leading comments. */
export function spanOf(node: TS.Node): Span {
  const source = node.getSourceFile();
  return { file: source.fileName, start: node.getStart(source), end: node.getEnd() };
}

/** Returns the span of the callee of a call, with `new` if present; for other nodes, their whole span. */
export function calleeSpan(node: TS.Node): Span {
  const isCall = ts.isCallExpression(node) || ts.isNewExpression(node);
  return isCall ? { ...spanOf(node), end: unwrap(node.expression).getEnd() } : spanOf(node);
}

/** Whether the node is a function, method, constructor or accessor, with or without a body. */
export function isFunction(node: TS.Node): node is TS.FunctionLikeDeclaration {
  return ts.isFunctionLike(node) && 'body' in node;
}

/** Whether the node is a callable: a function, a class or a module body. */
export function isCallable(node: TS.Node): node is Callable {
  return isFunction(node) || ts.isClassLike(node) || ts.isSourceFile(node);
}

/** Whether the function has a body; overloads and abstract methods have none. */
export function hasBody(node: TS.FunctionLikeDeclaration): boolean {
  return node.body !== undefined;
}

/** Returns the callable that evaluates this node when it runs. */
export function callableOf(node: TS.Node): Callable {
  for (let child = node, parent = node.parent; ; child = parent, parent = parent.parent) {
    if (ts.isSourceFile(parent)) return parent;
    // A function evaluates its default values; the surrounding callable evaluates decorators and computed names.
    if (isFunction(parent) && (child === parent.body || ts.isParameter(child))) return parent;
    if (ts.isPropertyDeclaration(parent) && child === parent.initializer && !isStatic(parent)) return parent.parent;
  }
}

/** Whether the node has the modifier `static`. */
export function isStatic(node: TS.Node): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false);
}

/** Whether the node gives the value of its inner expression, or of the promise that it is: parentheses, casts, `await`. */
export function isWrapped(
  node: TS.Node,
): node is
  | TS.ParenthesizedExpression
  | TS.AsExpression
  | TS.SatisfiesExpression
  | TS.NonNullExpression
  | TS.TypeAssertion
  | TS.ExpressionWithTypeArguments
  | TS.AwaitExpression {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isExpressionWithTypeArguments(node) ||
    ts.isAwaitExpression(node)
  );
}

/** Removes syntax that does not change the value: parentheses, `as`, `satisfies`, `!`, `await`, `(0, x)`. */
export function unwrap(node: TS.Expression): TS.Expression {
  if (isWrapped(node)) return unwrap(node.expression);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken) return unwrap(node.right);
  return node;
}

/** Returns the text of a name: `name` of `{ name: … }`, `{ 'name': … }` and `name`, `@@x` of `[Symbol.x]`; undefined for a computed name. */
export function staticName(node: TS.PropertyName | TS.BindingName | TS.Expression | undefined): string | undefined {
  if (!node) return undefined;
  if (ts.isComputedPropertyName(node)) return staticName(node.expression);
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node) || ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return node.text;
  return ts.isExpression(node) ? symbolName(node) : undefined;
}

/** Returns `@@dispose` of `Symbol.dispose`. */
function symbolName(node: TS.Expression): string | undefined {
  const isSymbol = ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'Symbol';
  return isSymbol ? `@@${node.name.text}` : undefined;
}

/** Returns object, key and name of `a.b` and `a['b']`. The name is undefined if it is computed. */
export function memberAccess(
  node: TS.Node,
): { readonly object: TS.Expression; readonly key: TS.Node; readonly name: string | undefined } | undefined {
  if (ts.isPropertyAccessExpression(node)) return { object: node.expression, key: node.name, name: node.name.text };
  if (!ts.isElementAccessExpression(node)) return undefined;
  const key = node.argumentExpression;
  return { object: node.expression, key, name: ts.isStringLiteralLike(key) || ts.isNumericLiteral(key) ? key.text : symbolName(key) };
}

/** Returns the static or instance members of a class that have the name. */
export function membersNamed(node: TS.ClassLikeDeclaration, name: string, isStaticMember: boolean): TS.ClassElement[] {
  return node.members.filter((member) => isStatic(member) === isStaticMember && staticName(member.name) === name);
}

/** Returns the name of a callable for messages: `getClickHouseClient`, `ConnectionManager.acquire`, `module db/clickhouse.ts`. */
export function callableName(node: Callable): string {
  if (ts.isSourceFile(node)) return `module ${node.fileName.split('/').slice(-2).join('/')}`;
  if (ts.isConstructorDeclaration(node)) return `new ${callableName(node.parent)}`;
  const own = definedName(ts.isMethodDeclaration(node) ? node : node.parent) ?? staticName(node.name);
  if (own !== undefined && ts.isClassElement(node) && ts.isClassLike(node.parent)) return `${callableName(node.parent)}.${own}`;
  if (own !== undefined) return own;
  const parent = memoizedParent(node);
  if ((ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) && staticName(parent.name) !== undefined)
    return staticName(parent.name) ?? '';
  if (ts.isPropertyDeclaration(parent)) return `${callableName(parent.parent)}.${staticName(parent.name) ?? 'member'}`;
  if (ts.isBinaryExpression(parent))
    return memberAccess(parent.left)?.name ?? (ts.isIdentifier(parent.left) ? parent.left.text : 'function');
  if (ts.isClassLike(node)) return 'class';
  return `callback in ${callableName(callableOf(node))}`;
}

/** Returns `a` for the value in `Object.defineProperty(o, 'a', { value })` or `Object.defineProperties(o, { a: { value } })`. */
function definedName(value: TS.Node): string | undefined {
  const isValue = (ts.isPropertyAssignment(value) || ts.isMethodDeclaration(value)) && staticName(value.name) === 'value';
  const descriptor = isValue ? value.parent : undefined;
  if (!descriptor) return undefined;
  const definition = ts.isPropertyAssignment(descriptor.parent) ? descriptor.parent.parent.parent : descriptor.parent;
  if (!ts.isCallExpression(definition)) return undefined;
  const called = memberAccess(definition.expression)?.name;
  if (called === 'defineProperty') return staticName(definition.arguments[1]);
  return called === 'defineProperties' && ts.isPropertyAssignment(descriptor.parent) ? staticName(descriptor.parent.name) : undefined;
}

/** Functions that return a function which runs the given one: React, Next.js, lodash and the `memoize` packages. */
const memoizers = /^(?:cache|unstable_cache|memo|memoize\w*|p?[mM]emoize\w*|once|lazy|singleton)$/;

/** The parent of a callable, outside of the memoizers around it: `export const load = cache(async () => …)` declares `load`. */
function memoizedParent(node: TS.Node): TS.Node {
  const call = node.parent;
  if (!ts.isCallExpression(call) || call.arguments[0] !== node) return call;
  const name = memberAccess(call.expression)?.name ?? (ts.isIdentifier(call.expression) ? call.expression.text : '');
  return memoizers.test(name) ? memoizedParent(call) : call;
}

/** Whether the callable has a name. Callbacks without a name cannot be used elsewhere. */
export function isNamed(callable: Callable): boolean {
  return !callableName(callable).startsWith('callback in ');
}

/** Returns all callables of a file, the module body first. */
export function callablesIn(file: TS.SourceFile): Callable[] {
  const callables: Callable[] = [file];
  const visit = (node: TS.Node): void => {
    if (ts.isClassLike(node) || (isFunction(node) && hasBody(node))) callables.push(node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return callables;
}

/** Returns the module symbol of a file. The checker has it for ES modules; for a CommonJS file it is on the node. */
export function moduleSymbol(file: TS.SourceFile & { readonly symbol?: TS.Symbol }, checker: TS.TypeChecker): TS.Symbol | undefined {
  return checker.getSymbolAtLocation(file) ?? file.symbol;
}

/** Returns the type of the value that a module is by `export =` or `module.exports =`; undefined for other modules. */
export function exportEqualsType(file: TS.SourceFile, checker: TS.TypeChecker): TS.Type | undefined {
  const symbol = moduleSymbol(file, checker)?.exports?.get(ts.InternalSymbolName.ExportEquals);
  return symbol && checker.getTypeOfSymbol(symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
}

/** Returns the names of the files that contain the nodes. */
export function fileNamesOf(nodes: readonly TS.Node[]): ReadonlySet<string> {
  return new Set(nodes.map((node) => node.getSourceFile().fileName));
}

/** Whether a node compares two values: `a === b`, `a < b`. */
export function isComparison(node: TS.Node): boolean {
  return ts.isBinaryExpression(node) && /^(?:[<>]=?|[!=]==?)$/.test(node.operatorToken.getText());
}

/** Whether the operator assigns its left side: `=`, `+=`, `??=` and the others. */
export function isAssignmentOperator(operator: TS.SyntaxKind): boolean {
  return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
}
