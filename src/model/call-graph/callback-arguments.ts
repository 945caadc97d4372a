import { type AbstractValue, join, propertyValue, unknown } from '../interpreter/abstract-value.js';
import type { RunPoint } from '../interpreter/body-interpreter.js';
import { type Callable, memberAccess } from '../typescript/syntax.js';
import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';

/** Methods of a list that call their first argument with each element. */
const elementMethods = /^(?:map|flatMap|forEach|filter|find|findIndex|findLast|some|every)$/;

/**
 * Returns the arguments with which the language calls a callback: the value of a promise, or what holds of all elements of a list. Undefined
 * for callbacks of other functions. `CallGraph` calls it.
 */
export function argumentsOfCallback(node: TS.Node, target: Callable, point: RunPoint): AbstractValue[] | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const access = memberAccess(node.expression);
  const [callback] = node.arguments;
  const value = callback && point.valueOf(callback);
  if (!access?.name || value?.kind !== 'closure' || value.node !== target) return undefined;
  const receiver = point.valueOf(access.object);
  const bound = value.bound ?? [];
  if (access.name === 'then') return [...bound, receiver];
  return elementMethods.test(access.name) ? [...bound, elementOf(receiver)] : undefined;
}

function elementOf(list: AbstractValue): AbstractValue {
  const length = propertyValue(list, 'length');
  if (length.kind !== 'literal' || typeof length.value !== 'number') return unknown;
  const elements = Array.from({ length: length.value }, (_, index) => propertyValue(list, String(index)));
  return elements.length > 0 ? elements.reduce(join) : unknown;
}
