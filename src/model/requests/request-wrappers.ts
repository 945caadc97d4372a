import type { ts as TS } from 'ts-morph';
import { callableBehind, meaningOf } from '../environment/environment-functions.js';
import type { SourceModules } from '../environment/source-modules.js';
import { declarationOf } from '../typescript/lexical-scope.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isFunction, memberAccess, membersNamed, staticName, unwrap } from '../typescript/syntax.js';
import { fieldValues } from './class-fields.js';

/** Returns the function or method of the project that a call runs, by names and by the classes of its receivers. */
export function callableOfCall({ expression }: TS.CallExpression, modules: SourceModules): TS.FunctionLikeDeclaration | undefined {
  const callee = unwrap(expression);
  const member = memberAccess(callee);
  const byName = member?.object.kind === ts.SyntaxKind.ThisKeyword ? undefined : callableBehind(callee, modules);
  if (byName || member?.name === undefined) return byName;
  const owner = classOf(member.object, modules);
  const found = owner && membersNamed(owner, member.name, false).find((item) => isFunction(item) || ts.isPropertyDeclaration(item));
  if (!found) return undefined;
  if (isFunction(found)) return found;
  const value = ts.isPropertyDeclaration(found) && found.initializer ? unwrap(found.initializer) : undefined;
  return value && isFunction(value) ? value : undefined;
}

/** The class of the project whose instance an expression is. */
function classOf(node: TS.Expression, modules: SourceModules): TS.ClassLikeDeclaration | undefined {
  const value = unwrap(node);
  if (value.kind === ts.SyntaxKind.ThisKeyword) return ts.findAncestor(value, ts.isClassLike);
  if (ts.isNewExpression(value)) return classNamed(value.expression, modules);
  if (ts.isIdentifier(value)) {
    const meaning = meaningOf(value, modules);
    if (!meaning || !(ts.isVariableDeclaration(meaning) || ts.isParameter(meaning))) return undefined;
    return classOfDeclaration(meaning, modules);
  }
  const member = memberAccess(value);
  if (member?.name === undefined || member.object.kind !== ts.SyntaxKind.ThisKeyword) return undefined;
  for (const field of fieldValues(value, member.name)) {
    const found = ts.isExpression(field) ? classOfNew(field, modules) : classOfDeclaration(field, modules);
    if (found) return found;
  }
  return undefined;
}

function classOfDeclaration(
  { initializer, type }: TS.VariableDeclaration | TS.ParameterDeclaration | TS.PropertyDeclaration,
  modules: SourceModules,
): TS.ClassLikeDeclaration | undefined {
  const made = initializer && classOfNew(initializer, modules);
  if (made) return made;
  return type && ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName) ? classNamed(type.typeName, modules) : undefined;
}

function classOfNew(node: TS.Expression, modules: SourceModules): TS.ClassLikeDeclaration | undefined {
  const value = unwrap(node);
  return ts.isNewExpression(value) ? classNamed(value.expression, modules) : undefined;
}

function classNamed(name: TS.Node, modules: SourceModules): TS.ClassLikeDeclaration | undefined {
  const meaning = ts.isIdentifier(name) ? meaningOf(name, modules) : undefined;
  return meaning && ts.isClassLike(meaning) ? meaning : undefined;
}

/**
 * Whether a function is only passed to a client, as its option `fetch`: it sends what the client sends. A call of it by other code is judged
 * where it stands.
 */
export function isClientFetch(node: TS.Node): boolean {
  for (let around: TS.Node = node; !ts.isSourceFile(around); around = around.parent) {
    if (!isFunction(around)) continue;
    if (isFetchOption(around)) return true;
    const name = ownName(around);
    if (name !== undefined && isPassedAsFetch(name, around)) return true;
  }
  return false;
}

/** `{ fetch: (url, init) => … }` and `{ fetch(url, init) { … } }`. */
function isFetchOption(callable: TS.FunctionLikeDeclaration): boolean {
  const property = ts.isMethodDeclaration(callable) ? callable : callable.parent;
  const isProperty = ts.isMethodDeclaration(property) || ts.isPropertyAssignment(property);
  return isProperty && ts.isObjectLiteralExpression(property.parent) && staticName(property.name) === 'fetch';
}

function ownName(callable: TS.FunctionLikeDeclaration): string | undefined {
  if (ts.isFunctionDeclaration(callable)) return callable.name?.text;
  const { parent } = callable;
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name.text : undefined;
}

/** `{ fetch: tracedFetch }` in the same file, or `fetch` as a shorthand. */
function isPassedAsFetch(name: string, callable: TS.FunctionLikeDeclaration): boolean {
  const visit = (node: TS.Node): boolean => {
    if (ts.isPropertyAssignment(node) && staticName(node.name) === 'fetch' && mentions(node.initializer, name)) return true;
    if (ts.isShorthandPropertyAssignment(node) && node.name.text === 'fetch' && name === 'fetch' && declarationOf(name, node) !== undefined)
      return true;
    return ts.forEachChild(node, (child) => (visit(child) ? true : undefined)) ?? false;
  };
  return visit(callable.getSourceFile());
}

/** `tracedFetch`, `createFetch()` and `withRetry(tracedFetch)`. */
function mentions(node: TS.Expression, name: string): boolean {
  const value = unwrap(node);
  if (ts.isIdentifier(value)) return value.text === name;
  return ts.isCallExpression(value) && (mentions(value.expression, name) || value.arguments.some((argument) => mentions(argument, name)));
}
