import type { ts as TS } from 'ts-morph';
import { isFunction, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isEmptyValue } from './empty-values.js';
import { conditionOf, leftBySuccess, loopAround } from './loops.js';
import { throwsIn } from './failing-calls.js';
import { isTested, referencesTo } from './references.js';
import { statementsAfter } from './statements-after.js';

/**
 * Whether the code behind a `try`, whose `catch` goes on, does something about a failure: it throws, it does the work in another way, or a
 * variable tells it whether the statement succeeded.
 */
export function isHandledAfter(node: TS.TryStatement, checker: TS.TypeChecker): boolean {
  const rest = statementsAfter(node);
  if (rest.some((statement) => ts.isThrowStatement(statement) || (throwsIn(statement) && isAbout(statement, node)))) return true;
  const left = leftBySuccess(node);
  if (left && rest.some((statement) => isWithin(statement, left) && doesSomething(statement))) return true;
  const inHandler = node.catchClause ? assignmentsIn(node.catchClause.block) : [];
  const isSame = ({ target, value }: Assignment): boolean =>
    inHandler.some((other) => other.target.text === target.text && other.value.getText() === value.getText());
  return assignmentsIn(node.tryBlock).some((assignment) => !isSame(assignment) && tellsSuccess(assignment, checker));
}

/** Whether a statement may depend on what happened in the `try`: it is in the same loop, or names a value that the `try` names too. */
function isAbout(statement: TS.Statement, node: TS.TryStatement): boolean {
  const loop = ts.findAncestor(node, (parent) => ts.isIterationStatement(parent, false) || isFunction(parent));
  if (loop && !isFunction(loop) && statement.pos >= loop.pos && statement.end <= loop.end) return true;
  const names = namesIn(node);
  return [...namesIn(statement)].some((name) => names.has(name));
}

function namesIn(node: TS.Node): Set<string> {
  const names = new Set<string>();
  const visit = (child: TS.Node): void => {
    if (ts.isIdentifier(child) && !/^[A-Z]/.test(child.text) && !ts.isPropertyAccessExpression(child.parent)) names.add(child.text);
    if (ts.isPropertyAccessExpression(child)) visit(child.expression);
    else ts.forEachChild(child, visit);
    if (ts.isPropertyAccessExpression(child) && ts.isIdentifier(child.expression)) names.add(child.expression.text);
  };
  visit(node);
  return names;
}

function isWithin(node: TS.Node, outer: TS.Node): boolean {
  return node.pos >= outer.pos && node.end <= outer.end;
}

const quiet = /^(?:console|log|logger|this\.log|this\.logger)\b/;

function doesSomething(statement: TS.Statement): boolean {
  const visit = (node: TS.Node): boolean => {
    if (ts.isCallExpression(node) && !quiet.test(node.expression.getText())) return true;
    if (ts.isReturnStatement(node) && node.expression && !isEmptyValue(node.expression)) return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(statement);
}

interface Assignment {
  readonly target: TS.Identifier;
  readonly value: TS.Expression;
}

function assignmentsIn(block: TS.Block): Assignment[] {
  const found: Assignment[] = [];
  const visit = (node: TS.Node): void => {
    if (isFunction(node)) return;
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isIdentifier(node.left))
      found.push({ target: node.left, value: node.right });
    ts.forEachChild(node, visit);
  };
  visit(block);
  return found;
}

/** Whether a variable that the `try` sets has another value after a failure, and the code asks it. */
function tellsSuccess({ target, value }: Assignment, checker: TS.TypeChecker): boolean {
  const declaration = checker.getSymbolAtLocation(target)?.valueDeclaration;
  if (!declaration || !ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return true;
  const references = referencesTo(declaration.name, checker).filter((reference) => !limitsRounds(reference));
  if (isLiteral(value)) return declaration.initializer?.getText() !== value.getText() && references.length > 0;
  return references.some((reference) => isTested(reference) || isTestedMember(reference) || isAlternative(reference));
}

/** Whether a value is one of several conditions of a loop: `while (!done && attempt < 5)` ends without success too. */
function limitsRounds(reference: TS.Identifier): boolean {
  const loop = loopAround(reference);
  const condition = loop && conditionOf(loop);
  return condition !== undefined && isWithin(reference, condition) && condition.getText().includes('&&');
}

function isLiteral(node: TS.Expression): boolean {
  const { kind } = unwrap(node);
  return (
    ts.isLiteralExpression(unwrap(node)) ||
    kind === ts.SyntaxKind.TrueKeyword ||
    kind === ts.SyntaxKind.FalseKeyword ||
    kind === ts.SyntaxKind.NullKeyword
  );
}

/** `if (rows.length === 0)` */
function isTestedMember(node: TS.Expression): boolean {
  const { parent } = node;
  return ts.isPropertyAccessExpression(parent) && parent.expression === node && isTested(parent);
}

/** `rows ?? fallback` */
function isAlternative(node: TS.Expression): boolean {
  const { parent } = node;
  const operators = [ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.BarBarToken];
  return (
    ts.isBinaryExpression(parent) && parent.left === node && operators.includes(parent.operatorToken.kind) && !isEmptyValue(parent.right)
  );
}
