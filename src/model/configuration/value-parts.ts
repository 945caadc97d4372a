import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';
import { isAssignmentOperator, isFunction, memberAccess, staticName, unwrap } from '../typescript/syntax.js';

/** Objects in objects are searched this deep. */
const maxNesting = 3;

/** Returns the values of the properties with a name, in an object literal and those inside of it. */
export function membersIn(argument: TS.Expression, name: string, depth = 0): TS.Expression[] {
  const value = unwrap(argument);
  if (!ts.isObjectLiteralExpression(value) || depth > maxNesting) return [];
  return value.properties.flatMap((property) => {
    if (!ts.isPropertyAssignment(property)) return [];
    return staticName(property.name) === name ? [property.initializer] : membersIn(property.initializer, name, depth + 1);
  });
}

/** Returns the static name that a call passes first: of a setting, in most calls with one text. */
export function nameOfValue(argument: TS.Expression): string | undefined {
  const value = unwrap(argument);
  return ts.isStringLiteralLike(value) && /^[\w.-]+$/.test(value.text) ? value.text : undefined;
}

/** Returns the list whose elements a parameter takes: of `hosts.map((host) => …)`. */
export function elementSource(parameter: TS.ParameterDeclaration): TS.Expression | undefined {
  const callback = parameter.parent;
  const call = callback.parent;
  if (!isFunction(callback) || callback.parameters[0] !== parameter || !ts.isCallExpression(call) || call.arguments[0] !== callback)
    return undefined;
  const method = memberAccess(call.expression);
  return method && /^(?:map|forEach|flatMap|filter|find|some|every)$/.test(method.name ?? '') ? method.object : undefined;
}

/** Whether the value is a literal or a function. */
export function isText(node: TS.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node) || isFunction(node);
}

/** Returns what the code in a scope assigns to targets. */
export function assignedTo(isTarget: (target: TS.Expression) => boolean, scope: TS.Node): TS.Expression[] {
  const values: TS.Expression[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind) && isTarget(node.left)) values.push(node.right);
    ts.forEachChild(node, visit);
  };
  visit(scope);
  return values;
}
