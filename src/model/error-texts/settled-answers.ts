import type { ts as TS } from 'ts-morph';
import type { ClientCalls } from '../statements/client-calls.js';
import { returnedBy } from '../typescript/returned-values.js';
import { isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { maxDepth } from './error-value.js';
import type { Names } from './names.js';

/** Returns the call of `ping` whose answer, which carries its error, a value is; undefined for any other value. */
export function pingOf(expression: TS.Expression, names: Names, calls: ClientCalls, depth = 0): TS.CallExpression | undefined {
  const value = unwrap(expression);
  if (depth > maxDepth) return undefined;
  const next = (node: TS.Expression): TS.CallExpression | undefined => pingOf(node, names, calls, depth + 1);
  if (ts.isCallExpression(value)) {
    if (calls.of(value)?.method === 'ping') return value;
    const callable = names.calledBy(value);
    return callable?.body && returnedBy(callable).flatMap((one) => next(one) ?? [])[0];
  }
  const declaration = ts.isIdentifier(value) ? names.declarationOf(value) : undefined;
  if (declaration && ts.isParameter(declaration)) {
    const promise = answeredPromise(declaration);
    return promise && next(promise);
  }
  const initializer = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  return initializer && next(initializer);
}

/** Returns the promise whose answer a parameter is: of a function that is given to `then`. */
export function answeredPromise(parameter: TS.ParameterDeclaration): TS.Expression | undefined {
  const call = parameter.parent.parent;
  if (!ts.isCallExpression(call) || call.arguments[0] !== parameter.parent) return undefined;
  const member = memberAccess(call.expression);
  return member?.name === 'then' ? member.object : undefined;
}

/** Methods of a list that give it, a part of it, or one of its elements. */
const listMethods = /^(?:filter|find|findLast|at|slice|toSorted|reverse|concat|shift|pop)$/;
/** Methods of a list that give each element to a function. */
export const elementMethods = /^(?:filter|find|findLast|findIndex|map|flatMap|forEach|some|every)$/;

/** Returns the promises of `Promise.allSettled` of which the value is a result, or the results; undefined for any other value. */
export function settledPromises(expression: TS.Expression, names: Names, depth = 0): readonly TS.Expression[] | undefined {
  const value = unwrap(expression);
  if (depth > maxDepth) return undefined;
  if (ts.isCallExpression(value)) {
    if (value.expression.getText() === 'Promise.allSettled') return value.arguments;
    const member = memberAccess(value.expression);
    return member && listMethods.test(member.name ?? '') ? settledPromises(member.object, names, depth + 1) : undefined;
  }
  if (ts.isElementAccessExpression(value)) return settledPromises(value.expression, names, depth + 1);
  const declaration = ts.isIdentifier(value) ? names.declarationOf(value) : undefined;
  if (!declaration) return undefined;
  if (ts.isBindingElement(declaration)) {
    const owner = declaration.parent.parent;
    const isList = ts.isArrayBindingPattern(declaration.parent) && ts.isVariableDeclaration(owner);
    return isList && owner.initializer ? settledPromises(owner.initializer, names, depth + 1) : undefined;
  }
  if (ts.isParameter(declaration) && isFunction(declaration.parent)) {
    const call = declaration.parent.parent;
    const member = ts.isCallExpression(call) ? memberAccess(call.expression) : undefined;
    const promise = answeredPromise(declaration);
    if (promise) return settledPromises(promise, names, depth + 1);
    return member && elementMethods.test(member.name ?? '') ? settledPromises(member.object, names, depth + 1) : undefined;
  }
  if (!ts.isVariableDeclaration(declaration)) return undefined;
  const loop = declaration.parent.parent;
  if (ts.isForOfStatement(loop)) return settledPromises(loop.expression, names, depth + 1);
  return declaration.initializer && settledPromises(declaration.initializer, names, depth + 1);
}
