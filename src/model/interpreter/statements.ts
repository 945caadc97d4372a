import type { ts as TS } from 'ts-morph';
import { type AbstractState, copyState, joinStates } from './abstract-state.js';
import { toBoolean, undefinedValue, unknown } from './abstract-value.js';
import { bind, bindVariables } from './bindings.js';
import { runAlternatives } from './branches.js';
import type { StatementInterpretation } from './interpretation.js';
import { arrive, runBreakable, runJump } from './jumps.js';
import { runLoop } from './loops.js';
import { runSwitch } from './switch-statement.js';
import { isFunction } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Runs a statement of any kind. Returns whether control reaches the next one. `BodyInterpreter` calls it. */
export function runStatement(run: StatementInterpretation, node: TS.Statement): boolean {
  run.visit(node);
  if (isFunction(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isClassLike(node)) return (run.runClass(node), true);
  if (ts.isBlock(node)) return runBreakable(run, node, () => run.runStatements(node.statements));
  if (ts.isVariableStatement(node)) return (bindVariables(run, node.declarationList), true);
  if (ts.isIfStatement(node)) return runIf(run, node);
  if (ts.isReturnStatement(node)) return run.exit(node.expression ? run.evaluate(node.expression) : undefinedValue);
  if (ts.isThrowStatement(node)) return (run.evaluate(node.expression), false);
  if (ts.isBreakOrContinueStatement(node)) return runJump(run, node);
  if (ts.isSwitchStatement(node)) return runSwitch(run, node);
  if (ts.isTryStatement(node)) return runTry(run, node);
  if (ts.isIterationStatement(node, false)) return runLoop(run, node);
  if (ts.isLabeledStatement(node)) return run.runStatement(node.statement);
  if (ts.isExpressionStatement(node)) return (run.evaluate(node.expression), true);
  ts.forEachChild(node, (child) => {
    if (!ts.isTypeNode(child)) run.evaluate(child);
  });
  return true;
}

function runIf(run: StatementInterpretation, node: TS.IfStatement): boolean {
  const truth = toBoolean(run.evaluate(node.expression));
  const otherwise = () => !node.elseStatement || run.runStatement(node.elseStatement);
  return runAlternatives(run, node.expression, truth, [() => run.runStatement(node.thenStatement), otherwise]);
}

function runTry(run: StatementInterpretation, node: TS.TryStatement): boolean {
  const before = copyState(run.state);
  const ends: AbstractState[] = [];
  if (run.runStatement(node.tryBlock)) ends.push(run.state);
  if (node.catchClause) {
    run.state = joinStates([before, run.state]) ?? before;
    run.state = { ...copyState(run.state), doubt: before.doubt };
    if (node.catchClause.variableDeclaration) bind(run, node.catchClause.variableDeclaration, unknown, undefined);
    if (run.runStatement(node.catchClause.block)) ends.push(run.state);
  }
  const completes = arrive(run, ends);
  if (!node.finallyBlock) return completes;
  if (!completes) run.state = joinStates([before, run.state]) ?? before;
  return run.runStatement(node.finallyBlock) && completes;
}
