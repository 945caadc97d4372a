import type { ts as TS } from 'ts-morph';
import { isFunction, memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { maxDepth } from './error-value.js';
import type { Names } from './names.js';

/** Methods of a list that give each element to a function. */
const elementMethods = /^(?:some|every|find|findLast|findIndex|filter|map|flatMap|forEach|reduce)$/;

/** Returns the texts that a pattern looks for, as far as the code shows them: of strings, regular expressions, and lists of them. */
export function textsOf(pattern: TS.Expression, names: Names, depth = 0): string[] {
  const value = unwrap(pattern);
  const next = (node: TS.Expression): string[] => textsOf(node, names, depth + 1);
  if (depth > maxDepth) return [];
  if (ts.isStringLiteralLike(value)) return value.text.trim() === '' ? [] : [value.text];
  if (ts.isRegularExpressionLiteral(value)) return [value.text];
  if (ts.isTemplateExpression(value))
    return [value.head.text, ...value.templateSpans.map(({ literal }) => literal.text)].filter((text) => /\w/.test(text));
  if (ts.isArrayLiteralExpression(value)) return value.elements.flatMap(next);
  if (ts.isConditionalExpression(value)) return [value.whenTrue, value.whenFalse].flatMap(next);
  if (ts.isBinaryExpression(value)) return [value.left, value.right].flatMap(next);
  if (ts.isSpreadElement(value)) return next(value.expression);
  if (ts.isNewExpression(value)) return (value.arguments ?? []).flatMap(next);
  if (ts.isObjectLiteralExpression(value)) return value.properties.flatMap((property) => textsOfProperty(property, next));
  const member = memberAccess(ts.isCallExpression(value) ? value.expression : value);
  if (ts.isCallExpression(value)) {
    if (value.expression.getText() === 'Object.keys' || value.expression.getText() === 'Object.entries')
      return value.arguments.flatMap(next);
    return member ? next(member.object) : [];
  }
  if (!ts.isIdentifier(value) && !member) return [];
  const declaration = names.declarationOf(member ? member.key : value);
  const found = declaration ? textsOfDeclaration(declaration, names, depth + 1) : [];
  // `entry.text`, where the list of entries is known.
  return found.length === 0 && member ? next(member.object) : found;
}

/** A table holds its texts as keys, and a list of entries as values. */
function textsOfProperty(property: TS.ObjectLiteralElementLike, next: (node: TS.Expression) => string[]): string[] {
  const key = property.name && ts.isStringLiteralLike(property.name) ? [property.name.text] : [];
  const name = property.name && !ts.isComputedPropertyName(property.name) ? staticName(property.name) : undefined;
  const isName = name !== undefined && /^[A-Z]+(?:_[A-Z]+)+$/.test(name);
  const values = ts.isPropertyAssignment(property) ? next(property.initializer) : [];
  return [...(isName ? [name] : key), ...values];
}

function textsOfDeclaration(declaration: TS.Declaration, names: Names, depth: number): string[] {
  if (ts.isBindingElement(declaration)) return textsOfDeclaration(declaration.parent.parent, names, depth + 1);
  if (ts.isEnumMember(declaration) || ts.isPropertyAssignment(declaration) || ts.isPropertyDeclaration(declaration))
    return declaration.initializer ? textsOf(declaration.initializer, names, depth) : [];
  if (ts.isParameter(declaration)) return textsOfElements(declaration, names, depth);
  if (!ts.isVariableDeclaration(declaration)) return [];
  const loop = declaration.parent.parent;
  if (ts.isForOfStatement(loop)) return textsOf(loop.expression, names, depth);
  return declaration.initializer ? textsOf(declaration.initializer, names, depth) : [];
}

/** `list.some((text) => …)` */
function textsOfElements(parameter: TS.ParameterDeclaration, names: Names, depth: number): string[] {
  const { parent: callable } = parameter;
  const call = isFunction(callable) ? callable.parent : undefined;
  const member = call && ts.isCallExpression(call) ? memberAccess(call.expression) : undefined;
  return member && elementMethods.test(member.name ?? '') && callable.parameters[0] === parameter
    ? textsOf(member.object, names, depth)
    : [];
}
