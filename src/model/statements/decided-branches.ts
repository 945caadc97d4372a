import type { ts as TS } from 'ts-morph';
import { isComparison, isWrapped, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { statementsAfter } from './statements-after.js';

/** What is known of a value: it is `null` or `undefined`, or it is `true`. */
export type KnownValue = 'absent' | 'true';

/** The code that runs because of a value: statements, an expression, or another round of a loop. */
export type DecidedCode = readonly TS.Statement[] | TS.Expression | 'another round';

/** Returns the code that a condition with the value leads to; undefined if the value is in no condition, or does not decide it. */
export function decidedBy(reference: TS.Expression, known: KnownValue): DecidedCode | undefined {
  const condition = conditionWith(reference);
  const isTrue = condition && truthOf(condition, reference, known);
  if (!condition || isTrue === undefined) return undefined;
  const { parent } = condition;
  if (ts.isConditionalExpression(parent)) return isTrue ? parent.whenTrue : parent.whenFalse;
  if (!ts.isIfStatement(parent)) return isTrue ? 'another round' : undefined;
  if (isTrue) return [parent.thenStatement];
  if (parent.elseStatement) return [parent.elseStatement];
  return endsWithJump(parent.thenStatement) ? statementsAfter(parent) : undefined;
}

/** The whole condition that an expression is a part of. */
function conditionWith(part: TS.Expression): TS.Expression | undefined {
  for (let node: TS.Node = part; ; node = node.parent) {
    const { parent } = node;
    if (ts.isConditionalExpression(parent)) return parent.condition === node ? parent.condition : undefined;
    if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent))
      return parent.expression === node ? parent.expression : undefined;
    if (ts.isForStatement(parent)) return parent.condition === node ? parent.condition : undefined;
    if (!ts.isExpression(parent)) return undefined;
  }
}

/** Returns the value of a condition as far as one of its parts decides it. */
function truthOf(condition: TS.Expression, reference: TS.Expression, known: KnownValue): boolean | undefined {
  const value = unwrap(condition);
  const isIt = (node: TS.Expression): boolean => unwrap(node) === reference;
  if (isIt(value)) return known === 'true';
  if (ts.isPrefixUnaryExpression(value) && value.operator === ts.SyntaxKind.ExclamationToken) {
    const inner = truthOf(value.operand, reference, known);
    return inner === undefined ? undefined : !inner;
  }
  if (ts.isBinaryExpression(value)) {
    const { left, right, operatorToken } = value;
    if (isComparison(value)) {
      const isEqual = isIt(left)
        ? isEqualTo(right, known)
        : isIt(right)
          ? isEqualTo(left, known)
          : isTypeOf(left, isIt)
            ? isText(right)
            : undefined;
      return isEqual === undefined || /[<>]/.test(operatorToken.getText())
        ? undefined
        : operatorToken.getText().startsWith('=') === isEqual;
    }
    const isAnd = operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;
    if (!isAnd && operatorToken.kind !== ts.SyntaxKind.BarBarToken) return undefined;
    const sides = [truthOf(left, reference, known), truthOf(right, reference, known)];
    // One false side decides `&&`, one true side decides `||`.
    if (sides.includes(!isAnd)) return !isAnd;
    return sides.includes(undefined) ? undefined : isAnd;
  }
  if (known === 'absent' && (isOptionalMemberOf(value, isIt) || isTypeTest(value, isIt))) return false;
  return undefined;
}

function isEqualTo(other: TS.Expression, known: KnownValue): boolean | undefined {
  const { kind } = unwrap(other);
  const isNothing = kind === ts.SyntaxKind.NullKeyword || unwrap(other).getText() === 'undefined';
  if (known === 'absent') return isNothing ? true : undefined;
  return kind === ts.SyntaxKind.TrueKeyword ? true : kind === ts.SyntaxKind.FalseKeyword || isNothing ? false : undefined;
}

/** `typeof rows === 'undefined'` */
function isTypeOf(node: TS.Expression, isIt: (node: TS.Expression) => boolean): boolean {
  return ts.isTypeOfExpression(node) && isIt(node.expression);
}

function isText(node: TS.Expression): boolean | undefined {
  return ts.isStringLiteralLike(node) && node.text === 'undefined' ? true : undefined;
}

/** `rows?.length` */
function isOptionalMemberOf(node: TS.Expression, isIt: (node: TS.Expression) => boolean): boolean {
  if (ts.isCallExpression(node)) return isOptionalMemberOf(unwrap(node.expression), isIt);
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return false;
  return isIt(node.expression) ? node.questionDotToken !== undefined : isOptionalMemberOf(unwrap(node.expression), isIt);
}

/** `Array.isArray(rows)`, `Boolean(rows)` */
function isTypeTest(node: TS.Expression, isIt: (node: TS.Expression) => boolean): boolean {
  return ts.isCallExpression(node) && /^(?:Array\.isArray|Boolean)$/.test(node.expression.getText()) && node.arguments.some(isIt);
}

function endsWithJump(statement: TS.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  return last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last) || ts.isBreakOrContinueStatement(last));
}

/** Returns the outermost expression with the same value: without parentheses, casts, `await`. */
export function wholeValue(node: TS.Node): TS.Node {
  return isWrapped(node.parent) ? wholeValue(node.parent) : node;
}
