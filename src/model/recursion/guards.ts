import type { ts as TS } from 'ts-morph';
import type { Accessor } from '../connections/accessors.js';
import type { CallGraph, CallEdge } from '../call-graph/call-graph.js';
import { bypassArguments } from '../connections/managers.js';
import type { Callable } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Returns the first condition that ends a call path of the accessor once its bypass is set. `findRecursions` calls it. */
export function guardOf(accessor: Accessor, steps: readonly CallEdge[], graph: CallGraph): TS.Expression | undefined {
  if (!accessor.bypass) return undefined;
  let contexts = graph.contextsFor(accessor.callable, bypassArguments(accessor, true));
  for (const { from, site, to } of steps) {
    const [context] = contexts;
    contexts = contexts
      .flatMap((bypassed) => graph.edgesFrom(bypassed))
      .filter((edge) => edge.site === site && edge.to.callable === to.callable)
      .map((edge) => edge.to);
    if (context && contexts.length === 0) return guardAround(site.node, from.callable, (condition) => graph.truthOf(condition, context));
  }
  return undefined;
}

type TruthOf = (condition: TS.Expression) => boolean | undefined;

/** The condition that keeps a node of a callable from running: one around it, or one before it that exits the callable. */
function guardAround(node: TS.Node, callable: Callable, truthOf: TruthOf): TS.Expression | undefined {
  for (let inner = node; inner !== callable && !ts.isSourceFile(inner); inner = inner.parent) {
    const guard = guardOn(inner, inner.parent, truthOf);
    if (guard) return guard;
  }
  return undefined;
}

function guardOn(inner: TS.Node, parent: TS.Node, truthOf: TruthOf): TS.Expression | undefined {
  if (ts.isIfStatement(parent)) return skippingCondition(inner, parent.expression, parent.thenStatement, parent.elseStatement, truthOf);
  if (ts.isConditionalExpression(parent)) return skippingCondition(inner, parent.condition, parent.whenTrue, parent.whenFalse, truthOf);
  if (ts.isBinaryExpression(parent) && inner === parent.right) return isShortCircuited(parent, truthOf) ? parent.left : undefined;
  if (ts.isCaseClause(parent)) return parent.parent.parent.expression;
  return ts.isBlock(parent) ? exitBefore(inner, parent, truthOf) : undefined;
}

function skippingCondition(
  inner: TS.Node,
  condition: TS.Expression,
  whenTrue: TS.Node,
  whenFalse: TS.Node | undefined,
  truthOf: TruthOf,
): TS.Expression | undefined {
  const truth = inner === condition ? undefined : truthOf(condition);
  return (truth === false && inner === whenTrue) || (truth === true && inner === whenFalse) ? condition : undefined;
}

function isShortCircuited({ left, operatorToken }: TS.BinaryExpression, truthOf: TruthOf): boolean {
  if (operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) return truthOf(left) === false;
  if (operatorToken.kind === ts.SyntaxKind.BarBarToken) return truthOf(left) === true;
  return operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken && truthOf(left) !== undefined;
}

/** The condition of an exit before a statement: `if (bypass) return …;`. */
function exitBefore(inner: TS.Node, block: TS.Block, truthOf: TruthOf): TS.Expression | undefined {
  for (const statement of block.statements) {
    if (statement === inner) return undefined;
    if (!ts.isIfStatement(statement)) continue;
    const truth = truthOf(statement.expression);
    const taken = truth === undefined ? undefined : truth ? statement.thenStatement : statement.elseStatement;
    if (taken && exits(taken)) return statement.expression;
  }
  return undefined;
}

function exits(statement: TS.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  return last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last));
}
