import type { ts as TS } from 'ts-morph';
import { type Callable, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** The result of a condition; undefined if it is not known. */
export type Truth = (condition: TS.Expression) => boolean | undefined;

/** Whether the conditions around and before the node keep the function from running it. */
export function isDecidedAgainst(node: TS.Node, callable: Callable, truth: Truth): boolean {
  for (let child = node; child !== callable; child = child.parent) {
    const { parent } = child;
    if (ts.isConditionalExpression(parent) && parent.condition !== child) {
      const result = truthOf(parent.condition, truth);
      if (result !== undefined && (parent.whenTrue === child) !== result) return true;
    }
    if (ts.isIfStatement(parent) && parent.expression !== child) {
      const result = truthOf(parent.expression, truth);
      if (result !== undefined && (parent.thenStatement === child) !== result) return true;
    }
    if (ts.isBinaryExpression(parent) && parent.right === child) {
      const result = truthOf(parent.left, truth);
      const { kind } = parent.operatorToken;
      const isOr = kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;
      const isOrAssignment = kind === ts.SyntaxKind.QuestionQuestionEqualsToken || kind === ts.SyntaxKind.BarBarEqualsToken;
      if (result === true && (isOr || isOrAssignment)) return true;
      if (result === false && kind === ts.SyntaxKind.AmpersandAmpersandToken) return true;
    }
    if (ts.isStatement(child) && ts.isBlock(parent) && isLeftBefore(child, parent, truth)) return true;
    if (ts.isSourceFile(parent)) return false;
  }
  return false;
}

/** Whether an earlier statement of the block ends the function: `if (client) return client.query(…);`. */
function isLeftBefore(statement: TS.Statement, block: TS.Block, truth: Truth): boolean {
  return block.statements.slice(0, block.statements.indexOf(statement)).some((earlier) => {
    if (!ts.isIfStatement(earlier)) return false;
    const result = truthOf(earlier.expression, truth);
    const taken = result === true ? earlier.thenStatement : result === false ? earlier.elseStatement : undefined;
    return taken !== undefined && leaves(taken);
  });
}

/** The result of a condition with `!`, `&&` and `||`. */
function truthOf(condition: TS.Expression, truth: Truth): boolean | undefined {
  const known = truth(condition);
  if (known !== undefined) return known;
  const node = unwrap(condition);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    const inner = truthOf(node.operand, truth);
    return inner === undefined ? undefined : !inner;
  }
  if (!ts.isBinaryExpression(node)) return undefined;
  const { kind } = node.operatorToken;
  const isAnd = kind === ts.SyntaxKind.AmpersandAmpersandToken;
  if (!isAnd && kind !== ts.SyntaxKind.BarBarToken) return undefined;
  const parts = [truthOf(node.left, truth), truthOf(node.right, truth)];
  return parts.includes(!isAnd) ? !isAnd : parts.includes(undefined) ? undefined : isAnd;
}

/** Whether the statement always ends the function. */
function leaves(statement: TS.Statement): boolean {
  if (ts.isReturnStatement(statement) || ts.isThrowStatement(statement)) return true;
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : undefined;
  return last !== undefined && leaves(last);
}
