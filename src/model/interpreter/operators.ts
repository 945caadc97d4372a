import type { ts as TS } from 'ts-morph';
import { type AbstractValue, isNullish, isUnknown, literal, toBoolean, unknown } from './abstract-value.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Returns the result of a binary operator that evaluates both operands; undefined if it is not modelled. The interpreter calls it. */
export function binaryResult(operator: TS.SyntaxKind, left: AbstractValue, right: AbstractValue): AbstractValue | undefined {
  switch (operator) {
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
      return negated(strictlyEqual(left, right), false);
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      return negated(strictlyEqual(left, right), true);
    case ts.SyntaxKind.EqualsEqualsToken:
      return negated(looselyEqual(left, right), false);
    case ts.SyntaxKind.ExclamationEqualsToken:
      return negated(looselyEqual(left, right), true);
    case ts.SyntaxKind.InKeyword:
      return containsKey(left, right);
    default:
      return arithmetic(operator, left, right);
  }
}

/** Whether two values are the same; undefined if that is not known. */
export function strictlyEqual(left: AbstractValue, right: AbstractValue): boolean | undefined {
  if (isUnknown(left) || isUnknown(right)) return undefined;
  if (left.kind === 'literal' && right.kind === 'literal') return left.value === right.value;
  return left.kind === 'literal' || right.kind === 'literal' ? false : undefined;
}

/** Returns the result of `typeof`; undefined if it is not known. */
export function typeofText(value: AbstractValue): AbstractValue | undefined {
  if (value.kind === 'literal') return literal(typeof value.value);
  return value.kind === 'closure' ? literal('function') : undefined;
}

function looselyEqual(left: AbstractValue, right: AbstractValue): boolean | undefined {
  const [leftIsNullish, rightIsNullish] = [isNullish(left), isNullish(right)];
  if (leftIsNullish !== undefined && rightIsNullish !== undefined && (leftIsNullish || rightIsNullish))
    return leftIsNullish === rightIsNullish;
  const isSameType = left.kind === 'literal' && right.kind === 'literal' && typeof left.value === typeof right.value;
  return isSameType ? left.value === right.value : undefined;
}

function negated(truth: boolean | undefined, isNegated: boolean): AbstractValue | undefined {
  return truth === undefined ? undefined : literal(truth !== isNegated);
}

function containsKey(key: AbstractValue, object: AbstractValue): AbstractValue | undefined {
  if (key.kind !== 'literal' || object.kind !== 'object') return undefined;
  const truth = hasKey(object, String(key.value));
  return truth === undefined ? undefined : literal(truth);
}

/** Whether the object has a property of this name; undefined if that is not known. */
export function hasKey(object: AbstractValue, name: string): boolean | undefined {
  if (object.kind !== 'object') return undefined;
  const property = object.properties.get(name);
  if (!property) return object.isExact ? false : undefined;
  // Of an object that the caller gives, `undefined` stands for a property that is absent as well.
  const mayBeAbsent = isUnknown(property) || (!object.isExact && property.kind === 'literal' && property.value === undefined);
  return mayBeAbsent ? undefined : true;
}

function arithmetic(operator: TS.SyntaxKind, left: AbstractValue, right: AbstractValue): AbstractValue | undefined {
  if (left.kind !== 'literal' || right.kind !== 'literal') return undefined;
  if (operator === ts.SyntaxKind.PlusToken && typeof left.value === 'string' && typeof right.value === 'string')
    return literal(left.value + right.value);
  if (typeof left.value !== 'number' || typeof right.value !== 'number') return undefined;
  switch (operator) {
    case ts.SyntaxKind.PlusToken:
      return literal(left.value + right.value);
    case ts.SyntaxKind.MinusToken:
      return literal(left.value - right.value);
    case ts.SyntaxKind.AmpersandToken:
      return literal(left.value & right.value);
    case ts.SyntaxKind.BarToken:
      return literal(left.value | right.value);
    case ts.SyntaxKind.LessThanToken:
      return literal(left.value < right.value);
    case ts.SyntaxKind.LessThanEqualsToken:
      return literal(left.value <= right.value);
    case ts.SyntaxKind.GreaterThanToken:
      return literal(left.value > right.value);
    case ts.SyntaxKind.GreaterThanEqualsToken:
      return literal(left.value >= right.value);
    default:
      return undefined;
  }
}

/** Returns the negation of a value as a condition. */
export function notResult(value: AbstractValue): AbstractValue {
  const truth = toBoolean(value);
  if (truth !== undefined) return literal(!truth);
  return value.kind === 'opaque' ? value : unknown;
}

/** Returns the operator of `&&=`, `||=` and `??=`; undefined for other assignments. */
export function logicalOperatorOf(assignment: TS.SyntaxKind): TS.SyntaxKind | undefined {
  if (assignment === ts.SyntaxKind.AmpersandAmpersandEqualsToken) return ts.SyntaxKind.AmpersandAmpersandToken;
  if (assignment === ts.SyntaxKind.BarBarEqualsToken) return ts.SyntaxKind.BarBarToken;
  return assignment === ts.SyntaxKind.QuestionQuestionEqualsToken ? ts.SyntaxKind.QuestionQuestionToken : undefined;
}

/** Whether a logical operator stops at its left operand; undefined if that is not known, `never` if the operator is not logical. */
export function stopsAt(operator: TS.SyntaxKind, left: AbstractValue): boolean | undefined | 'never' {
  const truth = toBoolean(left);
  if (operator === ts.SyntaxKind.AmpersandAmpersandToken) return truth === undefined ? undefined : !truth;
  if (operator === ts.SyntaxKind.BarBarToken) return truth;
  if (operator !== ts.SyntaxKind.QuestionQuestionToken) return 'never';
  const isMissing = isNullish(left);
  return isMissing === undefined ? undefined : !isMissing;
}
