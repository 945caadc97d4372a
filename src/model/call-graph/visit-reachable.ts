import type { ts as TS } from 'ts-morph';
import type { ConstantEvaluator } from './constant-evaluator.js';
import { type AbstractEnv, isPresent, type AbstractValue, toBoolean } from './abstract-value.js';
import { isFunction, isStatic, type Callable } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/**
 * Visits the nodes of a callable that can run under the bindings. It leaves out branches whose condition is known to be false, statements
 * after a `return` or `throw` that surely runs, and the bodies of inner functions: those are callables of their own. `CallGraph` calls it.
 */
export function visitReachable(
  callable: Callable,
  bindings: AbstractEnv,
  evaluator: ConstantEvaluator,
  onNode: (node: TS.Node) => void,
): void {
  const truthOf = (expression: TS.Expression): boolean | undefined => toBoolean(evaluator.evaluate(expression, bindings));

  /** Returns whether control can reach the statement after the node. */
  function run(node: TS.Node): boolean {
    onNode(node);
    if (isFunction(node)) return true;
    if (ts.isClassLike(node)) return runStatics(node);
    if (ts.isBlock(node) || ts.isSourceFile(node) || ts.isCaseOrDefaultClause(node)) return runInOrder(node.statements);
    if (ts.isIfStatement(node)) return runIf(node);
    if (ts.isReturnStatement(node) || ts.isThrowStatement(node)) {
      runChildren(node);
      return false;
    }
    if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) return false;
    if (ts.isConditionalExpression(node)) return runChoice(node);
    if (ts.isBinaryExpression(node)) return runBinary(node);
    if (ts.isSwitchStatement(node)) return runSwitch(node);
    if (ts.isTryStatement(node)) return runTry(node);
    if (ts.isIterationStatement(node, false)) {
      runLoop(node);
      return true;
    }
    runChildren(node);
    return true;
  }

  function runChildren(node: TS.Node): void {
    ts.forEachChild(node, (child) => void run(child));
  }

  function runInOrder(statements: readonly TS.Statement[]): boolean {
    for (const statement of statements) if (!run(statement)) return false;
    return true;
  }

  function runIf(node: TS.IfStatement): boolean {
    run(node.expression);
    const truth = truthOf(node.expression);
    const thenCompletes = truth === false || run(node.thenStatement);
    const elseCompletes = truth === true || !node.elseStatement || run(node.elseStatement);
    if (truth !== undefined) return truth ? thenCompletes : elseCompletes;
    return thenCompletes || elseCompletes;
  }

  function runChoice(node: TS.ConditionalExpression): boolean {
    run(node.condition);
    const truth = truthOf(node.condition);
    if (truth !== false) run(node.whenTrue);
    if (truth !== true) run(node.whenFalse);
    return true;
  }

  function runBinary(node: TS.BinaryExpression): boolean {
    const operator = node.operatorToken.kind;
    run(node.left);
    const left = evaluator.orByType(node.left, evaluator.evaluate(node.left, bindings));
    const isAnd = operator === ts.SyntaxKind.AmpersandAmpersandToken;
    const isOr = operator === ts.SyntaxKind.BarBarToken;
    const isFallback = operator === ts.SyntaxKind.QuestionQuestionToken;
    const stops = (isAnd && toBoolean(left) === false) || (isOr && toBoolean(left) === true) || (isFallback && isPresent(left));
    if (!stops) run(node.right);
    return true;
  }

  function runSwitch(node: TS.SwitchStatement): boolean {
    run(node.expression);
    const subject = evaluator.evaluate(node.expression, bindings);
    const matches = node.caseBlock.clauses.map((clause) =>
      ts.isCaseClause(clause) ? matching(subject, evaluator.evaluate(clause.expression, bindings)) : undefined,
    );
    const chosen = matches.indexOf(true);
    const isDecided =
      chosen >= 0 &&
      matches.slice(0, chosen).every((match, index) => match === false || ts.isDefaultClause(node.caseBlock.clauses[index] ?? node));
    for (const [index, clause] of node.caseBlock.clauses.entries()) {
      if (matches[index] === false || (isDecided && index < chosen)) continue;
      const completes = run(clause);
      if (isDecided && !completes) break;
    }
    return true;
  }

  function runTry(node: TS.TryStatement): boolean {
    const tryCompletes = run(node.tryBlock);
    const catchCompletes = node.catchClause ? run(node.catchClause.block) : false;
    const finallyCompletes = !node.finallyBlock || run(node.finallyBlock);
    return finallyCompletes && (tryCompletes || catchCompletes);
  }

  function runLoop(node: TS.IterationStatement): void {
    const condition = ts.isWhileStatement(node) ? node.expression : ts.isForStatement(node) ? node.condition : undefined;
    if (condition && truthOf(condition) === false) return void run(condition);
    runChildren(node);
  }

  function runStatics(node: TS.ClassLikeDeclaration): boolean {
    for (const clause of node.heritageClauses ?? []) runChildren(clause);
    for (const member of node.members)
      if (ts.isClassStaticBlockDeclaration(member) || (ts.isPropertyDeclaration(member) && isStatic(member))) runChildren(member);
    return true;
  }

  if (ts.isSourceFile(callable)) run(callable);
  else if (ts.isClassLike(callable)) {
    // A class without a constructor of its own runs that of its base.
    callable.heritageClauses?.forEach(({ types }) => types.forEach(onNode));
    for (const member of callable.members)
      if (ts.isPropertyDeclaration(member) && !isStatic(member) && member.initializer) run(member.initializer);
  } else {
    for (const { initializer } of callable.parameters) if (initializer) run(initializer);
    if (callable.body) run(callable.body);
  }
}

function matching(subject: AbstractValue, label: AbstractValue): boolean | undefined {
  return subject.kind === 'literal' && label.kind === 'literal' ? subject.value === label.value : undefined;
}
