import type { ts as TS } from 'ts-morph';
import { isFunction } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Returns the loop around a node in the same function; undefined if there is none. */
export function loopAround(node: TS.Node): TS.IterationStatement | undefined {
  const around = ts.findAncestor(node.parent, (parent) => isLoop(parent) || isFunction(parent));
  return around && isLoop(around) ? around : undefined;
}

function isLoop(node: TS.Node): node is TS.IterationStatement {
  return ts.isIterationStatement(node, false);
}

/** Returns the loop, or the statement, that `break` or `continue` is about; undefined if the code is not complete. */
export function jumpTarget(jump: TS.BreakOrContinueStatement): TS.Node | undefined {
  const { label } = jump;
  if (label) {
    const labelled = ts.findAncestor(jump, (node) => ts.isLabeledStatement(node) && node.label.text === label.text);
    return labelled && ts.isLabeledStatement(labelled) ? labelled.statement : undefined;
  }
  return ts.findAncestor(jump.parent, (node) => isLoop(node) || (ts.isBreakStatement(jump) && ts.isSwitchStatement(node)));
}

/** Returns the condition under which a loop goes on; undefined for a loop over values, and for one without a condition. */
export function conditionOf(loop: TS.IterationStatement): TS.Expression | undefined {
  if (ts.isForStatement(loop)) return loop.condition;
  return ts.isWhileStatement(loop) || ts.isDoStatement(loop) ? loop.expression : undefined;
}

function isEndless(loop: TS.IterationStatement): boolean {
  if (ts.isForInStatement(loop) || ts.isForOfStatement(loop)) return false;
  const condition = conditionOf(loop);
  if (!condition) return true;
  return condition.kind === ts.SyntaxKind.TrueKeyword || (ts.isNumericLiteral(condition) && condition.text !== '0');
}

/** Whether a failure leads back to the `try`: it is in a loop without an end, which only a success of the statement leaves. */
export function isRepeatedUntilSuccess(node: TS.TryStatement, statement: TS.Node): boolean {
  const handler = node.catchClause?.block;
  const loop = handler && loopAfterFailure(node, handler);
  if (!loop || !isEndless(loop) || exitsIn(handler, loop).length > 0) return false;
  if (exitsIn(node.tryBlock, loop).some((exit) => exit.end > statement.end)) return true;
  return !fallsThrough(handler) && exitsIn(loop.statement, loop).some((exit) => exit.pos >= node.end);
}

/** Returns the loop that runs a failed `try` again, and that a success leaves; undefined if there is none. Rounds over values are other work. */
export function retryLoopOf(node: TS.TryStatement): TS.IterationStatement | undefined {
  const handler = node.catchClause?.block;
  const loop = handler && !alwaysLeaves(handler) ? loopAfterFailure(node, handler) : undefined;
  if (!loop || (isLoopOverValues(loop) && mentionsVariableOf(loop, node.tryBlock))) return undefined;
  const isLeft = [node.tryBlock, loop.statement].some((part) => exitsIn(part, loop).some((exit) => !isWithin(exit, handler ?? node)));
  return isLeft || isEndedBy(node.tryBlock, loop) ? loop : undefined;
}

/** Whether the last statement leaves the function, and no other one begins the next round. */
function alwaysLeaves(handler: TS.Block): boolean {
  const last = handler.statements.at(-1);
  return last !== undefined && (ts.isThrowStatement(last) || ts.isReturnStatement(last)) && !jumpsIn(handler).some(ts.isContinueStatement);
}

/** Whether code assigns a variable of the condition of a loop: `while (!done)`. */
function isEndedBy(code: TS.Node, loop: TS.IterationStatement): boolean {
  const names = namesIn(conditionOf(loop));
  const assigns = (node: TS.Node): boolean =>
    (ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isIdentifier(node.left) &&
      names.has(node.left.text)) ||
    (ts.forEachChild(node, assigns) ?? false);
  return assigns(code);
}

function namesIn(root: TS.Node | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: TS.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  if (root) visit(root);
  return names;
}

function isLoopOverValues(loop: TS.IterationStatement): boolean {
  return ts.isForOfStatement(loop) || ts.isForInStatement(loop);
}

/** The loop whose next round follows a failure; undefined if it depends on the failure. */
function loopAfterFailure(node: TS.TryStatement, handler: TS.Block): TS.IterationStatement | undefined {
  const targets = new Set<TS.Node | undefined>(jumpsIn(handler).filter(ts.isContinueStatement).map(jumpTarget));
  if (fallsThrough(handler)) targets.add(loopAround(node));
  const [target] = targets;
  return targets.size === 1 && target && isLoop(target) ? target : undefined;
}

function fallsThrough({ statements }: TS.Block): boolean {
  const last = statements.at(-1);
  return last === undefined || !ts.isContinueStatement(last);
}

/** The statements inside a node that leave the loop. */
function exitsIn(node: TS.Node, loop: TS.IterationStatement): TS.Statement[] {
  return jumpsIn(node).filter((jump) => {
    if (ts.isReturnStatement(jump) || ts.isThrowStatement(jump)) return true;
    const target = jumpTarget(jump);
    return target === undefined || (ts.isBreakStatement(jump) ? !isWithin(target, loop.statement) : isAround(target, loop));
  });
}

function isWithin(node: TS.Node, outer: TS.Node): boolean {
  return node.getSourceFile() === outer.getSourceFile() && node.pos >= outer.pos && node.end <= outer.end;
}

function isAround(node: TS.Node, inner: TS.Node): boolean {
  return node !== inner && isWithin(inner, node);
}

type Jump = TS.BreakOrContinueStatement | TS.ReturnStatement | TS.ThrowStatement;

/** The jumps inside a node, without those of functions in it. */
function jumpsIn(node: TS.Node): Jump[] {
  const found: Jump[] = [];
  const visit = (child: TS.Node): void => {
    if (isFunction(child)) return;
    if (ts.isBreakOrContinueStatement(child) || ts.isReturnStatement(child) || ts.isThrowStatement(child)) found.push(child);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}

/** Returns the node up to which code runs only after a failure, if a success leaves it at the end of the `try`: a loop, or the function. */
export function leftBySuccess({ tryBlock }: TS.TryStatement): TS.Node | undefined {
  const last = tryBlock.statements.at(-1);
  if (!last) return undefined;
  if (ts.isReturnStatement(last)) return ts.findAncestor(last, isFunction) ?? last.getSourceFile();
  if (!ts.isBreakOrContinueStatement(last)) return undefined;
  const target = jumpTarget(last);
  // Each round tries something else: the code behind has what one of them gave.
  return target && isLoop(target) && triesAlternatives(target, tryBlock) ? ts.findAncestor(last, isFunction) : target;
}

function triesAlternatives(loop: TS.IterationStatement, tried: TS.Block): boolean {
  return isLoopOverValues(loop) || mentionsVariableOf(loop, tried);
}

function mentionsVariableOf(loop: TS.IterationStatement, tried: TS.Block): boolean {
  const initializer = ts.isForStatement(loop) || ts.isForOfStatement(loop) || ts.isForInStatement(loop) ? loop.initializer : undefined;
  const declared = initializer && ts.isVariableDeclarationList(initializer) ? initializer : undefined;
  const names = new Set((declared?.declarations ?? []).map(({ name }) => name.getText()));
  const mentions = (node: TS.Node): boolean =>
    (ts.isIdentifier(node) && names.has(node.text)) || (ts.forEachChild(node, mentions) ?? false);
  return mentions(tried);
}
