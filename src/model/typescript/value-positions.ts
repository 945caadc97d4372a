import type { ts as TS } from 'ts-morph';
import { ts } from './load-ts-morph.js';

/** Whether the identifier is used as a value: it declares nothing, and is no name of a member or of an export of another module. */
export function isValueName(node: TS.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isExportSpecifier(parent) || ts.isImportSpecifier(parent) || ts.isQualifiedName(parent)) return false;
  return !('name' in parent && parent.name === node);
}

/** Whether the value, or a member of it, is the callee of a call or of `new`. */
export function isCallee(node: TS.Node): boolean {
  let value = node;
  while (
    (ts.isPropertyAccessExpression(value.parent) && value.parent.expression === value) ||
    ts.isParenthesizedExpression(value.parent) ||
    ts.isNonNullExpression(value.parent)
  )
    value = value.parent;
  const { parent } = value;
  return (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression === value;
}

/** Returns the name at the start of a chain of members and calls: `a` of `a.b(c)[d]`; undefined if it starts with something else. */
export function rootName(expression: TS.Node): string | undefined {
  let node = expression;
  while (
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isCallExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAsExpression(node)
  )
    node = node.expression;
  return ts.isIdentifier(node) ? node.text : undefined;
}
