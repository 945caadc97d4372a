import type { ts as TS } from 'ts-morph';
import { merge, type Jumps, noJumps, type State } from '../pools/held-state.js';
import { resultIfPresent } from '../pools/presence-conditions.js';
import { conditionOf, flowThrough, type FlowSteps, isShortCircuit } from '../pools/statement-flow.js';
import { isFunction, type Callable } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** The effect of a call on a resource. `unless-error`: a rejected promise keeps it open. */
export type ReleaseEffect = 'always' | 'unless-error' | undefined;

/** The events of one resource at the nodes of a function. */
export interface PathEvents {
  /** Whether the resource may be there when the function starts. */
  readonly isHeldAtStart: boolean;
  /** Whether the node makes the resource. */
  readonly acquires: (node: TS.Node) => boolean;
  /** The effect of a call on the resource. */
  readonly releases: (call: TS.Node) => ReleaseEffect;
  /** Whether the node may throw while the resource is there. */
  readonly mayThrow: (node: TS.Node) => boolean;
  /** Whether the expression is the resource, so that a condition on it tells whether it is there. */
  readonly isResource: (expression: TS.Expression) => boolean;
  /** Whether the expression is the resource or a collection of them: a loop over it has a round for each. */
  readonly isCollection: (expression: TS.Expression) => boolean;
  /** The result of a condition while the resource is there; `owner` if it tells which code closes. */
  readonly truthOf: (condition: TS.Expression) => boolean | 'owner' | undefined;
}

/** Whether the resource may be open where the function is left. */
export interface OpenExits {
  readonly atEnd: boolean;
  readonly onError: boolean;
  /** Whether it may be open when the node makes the next one. */
  readonly atNext: boolean;
}

/** Walks the body of a function in the order of evaluation, exceptions included, and follows whether the resource may be open. */
export function findOpenExits(callable: Callable, events: PathEvents): OpenExits {
  let returned: State;
  let thrown: State;
  let atNext = false;
  const leave = (by: 'return' | 'throw', state: State): void => {
    if (by === 'return') returned = merge(returned, state);
    else thrown = merge(thrown, state);
  };
  const steps: FlowSteps = { expression, statements, loop, tryStatement, branches, leave };

  function expression(node: TS.Node | undefined, before: State): State {
    if (!node || before === undefined || isFunction(node) || ts.isClassLike(node)) return before;
    if (ts.isConditionalExpression(node)) {
      const [whenTrue, whenFalse] = branches(node.condition, expression(node.condition, before));
      return merge(expression(node.whenTrue, whenTrue), expression(node.whenFalse, whenFalse));
    }
    if (ts.isBinaryExpression(node) && isShortCircuit(node.operatorToken.kind)) {
      const state = expression(node.left, before);
      const isAnd = node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;
      const [whenTrue, whenFalse] = branches(node.left, state);
      return merge(expression(node.right, isAnd ? whenTrue : whenFalse), isAnd ? whenFalse : whenTrue);
    }
    let state: State = before;
    ts.forEachChild(node, (child) => {
      state = expression(child, state);
    });
    return visited(node, state);
  }

  function visited(node: TS.Node, before: State): State {
    if (before === undefined) return undefined;
    if (events.acquires(node)) {
      atNext ||= before;
      return true;
    }
    if (before && events.mayThrow(node)) thrown = true;
    if (before && ts.isYieldExpression(node)) returned = true;
    if (isExit(node)) return undefined;
    const effect = events.releases(node);
    if (effect === undefined) return before;
    if (effect === 'unless-error' && before) thrown = true;
    return false;
  }

  function statements(list: readonly TS.Statement[], before: State, jumps: Jumps): State {
    return list.reduce<State>((state, node) => statement(node, state, jumps), before);
  }

  function statement(node: TS.Statement, before: State, jumps: Jumps): State {
    return flowThrough(node, before, jumps, steps);
  }

  /** A loop is walked twice, so that a resource of the first round is seen in the second. */
  function loop(node: TS.IterationStatement, before: State): State {
    const condition = conditionOf(node);
    let state = before;
    if (ts.isForStatement(node)) state = expression(node.initializer, state);
    const list = ts.isForOfStatement(node) || ts.isForInStatement(node) ? node.expression : undefined;
    state = expression(list, state);
    if (state === true && events.mayThrow(node)) thrown = true;
    const jumps = noJumps();
    const runsAtLeastOnce = ts.isDoStatement(node) || (list !== undefined && events.isCollection(list));
    const isEndless = condition === undefined ? ts.isForStatement(node) : condition.kind === ts.SyntaxKind.TrueKeyword;
    let after: State = runsAtLeastOnce || isEndless ? undefined : state;
    for (let round = 0; round < 2; round++) {
      const entered = ts.isDoStatement(node) ? state : expression(condition, state);
      let end = merge(statement(node.statement, entered, jumps), jumps.continues);
      if (ts.isForStatement(node)) end = expression(node.incrementor, end);
      if (!isEndless) after = merge(after, end);
      state = end;
      if (state === undefined) break;
    }
    return merge(after, jumps.breaks);
  }

  function tryStatement(node: TS.TryStatement, before: State, jumps: Jumps): State {
    const outer = { returned, thrown };
    returned = undefined;
    thrown = undefined;
    const inner = node.finallyBlock ? noJumps() : jumps;
    let end = statement(node.tryBlock, before, inner);
    if (node.catchClause) {
      const caught: State = merge(thrown, false);
      thrown = undefined;
      end = merge(end, statement(node.catchClause.block, caught, inner));
    }
    const left = { returned, thrown, breaks: inner.breaks, continues: inner.continues };
    ({ returned, thrown } = outer);
    const finallyBlock = node.finallyBlock;
    const through = (state: State): State => (state === undefined || !finallyBlock ? state : statement(finallyBlock, state, jumps));
    returned = merge(returned, through(left.returned));
    thrown = merge(thrown, through(left.thrown));
    if (finallyBlock) {
      jumps.breaks = merge(jumps.breaks, through(left.breaks));
      jumps.continues = merge(jumps.continues, through(left.continues));
    }
    return through(end);
  }

  /** The states in which a condition is true and false. `undefined`: that branch does not run while the resource is there. */
  function branches(condition: TS.Expression, state: State): readonly [State, State] {
    if (state !== true) return [state, state];
    const present = resultIfPresent(condition, events.isResource);
    // Where the resource is not there, nothing is open.
    if (present !== undefined) return present ? [true, false] : [false, true];
    const truth = events.truthOf(condition);
    if (truth === 'owner') return [true, false];
    if (truth !== undefined) return truth ? [true, false] : [false, true];
    return [true, true];
  }

  const end = body(callable);
  return { atEnd: merge(end, returned) === true, onError: thrown === true, atNext };

  function body(node: Callable): State {
    const start = events.isHeldAtStart;
    if (ts.isSourceFile(node)) return statements(node.statements, start, noJumps());
    if (ts.isClassLike(node)) return start;
    let state: State = start;
    for (const { initializer } of node.parameters) state = merge(expression(initializer, state), state);
    if (!node.body) return state;
    return ts.isBlock(node.body) ? statements(node.body.statements, state, noJumps()) : expression(node.body, state);
  }
}

/** Whether the call ends the process. */
function isExit(node: TS.Node): boolean {
  return ts.isCallExpression(node) && /^(?:process|Deno)\.(?:exit|abort)$/.test(node.expression.getText());
}
