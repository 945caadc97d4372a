import type { ts as TS } from 'ts-morph';
import { importedSpecifier } from '../typescript/import-calls.js';
import { localImports } from '../typescript/local-imports.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import { assignmentsTo, declarationOf, returnsOf } from './declarations.js';
import { destructuredProperty, propertyValues } from './property-values.js';

/**
 * Where the value of an expression in a test comes from. `hand-written`: the file writes it down, also by the functions of a test runner.
 * `shared`: another module of the project, or a package, makes it. `actual`: it is the original that a mock replaces.
 * `empty`: it is null or undefined, which is no double.
 */
export type Origin = 'hand-written' | 'shared' | 'actual' | 'empty' | 'unknown';

/** Packages whose functions make doubles. */
const mockPackages =
  /(?:^|[/@-])(?:vitest|jest|mock\w*|\w*mock|\w*mockito|sinon|testdouble|bun:test|node:test|substitute|shoehorn)(?:$|[/-])/;

/** Methods by which a stub gets its answer. */
const answers =
  /^(?:mock(?:Return|Resolved)Value(?:Once)?|mockImplementation(?:Once)?|returns|resolves|callsFake|thenReturn|thenResolve|yields)$/;

/** The longest chain of names that is followed. */
const maxDepth = 16;

/** Returns where the value of an expression, a method or an accessor comes from, by the text of its file alone. */
export function originOf(expression: TS.Expression | TS.MethodDeclaration | TS.AccessorDeclaration, depth = 0): Origin {
  if (depth > maxDepth) return 'unknown';
  const inner = (next: TS.Expression): Origin => originOf(next, depth + 1);
  if (!ts.isExpression(expression)) return originOfFunction(expression, inner);
  const node = unwrap(expression);
  if (ts.isObjectLiteralExpression(node)) return strongest(node.properties.map((property) => originOfProperty(property, inner)));
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return originOfFunction(node, inner);
  if (ts.isIdentifier(node)) return originOfName(node, inner);
  if (ts.isCallExpression(node)) return originOfCall(node, inner);
  if (ts.isNewExpression(node)) return originOfNew(node, inner);
  if (ts.isConditionalExpression(node)) return strongest([inner(node.whenTrue), inner(node.whenFalse)]);
  if (ts.isBinaryExpression(node)) return strongest([inner(node.left), inner(node.right)]);
  const member = memberAccess(node);
  if (member) return originOfMember(member.object, member.name, inner);
  if (node.kind === ts.SyntaxKind.NullKeyword) return 'empty';
  return node.kind === ts.SyntaxKind.ThisKeyword ? 'unknown' : 'hand-written';
}

/** One part that comes from elsewhere decides about data around it; a hand-written function beside it decides about both. */
function strongest(origins: readonly Origin[]): Origin {
  const order: readonly Origin[] = ['shared', 'actual', 'unknown', 'empty'];
  if (origins.length === 0 || origins.includes('hand-written')) return 'hand-written';
  return order.find((origin) => origins.includes(origin)) ?? 'unknown';
}

function originOfProperty(property: TS.ObjectLiteralElementLike, inner: (next: TS.Expression) => Origin): Origin {
  if (ts.isSpreadAssignment(property)) return inner(property.expression);
  const origin = ts.isPropertyAssignment(property)
    ? inner(property.initializer)
    : ts.isShorthandPropertyAssignment(property)
      ? inner(property.name)
      : originOfFunction(property, inner);
  // A method without a result is a method of a double.
  return origin === 'empty' ? 'hand-written' : origin;
}

/** A function is what it returns. */
function originOfFunction(node: TS.FunctionLikeDeclaration, inner: (next: TS.Expression) => Origin): Origin {
  return strongest(returnsOf(node).map(inner));
}

function originOfName(node: TS.Identifier, inner: (next: TS.Expression) => Origin): Origin {
  if (node.text === 'undefined') return 'empty';
  const declaration = declarationOf(node.text, node);
  if (!declaration) return 'unknown';
  if (ts.isVariableDeclaration(declaration)) {
    const key = destructuredProperty(declaration.name, node.text);
    if (key !== undefined && declaration.initializer) return originOfMember(declaration.initializer, key, inner);
    const sources = declaration.initializer ? [declaration.initializer] : assignmentsTo(node.text, node.getSourceFile());
    return sources.length === 0 ? 'unknown' : strongest(sources.map(inner));
  }
  if (ts.isFunctionDeclaration(declaration)) return originOfFunction(declaration, inner);
  if (ts.isClassDeclaration(declaration)) return 'hand-written';
  // The first parameter of the function that makes a mock gives the original.
  if (ts.isParameter(declaration)) return isMockFactory(declaration.parent) ? 'actual' : 'unknown';
  return isMockLibrary(node) ? 'hand-written' : 'shared';
}

/** A member of an object that the file writes down has its own origin; of others it has that of the object. */
function originOfMember(object: TS.Expression, name: string | undefined, inner: (next: TS.Expression) => Origin): Origin {
  const values = name === undefined ? [] : propertyValues(object, name);
  return values.length > 0 ? strongest(values.map(inner)) : inner(object);
}

function originOfCall(node: TS.CallExpression, inner: (next: TS.Expression) => Origin): Origin {
  const callee = unwrap(node.expression);
  const [argument] = node.arguments;
  const member = memberAccess(callee);
  if (importedSpecifier(node)) return (member?.name ?? '').endsWith('Actual') ? 'actual' : 'shared';
  if (!member) {
    if (!ts.isIdentifier(callee)) return 'unknown';
    if (isMockLibrary(callee)) return argument ? inner(argument) : 'hand-written';
    return inner(callee);
  }
  const root = rootOf(member.object);
  if (member.name !== undefined && answers.test(member.name)) return argument ? inner(argument) : inner(member.object);
  if (member.name === 'assign' && isNamed(member.object, 'Object')) return strongest(node.arguments.map(inner));
  if (isNamed(member.object, 'Promise') || isNamed(member.object, 'Object')) return argument ? inner(argument) : 'hand-written';
  if (member.name === 'hoisted' && argument) return inner(argument);
  // A further method of a stub or mock returns it.
  if (ts.isCallExpression(unwrap(member.object))) return inner(member.object);
  if (root && (/^(?:vi|vitest|jest|sinon|sandbox|td|mock)$/.test(root.text) || isMockLibrary(root)))
    return argument && isCode(argument) ? inner(argument) : 'hand-written';
  return inner(member.object);
}

/** Whether the argument of a stub is what it calls, and not an option or a value. */
function isCode(argument: TS.Expression): boolean {
  return ts.isIdentifier(argument) || isFunction(argument) || ts.isCallExpression(argument) || memberAccess(argument) !== undefined;
}

function originOfNew({ expression, arguments: args }: TS.NewExpression, inner: (next: TS.Expression) => Origin): Origin {
  const callee = unwrap(expression);
  if (isNamed(callee, 'Proxy')) return args?.[0] ? inner(args[0]) : 'unknown';
  return ts.isIdentifier(callee) ? inner(callee) : 'unknown';
}

function isNamed(node: TS.Expression, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name;
}

/** Returns the name at the start of `a.b().c`. */
function rootOf(expression: TS.Expression): TS.Identifier | undefined {
  const node = unwrap(expression);
  if (ts.isIdentifier(node)) return node;
  if (ts.isCallExpression(node)) return rootOf(node.expression);
  const member = memberAccess(node);
  return member && rootOf(member.object);
}

/** Whether the name is imported from a package that makes doubles. */
export function isMockLibrary(name: TS.Identifier): boolean {
  const imported = localImports(name.getSourceFile()).get(name.text);
  return imported !== undefined && mockPackages.test(imported.specifier);
}

function isMockFactory(node: TS.Node): boolean {
  return isFunction(node) && ts.isCallExpression(node.parent) && /[mM]ock$/.test(memberAccess(node.parent.expression)?.name ?? '');
}
