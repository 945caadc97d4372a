import type { ts as TS } from 'ts-morph';
import type { Doubt } from '../dataflow/doubt.js';
import { assign } from './assignments.js';
import { type AbstractState, copyState, joinStates } from './abstract-state.js';
import { type AbstractValue, literal, truthy, undefinedValue } from './abstract-value.js';
import type { Interpretation } from './interpretation.js';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Runs two alternatives on states of their own and joins what they leave. */
export function runBranches<Result>(
  run: Interpretation,
  condition: TS.Expression,
  truth: boolean | undefined,
  [then, otherwise]: readonly [() => Result, () => Result],
): Result[] {
  if (truth !== undefined) return [truth ? then() : otherwise()];
  const before = run.state;
  const doubt = before.doubt ?? doubtOf(run.values.get(condition));
  const after: AbstractState[] = [];
  const results = [then, otherwise].map((alternative, index) => {
    run.state = { ...copyState(before), doubt };
    assume(run, condition, index === 0);
    const result = alternative();
    after.push(run.state);
    return result;
  });
  run.state = { ...(joinStates(after) ?? before), doubt: before.doubt };
  return results;
}

/** Runs the alternatives of a condition. Only those that reach their end count for what follows. Returns whether one does. */
export function runAlternatives(
  run: Interpretation,
  condition: TS.Expression,
  truth: boolean | undefined,
  [then, otherwise]: readonly [() => boolean, () => boolean],
): boolean {
  if (truth !== undefined) return truth ? then() : otherwise();
  const before = run.state;
  const ends: AbstractState[] = [];
  const record = (alternative: () => boolean) => () => {
    if (alternative()) ends.push(run.state);
  };
  runBranches(run, condition, truth, [record(then), record(otherwise)]);
  const end = joinStates(ends);
  // If both ways arrive, the direction does not decide whether the next statement runs.
  run.state = end ? { ...end, doubt: ends.length === 2 ? before.doubt : end.doubt } : before;
  return end !== undefined;
}

/** Returns the doubt about what depends on a condition with this value. */
export function doubtOf(condition: AbstractValue | undefined): Doubt | undefined {
  return condition?.kind === 'opaque' ? { kind: 'expression', node: condition.node } : undefined;
}

/** Narrows what is known of variables by the outcome of a condition. */
export function assume(run: Interpretation, condition: TS.Expression, outcome: boolean): void {
  const node = unwrap(condition);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) return assume(run, node.operand, !outcome);
  if (!ts.isBinaryExpression(node)) return assumeTruth(run, node, outcome);
  const { left, right } = node;
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.BarBarToken:
      if (outcome === (node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken)) {
        assume(run, left, outcome);
        assume(run, right, outcome);
      }
      return;
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
      if (outcome) assumeEqual(run, left, run.values.get(right));
      return;
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      if (!outcome) assumeEqual(run, left, run.values.get(right));
      return;
    default:
  }
}

function assumeTruth(run: Interpretation, node: TS.Expression, outcome: boolean): void {
  const { checker } = run.program;
  const type = checker.getTypeAtLocation(node);
  const nonNullable = checker.getNonNullableType(type);
  if (nonNullable.flags & ts.TypeFlags.BooleanLike) {
    if (outcome) assumeEqual(run, node, literal(true));
    else if (type === nonNullable) assumeEqual(run, node, literal(false));
  } else if (outcome && nonNullable.flags & ts.TypeFlags.Object) assumeEqual(run, node, truthy);
  else if (!outcome && nonNullable.flags & ts.TypeFlags.Object && type !== nonNullable) assumeEqual(run, node, undefinedValue);
}

/** Narrows an expression of which nothing is known to a value: that of a comparison, or the label of a `case`. */
export function assumeEqual(run: Interpretation, node: TS.Expression, value: AbstractValue | undefined): void {
  const target = unwrap(node);
  if (value?.kind !== 'literal' && value?.kind !== 'object') return;
  if ((ts.isIdentifier(target) || memberAccess(target)) && run.values.get(target)?.kind === 'unknown') assign(run, target, value);
}
