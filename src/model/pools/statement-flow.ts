import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';
import { type Jumps, merge, type State } from './held-state.js';

/** The steps in which walks of a function differ. Each returns the state behind the node. */
export interface FlowSteps {
  readonly expression: (node: TS.Node | undefined, before: State) => State;
  readonly statements: (list: readonly TS.Statement[], before: State, jumps: Jumps) => State;
  readonly loop: (node: TS.IterationStatement, before: State) => State;
  readonly tryStatement: (node: TS.TryStatement, before: State, jumps: Jumps) => State;
  /** Returns the states in which a condition is true and false. */
  readonly branches: (condition: TS.Expression, state: State) => readonly [State, State];
  /** Receives the state in which a statement leaves the function. */
  readonly leave: (by: 'return' | 'throw', state: State) => void;
}

/** Returns the state behind a statement, in the order of evaluation; undefined if no path leads there. */
export function flowThrough(node: TS.Statement, before: State, jumps: Jumps, steps: FlowSteps): State {
  const { expression, branches } = steps;
  if (before === undefined || ts.isFunctionDeclaration(node)) return before;
  if (ts.isBlock(node)) return steps.statements(node.statements, before, jumps);
  if (ts.isIfStatement(node)) {
    const [whenTrue, whenFalse] = branches(node.expression, expression(node.expression, before));
    const then = flowThrough(node.thenStatement, whenTrue, jumps, steps);
    return merge(then, node.elseStatement ? flowThrough(node.elseStatement, whenFalse, jumps, steps) : whenFalse);
  }
  if (ts.isIterationStatement(node, false)) return steps.loop(node, before);
  if (ts.isTryStatement(node)) return steps.tryStatement(node, before, jumps);
  if (ts.isSwitchStatement(node)) return flowThroughSwitch(node, before, jumps, steps);
  if (ts.isLabeledStatement(node)) return flowThrough(node.statement, before, jumps, steps);
  if (ts.isReturnStatement(node) || ts.isThrowStatement(node)) {
    steps.leave(ts.isReturnStatement(node) ? 'return' : 'throw', expression(node.expression, before));
    return undefined;
  }
  if (ts.isBreakStatement(node)) {
    jumps.breaks = merge(jumps.breaks, before);
    return undefined;
  }
  if (ts.isContinueStatement(node)) {
    jumps.continues = merge(jumps.continues, before);
    return undefined;
  }
  return expression(node, before);
}

function flowThroughSwitch(node: TS.SwitchStatement, before: State, jumps: Jumps, { expression, statements }: FlowSteps): State {
  const entered = expression(node.expression, before);
  const inner: Jumps = { breaks: undefined, continues: undefined };
  let state: State;
  for (const clause of node.caseBlock.clauses) state = statements(clause.statements, merge(state, entered), inner);
  jumps.continues = merge(jumps.continues, inner.continues);
  const hasDefault = node.caseBlock.clauses.some(ts.isDefaultClause);
  return merge(merge(state, inner.breaks), hasDefault ? undefined : entered);
}

/** Returns the condition of a loop; undefined if it has none. */
export function conditionOf(node: TS.IterationStatement): TS.Expression | undefined {
  if (ts.isForStatement(node)) return node.condition;
  return ts.isWhileStatement(node) || ts.isDoStatement(node) ? node.expression : undefined;
}

/** Whether the operator evaluates its right side only for some values of its left side. */
export function isShortCircuit(kind: TS.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.QuestionQuestionToken
  );
}
