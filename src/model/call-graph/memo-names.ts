import type { ts as TS } from 'ts-morph';
import { isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** A call that asks for, adds or removes an element of a collection. */
export interface Membership {
  /** Name of the element: `open[key]`. */
  readonly name: string;
  readonly method: string;
  /** Whether the call changes the collection. */
  readonly isChange: boolean;
  /** The value that is stored for the key. */
  readonly value: TS.Expression | undefined;
}

const askingNames = /^(?:has|get|includes)$/;
const addingNames = /^(?:add|set|push|unshift)$/;
const removingNames = /^(?:delete|clear)$/;

/** Whether a method of a collection removes elements. */
export function isResetName(method: string): boolean {
  return removingNames.test(method);
}

/** Returns the element that `open.has(key)`, `open.add(key)` and so on are about; undefined for other expressions. */
export function membershipOf(expression: TS.Expression): Membership | undefined {
  const node = unwrap(expression);
  if (!ts.isCallExpression(node)) return undefined;
  const access = memberAccess(unwrap(node.expression));
  const [key, value] = node.arguments;
  if (access?.name === undefined || !key) return undefined;
  const isChange = addingNames.test(access.name) || removingNames.test(access.name);
  if (!isChange && !askingNames.test(access.name)) return undefined;
  return { name: elementName(access.object, key), method: access.name, isChange, value };
}

/**
 * Returns the name by which a memo is compared: the text of a variable or field, `open[key]` of an element. A constant that holds an element
 * has the name of the element.
 */
export function memoNameOf(expression: TS.Expression): string {
  const node = unwrap(expression);
  const membership = membershipOf(node);
  if (membership) return membership.name;
  if (ts.isElementAccessExpression(node)) return elementName(node.expression, node.argumentExpression);
  const held = ts.isIdentifier(node) ? constantNamed(node) : undefined;
  return held && (membershipOf(held) || ts.isElementAccessExpression(unwrap(held))) ? memoNameOf(held) : node.getText();
}

function elementName(collection: TS.Expression, key: TS.Expression): string {
  return `${unwrap(collection).getText()}[${unwrap(key).getText()}]`;
}

/** The initialiser of a constant that the function around the name declares. */
function constantNamed(name: TS.Identifier): TS.Expression | undefined {
  const callable = ts.findAncestor(name, isFunction);
  let found: TS.Expression | undefined;
  const visit = (node: TS.Node): void => {
    const isConstant = ts.isVariableDeclaration(node) && (ts.getCombinedNodeFlags(node) & ts.NodeFlags.Const) !== 0;
    if (isConstant && ts.isIdentifier(node.name) && node.name.text === name.text) found = node.initializer;
    if (!found) ts.forEachChild(node, visit);
  };
  if (callable) visit(callable);
  return found;
}
