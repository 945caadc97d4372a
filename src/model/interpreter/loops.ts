import type { ts as TS } from 'ts-morph';
import { assign } from './assignments.js';
import { type AbstractState, copyState, isSameEnv, joinStates } from './abstract-state.js';
import { toBoolean, unknown } from './abstract-value.js';
import { bind, bindVariables } from './bindings.js';
import { assume } from './branches.js';
import type { StatementInterpretation } from './interpretation.js';
import { arrive, runBreakable } from './jumps.js';
import { ts } from '../typescript/load-ts-morph.js';

/** A loop runs so often before its state counts as stable. */
const maxLaps = 3;

/** Runs a loop of any kind. Returns whether control reaches the next statement. */
export function runLoop(run: StatementInterpretation, node: TS.IterationStatement): boolean {
  return runBreakable(run, node, (target) => {
    runHead(run, node);
    const condition = conditionOf(node);
    const isEndless = ts.isForStatement(node) && !condition;
    const exits: AbstractState[] = [];
    /** Notes the exit that the condition allows. Returns whether a further lap can run. */
    const canContinue = (test: TS.Expression): boolean => {
      const truth = toBoolean(run.evaluate(test));
      if (truth !== true) exits.push(copyState(run.state));
      return truth !== false;
    };
    for (let lap = 0; lap < maxLaps; lap++) {
      const start = copyState(run.state);
      if (condition && !ts.isDoStatement(node)) {
        if (!canContinue(condition)) break;
        assume(run, condition, true);
      } else if (!condition && !isEndless) exits.push(copyState(run.state));
      bindLoopVariable(run, node);
      const completes = run.runStatement(node.statement);
      if (!arrive(run, [...(completes ? [run.state] : []), ...target.continues.splice(0)])) break;
      if (ts.isForStatement(node) && node.incrementor) run.evaluate(node.incrementor);
      if (condition && ts.isDoStatement(node) && !canContinue(condition)) break;
      run.state = joinStates([start, run.state]) ?? start;
      if (lap > 0 && isSameEnv(start.env, run.state.env)) break;
    }
    return arrive(run, exits);
  });
}

/** Runs what a loop evaluates once. */
function runHead(run: StatementInterpretation, node: TS.IterationStatement): void {
  if (ts.isForStatement(node) && node.initializer) {
    if (ts.isVariableDeclarationList(node.initializer)) bindVariables(run, node.initializer);
    else run.evaluate(node.initializer);
  }
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) run.evaluate(node.expression);
}

function conditionOf(node: TS.IterationStatement): TS.Expression | undefined {
  if (ts.isForStatement(node)) return node.condition;
  return ts.isWhileStatement(node) || ts.isDoStatement(node) ? node.expression : undefined;
}

function bindLoopVariable(run: StatementInterpretation, node: TS.IterationStatement): void {
  if (!ts.isForOfStatement(node) && !ts.isForInStatement(node)) return;
  if (!ts.isVariableDeclarationList(node.initializer)) return assign(run, node.initializer, unknown);
  for (const declaration of node.initializer.declarations) {
    bind(run, declaration, unknown, undefined);
    run.visit(declaration);
  }
}
