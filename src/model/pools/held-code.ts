import type { ts as TS } from 'ts-morph';
import { settledPromise } from '../dataflow/settled-promise.js';
import { isFunction, memberAccess, type Callable, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { type Jumps, merge, noJumps, type State } from './held-state.js';
import { resultIfPresent } from './presence-conditions.js';
import { conditionOf, flowThrough, type FlowSteps, isShortCircuit } from './statement-flow.js';

/** The events of one lease at the nodes of a function. */
export interface LeaseEvents {
  /** Whether the lease is held when the function starts. */
  readonly isHeldAtStart: boolean;
  /** Whether the node acquires the lease. */
  readonly acquires: (node: TS.Node) => boolean;
  /** Whether the call releases the lease. */
  readonly releases: (call: TS.CallExpression) => boolean;
  /** Whether the expression is or holds the lease, so that a condition on it is true while the lease is held. */
  readonly holds: (expression: TS.Expression) => boolean;
  /** Whether the call runs its inline callbacks before its result is there. */
  readonly runsCallbacks: (call: TS.Node) => boolean;
}

/** The code of a function that runs while it holds the lease. */
export interface HeldCode {
  /** The expressions that are evaluated while the lease may be held, those of inline callbacks included. */
  readonly nodes: ReadonlySet<TS.Node>;
  /** The releases that were found. */
  readonly releases: ReadonlySet<TS.Node>;
  /** Whether the lease may be held when the function ends. */
  readonly isHeldAtEnd: boolean;
}

/**
 * Walks the body of a function in the order of evaluation and follows whether the lease may be held. Loops are walked twice, so that an
 * acquisition whose lease is still held in the next round is among the held nodes.
 */
export function findHeldCode(callable: Callable, events: LeaseEvents): HeldCode {
  const nodes = new Set<TS.Node>();
  const releases = new Set<TS.Node>();
  let atExits: State;
  let thrown: State;
  const leave = (by: 'return' | 'throw', state: State): void => {
    if (by === 'return') atExits = merge(atExits, state);
    else thrown = merge(thrown, state);
  };
  const steps: FlowSteps = { expression, statements, loop, tryStatement, branches, leave };

  function expression(node: TS.Node | undefined, before: State): State {
    if (!node || before === undefined) return before;
    if (isFunction(node) || ts.isClassLike(node)) return before;
    if (ts.isConditionalExpression(node)) {
      const state = expression(node.condition, before);
      const [whenTrue, whenFalse] = branches(node.condition, state);
      return merge(expression(node.whenTrue, whenTrue), expression(node.whenFalse, whenFalse));
    }
    if (ts.isBinaryExpression(node) && isShortCircuit(node.operatorToken.kind)) {
      const state = expression(node.left, before);
      const isAnd = node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;
      const [whenTrue, whenFalse] = branches(node.left, state);
      const after = merge(expression(node.right, isAnd ? whenTrue : state), isAnd ? whenFalse : state);
      return visited(node, after);
    }
    let state: State = before;
    ts.forEachChild(node, (child) => {
      state = expression(child, state);
    });
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) return call(node, state);
    return visited(node, state);
  }

  function visited(node: TS.Node, state: State): State {
    if (state === true) nodes.add(node);
    return events.acquires(node) && state !== undefined ? true : state;
  }

  function call(node: TS.CallExpression | TS.NewExpression, before: State): State {
    if (ts.isCallExpression(node) && events.releases(node)) {
      releases.add(node);
      return before === undefined ? undefined : deferredUntil(node) ? before : false;
    }
    let state = visited(node, before);
    for (const argument of node.arguments ?? [])
      if (isFunction(argument) && (events.runsCallbacks(node) || settledPromise(argument) !== undefined)) state = inline(argument, state);
    return state;
  }

  /** An inline callback runs where it is passed. Its own exits are those of the callback. */
  function inline(callback: TS.FunctionLikeDeclaration, before: State): State {
    const outer = { atExits, thrown };
    atExits = undefined;
    const end = body(callback, before);
    const state = merge(end, atExits);
    ({ atExits, thrown } = outer);
    return state ?? before;
  }

  function body(callback: Callable, before: State): State {
    if (ts.isSourceFile(callback)) return statements(callback.statements, before);
    if (ts.isClassLike(callback))
      return callback.members
        .filter(ts.isPropertyDeclaration)
        .reduce<State>((state, { initializer }) => expression(initializer, state), before);
    let state = before;
    for (const { initializer } of callback.parameters) state = merge(expression(initializer, state), state);
    if (!callback.body) return state;
    return ts.isBlock(callback.body) ? statements(callback.body.statements, state) : expression(callback.body, state);
  }

  function statements(list: readonly TS.Statement[], before: State, jumps?: Jumps): State {
    let state = before;
    for (const node of list) state = statement(node, state, jumps ?? noJumps());
    const isUsing = list.some(
      (node) => ts.isVariableStatement(node) && node.declarationList.flags & ts.NodeFlags.Using && declaresLease(node.declarationList),
    );
    return isUsing && state !== undefined ? false : state;
  }

  /** Whether `using` holds the lease, or a stack that releases it. */
  function declaresLease({ declarations }: TS.VariableDeclarationList): boolean {
    return declarations.some(
      ({ name, initializer }) =>
        (ts.isIdentifier(name) && events.holds(name)) ||
        (initializer !== undefined && events.holds(initializer)) ||
        (ts.isIdentifier(name) && [...releases].some((release) => deferredUntil(release) === name.text)),
    );
  }

  function statement(node: TS.Statement, before: State, jumps: Jumps): State {
    return flowThrough(node, before, jumps, steps);
  }

  function loop(node: TS.IterationStatement, before: State): State {
    const condition = conditionOf(node);
    let state = before;
    if (ts.isForStatement(node)) state = expression(node.initializer, state);
    if (ts.isForOfStatement(node) || ts.isForInStatement(node)) state = expression(node.expression, state);
    const jumps = noJumps();
    // A loop over the leases, and a `do` loop, run at least once.
    const runsAtLeastOnce = ts.isDoStatement(node) || (ts.isForOfStatement(node) && events.holds(node.expression));
    const isEndless = condition === undefined ? ts.isForStatement(node) : condition.kind === ts.SyntaxKind.TrueKeyword;
    let after: State = runsAtLeastOnce || isEndless ? undefined : state;
    for (let round = 0; round < 2; round++) {
      const entered = ts.isDoStatement(node) ? state : branches(condition, expression(condition, state))[0];
      let end = merge(statement(node.statement, entered, jumps), jumps.continues);
      if (ts.isForStatement(node)) end = expression(node.incrementor, end);
      const checked = ts.isDoStatement(node) ? expression(condition, end) : end;
      if (!isEndless) after = merge(after, branches(condition, checked)[1]);
      state = branches(condition, checked)[0];
      if (state === undefined) break;
    }
    return merge(after, jumps.breaks);
  }

  function tryStatement(node: TS.TryStatement, before: State, jumps: Jumps): State {
    const outer = { atExits, thrown };
    atExits = undefined;
    thrown = undefined;
    const inner = node.finallyBlock ? noJumps() : jumps;
    const end = statement(node.tryBlock, before, inner);
    const caught = node.catchClause ? statement(node.catchClause.block, merge(merge(before, end), thrown), inner) : undefined;
    const completed = merge(end, caught);
    if (!node.finallyBlock) {
      atExits = merge(outer.atExits, atExits);
      thrown = outer.thrown;
      return completed;
    }
    const finallyBlock = node.finallyBlock;
    const left = { exits: atExits, breaks: inner.breaks, continues: inner.continues };
    const through = (state: State): State => (state === undefined ? undefined : statement(finallyBlock, state, jumps));
    ({ atExits, thrown } = outer);
    atExits = merge(atExits, through(left.exits));
    jumps.breaks = merge(jumps.breaks, through(left.breaks));
    jumps.continues = merge(jumps.continues, through(left.continues));
    return through(completed);
  }

  /** The states in which a condition is true and false. A condition on the lease tells whether it is held. */
  function branches(condition: TS.Expression | undefined, state: State): readonly [State, State] {
    const isTrue = condition && state === true ? resultIfPresent(condition, isLeaseName) : undefined;
    return [isTrue === false ? false : state, isTrue === true ? false : state];
  }

  /** A member of the lease may be false while the lease is held; a field that keeps the lease may not. */
  function isLeaseName(node: TS.Expression): boolean {
    const value = unwrap(node);
    return (ts.isIdentifier(value) || memberAccess(value)?.object.kind === ts.SyntaxKind.ThisKeyword) && events.holds(value);
  }

  const end = body(callable, events.isHeldAtStart);
  return { nodes, releases, isHeldAtEnd: merge(end, atExits) === true };
}

/** The name of the disposable stack that runs the release at the end of its block: `stack` of `stack.defer(() => release())`. */
function deferredUntil(release: TS.Node): string | undefined {
  const callback = ts.findAncestor(release, isFunction);
  const call = callback?.parent;
  const access = call && ts.isCallExpression(call) ? memberAccess(call.expression) : undefined;
  return access?.name === 'defer' || access?.name === 'adopt' ? access.object.getText() : undefined;
}
