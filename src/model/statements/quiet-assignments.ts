import type { ts as TS } from 'ts-morph';
import { isAssignmentOperator, memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { decidedBy } from './decided-branches.js';
import { isEmptyValue, namesFailure, tellsFailure } from './empty-values.js';
import { loopAround, conditionOf } from './loops.js';
import { referencesTo } from './references.js';

/** What the judgement of an assignment needs to know of the code around it. */
export interface AssignmentContext {
  readonly checker: TS.TypeChecker;
  /** Whether code only logs, waits, or answers with nothing. */
  readonly isQuiet: (node: TS.Node) => boolean;
}

const errorNames = /^(?:e|ex|err|error|cause|reason|failure|exception)$/i;

/** Whether an assignment in a handler tells nothing of a failure: an empty value, a time, a counter of tries. Undefined for any other code. */
export function isQuietAssignment(node: TS.Expression, context: AssignmentContext): boolean | undefined {
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
    return isStep(node.operator) ? isCounterOfTries(node.operand, context) : undefined;
  if (!ts.isBinaryExpression(node) || !isAssignmentOperator(node.operatorToken.kind)) return undefined;
  const { left, right, operatorToken } = node;
  if (operatorToken.kind !== ts.SyntaxKind.EqualsToken) return isArithmetic(right) && isCounterOfTries(left, context);
  const name = memberAccess(left)?.name ?? left.getText();
  if (tellsFailure(name, right)) return false;
  if (unwrap(right).kind === ts.SyntaxKind.TrueKeyword && isFlagOfFailure(left, context)) return false;
  // Where the error is assigned, `tells` has looked for a reader.
  if (isEmptyValue(right) || errorNames.test(right.getText())) return true;
  if (isTime(right)) return !namesFailure(name) && !isInCondition(name, node.getSourceFile());
  return isArithmetic(right) && isCounterOfTries(left, context);
}

function isStep(operator: TS.SyntaxKind): boolean {
  return operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;
}

function isTime(node: TS.Expression): boolean {
  return /^(?:new Date\(\)|(?:Date|performance)\.now\(\))$/.test(unwrap(node).getText());
}

/** `attempt + 1`, `Math.min(delay * 2, 1000)` */
function isArithmetic(node: TS.Expression): boolean {
  const value = unwrap(node);
  if (ts.isIdentifier(value) || ts.isNumericLiteral(value)) return true;
  if (ts.isBinaryExpression(value)) return isArithmetic(value.left) && isArithmetic(value.right);
  return ts.isCallExpression(value) && /^Math\.\w+$/.test(value.expression.getText()) && value.arguments.every(isArithmetic);
}

/**
 * Whether a variable only counts the rounds of a loop: apart from its condition, it is read by quiet code, or by the `try` itself. If other
 * code reads it, it may tell of the failure.
 */
function isCounterOfTries(target: TS.Expression, { checker, isQuiet }: AssignmentContext): boolean {
  const variable = unwrap(target);
  const declaration = ts.isIdentifier(variable) ? checker.getSymbolAtLocation(variable)?.valueDeclaration : undefined;
  if (!declaration || !ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return false;
  const tried = ts.findAncestor(target, ts.isTryStatement);
  const loop = tried && loopAround(tried);
  const condition = loop && conditionOf(loop);
  const references = referencesTo(declaration.name, checker);
  const isRead = (node: TS.Node | undefined): boolean => node !== undefined && references.some((reference) => isWithin(reference, node));
  const isOwn = (reference: TS.Identifier): boolean =>
    [tried, condition, loop && ts.isForStatement(loop) ? loop.incrementor : undefined].some((node) => node && isWithin(reference, node)) ||
    isReadQuietly(reference, isQuiet);
  return isRead(condition) && references.every(isOwn);
}

function isReadQuietly(reference: TS.Node, isQuiet: (node: TS.Node) => boolean): boolean {
  const statement = ts.findAncestor(reference, ts.isExpressionStatement);
  return statement !== undefined && isQuiet(statement);
}

function isWithin(node: TS.Node, outer: TS.Node): boolean {
  return node.pos >= outer.pos && node.end <= outer.end;
}

/** Whether a flag that only the handler sets makes other code act: it throws, or does the work in another way. */
function isFlagOfFailure(target: TS.Expression, { checker, isQuiet }: AssignmentContext): boolean {
  const flag = unwrap(target);
  const tried = ts.findAncestor(target, ts.isTryStatement)?.tryBlock;
  if (tried && setsTrue(tried, flag.getText())) return false;
  return usesOf(flag, checker).some((use) => {
    const code = decidedBy(use, 'true');
    if (code === undefined || code === 'another round') return code !== undefined;
    return 'kind' in code ? !isEmptyValue(code) : !code.every(isQuiet);
  });
}

function setsTrue(block: TS.Node, target: string): boolean {
  const visit = (node: TS.Node): boolean =>
    (ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      node.left.getText() === target &&
      node.right.kind === ts.SyntaxKind.TrueKeyword) ||
    (ts.forEachChild(node, visit) ?? false);
  return visit(block);
}

/** The uses of a variable, or of the members of that name in the module. */
function usesOf(target: TS.Expression, checker: TS.TypeChecker): TS.Expression[] {
  if (ts.isIdentifier(target)) {
    const declaration = checker.getSymbolAtLocation(target)?.valueDeclaration;
    return declaration && ts.isVariableDeclaration(declaration) && ts.isIdentifier(declaration.name)
      ? referencesTo(declaration.name, checker)
      : [];
  }
  const name = memberAccess(target)?.name;
  const found: TS.Expression[] = [];
  const visit = (node: TS.Node): void => {
    if (name !== undefined && memberAccess(node)?.name === name) found.push(node as TS.Expression);
    ts.forEachChild(node, visit);
  };
  visit(target.getSourceFile());
  return found;
}

/** Whether a condition of the module reads a variable or a member of that name. */
function isInCondition(name: string, source: TS.Node): boolean {
  const visit = (node: TS.Node, isTested: boolean): boolean => {
    if (isTested && ts.isIdentifier(node) && node.text === name) return true;
    return (
      ts.forEachChild(node, (child) => {
        const isCondition =
          ((ts.isIfStatement(node) || ts.isWhileStatement(node)) && node.expression === child) ||
          (ts.isConditionalExpression(node) && node.condition === child);
        return visit(child, isTested || isCondition) ? true : undefined;
      }) ?? false
    );
  };
  return visit(source, false);
}
