import type { ts as TS } from 'ts-morph';
import { type AbstractState, copyState, joinStates } from './abstract-state.js';
import type { Interpretation, JumpTarget, StatementInterpretation } from './interpretation.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Runs `break` or `continue`: control goes on where the statement around it is left or repeated. */
export function runJump(run: StatementInterpretation, node: TS.BreakOrContinueStatement): false {
  const isContinue = ts.isContinueStatement(node);
  const { label } = node;
  const target = run.jumpTargets.findLast(({ statement }) =>
    label
      ? ts.isLabeledStatement(statement.parent) && statement.parent.label.text === label.text
      : ts.isIterationStatement(statement, false) || (!isContinue && ts.isSwitchStatement(statement)),
  );
  target?.[isContinue ? 'continues' : 'breaks'].push(copyState(run.state));
  return false;
}

/** Runs a statement that `break` can leave. Control also goes on where a `break` leaves it. */
export function runBreakable(run: StatementInterpretation, statement: TS.Node, body: (target: JumpTarget) => boolean): boolean {
  const target: JumpTarget = { statement, breaks: [], continues: [] };
  run.jumpTargets.push(target);
  const completes = body(target);
  run.jumpTargets.pop();
  return arrive(run, [...(completes ? [run.state] : []), ...target.breaks]);
}

/** Continues with what holds where control arrives from several places. Returns whether it arrives from one. */
export function arrive(run: Interpretation, states: readonly AbstractState[]): boolean {
  const state = joinStates(states);
  if (state) run.state = state;
  return state !== undefined;
}
