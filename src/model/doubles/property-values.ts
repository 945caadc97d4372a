import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';
import { isFunction, memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { declarationOf, returnsOf } from './declarations.js';

/** Returns the values that a property of an expression may have, as far as object literals of the file show them; empty if none does. */
export function propertyValues(object: TS.Expression, name: string, depth = 0): TS.Expression[] {
  if (depth > 8) return [];
  const node = unwrap(object);
  const inner = (next: TS.Expression): TS.Expression[] => propertyValues(next, name, depth + 1);
  if (ts.isObjectLiteralExpression(node)) {
    const property = node.properties.find((candidate) => staticName(candidate.name) === name);
    if (!property) return [];
    if (ts.isPropertyAssignment(property)) return [property.initializer];
    return ts.isShorthandPropertyAssignment(property) ? [property.name] : [];
  }
  if (isFunction(node)) return returnsOf(node).flatMap(inner);
  if (ts.isIdentifier(node)) {
    const declaration = declarationOf(node.text, node);
    if (declaration && ts.isFunctionDeclaration(declaration)) return returnsOf(declaration).flatMap(inner);
    const isWhole = declaration && ts.isVariableDeclaration(declaration) && ts.isIdentifier(declaration.name);
    return isWhole && declaration.initializer ? inner(declaration.initializer) : [];
  }
  if (!ts.isCallExpression(node)) return [];
  const [argument] = node.arguments;
  const member = memberAccess(unwrap(node.expression));
  if (member?.name === 'hoisted') return argument ? inner(argument) : [];
  return member ? [] : inner(node.expression);
}

/** Returns the property that a destructured variable takes: `a` of `const { a: b } = …`. */
export function destructuredProperty(pattern: TS.BindingName, name: string): string | undefined {
  if (!ts.isObjectBindingPattern(pattern)) return undefined;
  const element = pattern.elements.find((candidate) => ts.isIdentifier(candidate.name) && candidate.name.text === name);
  return element && (staticName(element.propertyName) ?? name);
}
