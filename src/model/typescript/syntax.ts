import type { ts as TS } from 'ts-morph';
import type { Span } from '../../findings/finding.js';
import { ts } from './load-ts-morph.js';

/**
 * Something that runs: a function in any form, a class (its field initialisers run when it is constructed), a module body.
 * Nodes of the call graph.
 */
export type Callable = TS.FunctionLikeDeclaration | TS.ClassLikeDeclaration | TS.SourceFile;

export function spanOf(node: TS.Node): Span {
  const source = node.getSourceFile();
  return { file: source.fileName, start: node.getStart(source), end: node.getEnd() };
}

/** Of a call the callee, with `new` where it stands: the smallest text that says what is called. */
export function calleeSpan(node: TS.Node): Span {
  const isCall = ts.isCallExpression(node) || ts.isNewExpression(node);
  return isCall ? { ...spanOf(node), end: unwrap(node.expression).getEnd() } : spanOf(node);
}

export function isFunction(node: TS.Node): node is TS.FunctionLikeDeclaration {
  return ts.isFunctionLike(node) && 'body' in node;
}

export function hasBody(node: TS.FunctionLikeDeclaration): boolean {
  return node.body !== undefined;
}

/** The routine whose run evaluates this node. */
export function callableOf(node: TS.Node): Callable {
  for (let child = node, parent = node.parent; ; child = parent, parent = parent.parent) {
    if (ts.isSourceFile(parent)) return parent;
    // A default value is evaluated by its own function; a decorator or computed name by whoever defines it.
    if (isFunction(parent) && (child === parent.body || ts.isParameter(child))) return parent;
    if (ts.isPropertyDeclaration(parent) && child === parent.initializer && !isStatic(parent)) return parent.parent;
  }
}

export function isStatic(node: TS.Node): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false);
}

/** Strips what changes types or grouping but not the value: parentheses, `as`, `satisfies`, `!`, `await`, `(0, x)`. */
export function unwrap(node: TS.Expression): TS.Expression {
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isExpressionWithTypeArguments(node) ||
    ts.isAwaitExpression(node)
  )
    return unwrap(node.expression);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken) return unwrap(node.right);
  return node;
}

/** `name` of `a.name`, `a['name']` and `{ name: … }`; undefined for a computed name. */
export function staticName(node: TS.PropertyName | TS.BindingName | TS.Expression | undefined): string | undefined {
  if (!node) return undefined;
  if (ts.isComputedPropertyName(node)) return staticName(node.expression);
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node) || ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return node.text;
  return undefined;
}

/** `b` of `a.b` and `a['b']`, together with `a`. */
export function memberAccess(
  node: TS.Node,
): { readonly object: TS.Expression; readonly key: TS.Node; readonly name: string | undefined } | undefined {
  if (ts.isPropertyAccessExpression(node)) return { object: node.expression, key: node.name, name: node.name.text };
  if (!ts.isElementAccessExpression(node)) return undefined;
  const key = node.argumentExpression;
  return { object: node.expression, key, name: ts.isStringLiteralLike(key) || ts.isNumericLiteral(key) ? key.text : undefined };
}

export function membersNamed(node: TS.ClassLikeDeclaration, name: string, statics: boolean): TS.ClassElement[] {
  return node.members.filter((member) => isStatic(member) === statics && staticName(member.name) === name);
}

/** As a reader would name it in a sentence: `getClickHouseClient`, `ConnectionManager.acquire`, `module db/clickhouse.ts`. */
export function callableName(node: Callable): string {
  if (ts.isSourceFile(node)) return `module ${node.fileName.split('/').slice(-2).join('/')}`;
  if (ts.isConstructorDeclaration(node)) return `new ${callableName(node.parent)}`;
  const own = staticName(node.name);
  if (own !== undefined && ts.isClassElement(node) && ts.isClassLike(node.parent)) return `${callableName(node.parent)}.${own}`;
  if (own !== undefined) return own;
  const { parent } = node;
  if ((ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) && staticName(parent.name) !== undefined)
    return staticName(parent.name) ?? '';
  if (ts.isPropertyDeclaration(parent)) return `${callableName(parent.parent)}.${staticName(parent.name) ?? 'member'}`;
  if (ts.isBinaryExpression(parent))
    return memberAccess(parent.left)?.name ?? (ts.isIdentifier(parent.left) ? parent.left.text : 'function');
  if (ts.isClassLike(node)) return 'class';
  return `callback in ${callableName(callableOf(node))}`;
}

/** A callback without a name is nobody's to use. */
export function isNamed(callable: Callable): boolean {
  return !callableName(callable).startsWith('callback in ');
}

/** Every routine of a file, the module body first. */
export function callablesIn(file: TS.SourceFile): Callable[] {
  const callables: Callable[] = [file];
  const visit = (node: TS.Node): void => {
    if (ts.isClassLike(node) || (isFunction(node) && hasBody(node))) callables.push(node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return callables;
}

/** The module behind a file. The checker answers for ES modules only; a CommonJS file carries its symbol itself. */
export function moduleSymbol(file: TS.SourceFile & { readonly symbol?: TS.Symbol }, checker: TS.TypeChecker): TS.Symbol | undefined {
  return checker.getSymbolAtLocation(file) ?? file.symbol;
}

/** Returns the names of the files that contain the nodes. */
export function fileNamesOf(nodes: readonly TS.Node[]): ReadonlySet<string> {
  return new Set(nodes.map((node) => node.getSourceFile().fileName));
}
