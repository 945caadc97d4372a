import type { ts as TS } from 'ts-morph';
import { assign } from './assignments.js';
import { assume, doubtOf, runBranches } from './branches.js';
import { copyState, joinStates } from './abstract-state.js';
import { type AbstractValue, isUnknown, literal, toBoolean, truthy, unknown } from './abstract-value.js';
import { convert } from './conversions.js';
import type { Interpretation } from './interpretation.js';
import { binaryResult, notResult, stopsAt, typeofText } from './operators.js';
import { joinResults, unmodelledResult } from './unmodelled.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Returns the result of `typeof x`. */
export function evaluateTypeof(run: Interpretation, node: TS.TypeOfExpression): AbstractValue {
  const value = run.evaluate(node.expression);
  const isObjectType = value.kind === 'object' && (value.isExact || value.properties.size > 0);
  return typeofText(value) ?? (isObjectType ? literal('object') : unmodelledResult(node, [value]));
}

/** Returns the result of `!x`, `-x`, `++x` and so on. */
export function evaluateUnary(run: Interpretation, node: TS.PrefixUnaryExpression | TS.PostfixUnaryExpression): AbstractValue {
  const value = run.evaluate(node.operand);
  if (node.operator === ts.SyntaxKind.ExclamationToken) return notResult(value);
  if (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken) {
    const step = node.operator === ts.SyntaxKind.PlusPlusToken ? 1 : -1;
    const after = value.kind === 'literal' && typeof value.value === 'number' ? literal(value.value + step) : unknown;
    assign(run, node.operand, after);
    return ts.isPrefixUnaryExpression(node) ? after : value;
  }
  if (node.operator === ts.SyntaxKind.PlusToken) return convert('Number', value) ?? unmodelledResult(node, [value]);
  if (value.kind === 'literal' && typeof value.value === 'number' && node.operator === ts.SyntaxKind.MinusToken)
    return literal(-value.value);
  return unmodelledResult(node, [value]);
}

/** Returns the text of a template. */
export function evaluateTemplate(run: Interpretation, node: TS.TemplateExpression): AbstractValue {
  const parts = node.templateSpans.map(({ expression }) => run.evaluate(expression));
  const texts = parts.map((part) => convert('String', part));
  if (!texts.every((text) => text?.kind === 'literal')) return unmodelledResult(node, parts);
  return literal(node.head.text + node.templateSpans.map(({ literal: { text } }, index) => textOf(texts[index]) + text).join(''));
}

function textOf(value: AbstractValue | undefined): string {
  return value?.kind === 'literal' ? String(value.value) : '';
}

/** Returns the result of `a ? b : c`. */
export function evaluateConditional(run: Interpretation, node: TS.ConditionalExpression): AbstractValue {
  const condition = run.evaluate(node.condition);
  const arm = (chosen: TS.Expression) => () => orByType(run, chosen, run.evaluate(chosen));
  return joinResults(condition, runBranches(run, node.condition, toBoolean(condition), [arm(node.whenTrue), arm(node.whenFalse)]));
}

/** Returns the result of an operator with two operands that assigns nothing. */
export function evaluateBinary(run: Interpretation, node: TS.BinaryExpression): AbstractValue {
  const operator = node.operatorToken.kind;
  const left = orByType(run, node.left, run.evaluate(node.left));
  const right = () => orByType(run, node.right, run.evaluate(node.right));
  const stops = stopsAt(operator, left);
  if (stops === true) return left;
  if (stops === false) return right();
  if (stops === undefined) return evaluateOpenLogical(run, node, left, right);
  const other = right();
  if (operator === ts.SyntaxKind.CommaToken) return other;
  return binaryResult(operator, left, other) ?? unmodelledResult(node, [left, other].filter(isUnknown));
}

/** `a && b`, `a || b` and `a ?? b` if the left operand is not known. */
function evaluateOpenLogical(
  run: Interpretation,
  node: TS.BinaryExpression,
  left: AbstractValue,
  right: () => AbstractValue,
): AbstractValue {
  const operator = node.operatorToken.kind;
  const before = run.state;
  run.state = { ...copyState(before), doubt: before.doubt ?? doubtOf(left) };
  if (operator !== ts.SyntaxKind.QuestionQuestionToken) assume(run, node.left, operator === ts.SyntaxKind.AmpersandAmpersandToken);
  const value = right();
  run.state = { ...(joinStates([before, run.state]) ?? before), doubt: before.doubt };
  const decided = operator === ts.SyntaxKind.BarBarToken;
  if (operator !== ts.SyntaxKind.QuestionQuestionToken && toBoolean(value) === decided) return decided ? value : literal(false);
  return joinResults(left, [left, value]);
}

/** The value or, if it is unknown and the expression has an object type, an object. */
function orByType(run: Interpretation, expression: TS.Expression, value: AbstractValue): AbstractValue {
  if (!isUnknown(value)) return value;
  return run.program.checker.getTypeAtLocation(expression).flags & ts.TypeFlags.Object ? truthy : value;
}
