import type { ts as TS } from 'ts-morph';
import { type AbstractValue, join, unknown } from './abstract-value.js';

/** Returns the result of an operation that is not modelled. If its operands are unknown anyway, the result may be any value. */
export function unmodelledResult(node: TS.Node, operands: readonly AbstractValue[]): AbstractValue {
  const opaque = operands.find(({ kind }) => kind === 'opaque');
  return opaque ?? (operands.some(isFlagLike) ? { kind: 'opaque', node } : unknown);
}

/** Returns what holds of the results of both ways of a condition. */
export function joinResults(condition: AbstractValue, results: readonly AbstractValue[]): AbstractValue {
  const value = results.reduce(join);
  return value.kind === 'unknown' && results.length > 1 && condition.kind === 'opaque' ? condition : value;
}

/** Whether the value tells the direction of a flag: a boolean, or an object with one. */
function isFlagLike(value: AbstractValue): boolean {
  if (value.kind === 'literal') return typeof value.value === 'boolean';
  return value.kind === 'object' && [...value.properties.values()].some(isFlagLike);
}
