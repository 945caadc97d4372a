import type { ts as TS } from 'ts-morph';
import { isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isEmptyValue, tellsFailure } from './empty-values.js';
import { referencesTo } from './references.js';

/** The effect of a handler on the failure that it receives. Code that is not understood counts as `handled`. */
export type Handling =
  | { readonly kind: 'handled' }
  /** Nothing tells of the failure. `answer`: the value that the function answers with; undefined if it goes on, or answers nothing. */
  | { readonly kind: 'dropped'; readonly answer: string | undefined };

const handled: Handling = { kind: 'handled' };

/** Comments that give the reason for a best effort. */
const bestEffort =
  /best[ -]?effort|ignor|optional|expected|may (?:not|already)|might (?:not|already)|does ?n[o']t matter|on purpose|intentional|deliberate|non[ -]?(?:critical|fatal|blocking)|not (?:critical|fatal|worth)|fall ?back|swallow|fail[ -]?open|safe to|already (?:exists|gone|dropped)|(?:is|are|'s) (?:fine|ok|okay)\b/i;

const logger = /(?:^|\.)(?:console|log|logger|\w*Log|\w*Logger|logging)(?:\.\w+|\(\))*\.(\w+)$/;

/** Levels of a log that are off in production, or that no alert reads. */
const quietLevels = /^(?:debug|trace|verbose|silly)$/;
const quietConsole = /^console\.(?:log|debug|info|trace|dir)$/;

/** Functions that wait, and callbacks that tell their caller that all is well if they get nothing. */
const waits = /(?:^|\.)(?:sleep|delay|wait|setTimeout)$/i;
const callbacks = /^(?:done|next|cb|callback|resolve|ack|\w*Callback)$/;

/** Answers to a request with a status of success: `res.json(…)`, `res.status(202).send(…)`, `Response.json(…)`. */
const successResponse =
  /^(?:(?:res|reply|response)(?:\.(?:status|code)\(20\d\))?\.(?:json|send)|(?:c|ctx|context)\.json|(?:Next)?Response\.json)$/;

/** Judges the body of a `catch` or of a function that handles a rejection. `name` is the variable of the error. */
export function judgeHandler(body: TS.Block | TS.Expression, name: TS.BindingName | undefined, checker: TS.TypeChecker): Handling {
  if (isExplained(body)) return handled;
  if (name && !ts.isIdentifier(name)) return handled;
  if (name && referencesTo(name, checker).some((reference) => isInside(reference, body) && tells(reference, checker))) return handled;
  if (!ts.isBlock(body)) return isQuietCall(body) || isEmptyValue(body) ? { kind: 'dropped', answer: answerText(body) } : handled;
  const returned: TS.Expression[] = [];
  const isDropped = (node: TS.Node): boolean => {
    if (ts.isThrowStatement(node) || ts.isYieldExpression(node)) return false;
    if (ts.isReturnStatement(node)) {
      if (node.expression) returned.push(node.expression);
      return !node.expression || isEmptyValue(node.expression) || isQuietCall(node.expression);
    }
    if (ts.isExpressionStatement(node)) return isQuiet(node.expression);
    if (ts.isVariableDeclaration(node)) return !node.initializer || isQuietValue(node.initializer);
    return !ts.forEachChild(node, (child) => !isDropped(child));
  };
  if (!isDropped(body)) return handled;
  return { kind: 'dropped', answer: returned[0] && answerText(returned[0]) };
}

function answerText(node: TS.Expression): string | undefined {
  const text = node.getText().replace(/\s+/g, ' ');
  return ts.isCallExpression(unwrap(node)) || text === '{}' ? undefined : text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** Whether a use of the error tells of it: other than in a quiet log, a test, or a variable that nothing reads. */
function tells(reference: TS.Identifier, checker: TS.TypeChecker): boolean {
  let node: TS.Expression = reference;
  for (;;) {
    const { parent } = node;
    if (ts.isCallExpression(parent) && parent.expression !== node) return !isQuietLog(parent);
    if (ts.isVoidExpression(parent) || ts.isExpressionStatement(parent) || ts.isIfStatement(parent)) return false;
    if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && parent.right === node)
      return !ts.isIdentifier(parent.left) || isReadElsewhere(parent.left, checker);
    if (!ts.isExpression(parent) && !ts.isTemplateSpan(parent) && !ts.isObjectLiteralElement(parent))
      return !ts.isVariableDeclaration(parent);
    node = parent as TS.Expression;
  }
}

const errorNames = /^(?:e|ex|err|error|cause|reason|failure|exception)$/i;

function isReadElsewhere(variable: TS.Identifier, checker: TS.TypeChecker): boolean {
  const declaration = checker.getSymbolAtLocation(variable)?.valueDeclaration;
  if (!declaration || !ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return true;
  return referencesTo(declaration.name, checker).some(({ parent }) => !(ts.isCallExpression(parent) && isQuietLog(parent)));
}

/** Whether an expression tells nothing of a failure: a log without the error, a wait, a callback with nothing, an empty assignment. */
function isQuiet(expression: TS.Expression): boolean {
  const value = unwrap(expression);
  if (ts.isVoidExpression(value)) return isQuiet(value.expression);
  if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    if (tellsFailure(memberAccess(value.left)?.name ?? value.left.getText(), value.right)) return false;
    // Where the error is assigned, `tells` has looked for a reader.
    return isEmptyValue(value.right) || errorNames.test(value.right.getText());
  }
  return isQuietCall(value) || (ts.isNewExpression(value) ? isSleep(value) : isQuietValue(value));
}

/** Whether a call, which may be answered with, tells nothing of a failure. */
function isQuietCall(expression: TS.Expression): boolean {
  const value = unwrap(expression);
  if (ts.isVoidExpression(value)) return isQuietCall(value.expression);
  if (!ts.isCallExpression(value)) return false;
  const callee = value.expression.getText();
  if (callee === 'setTimeout' && doesWork(value.arguments[0])) return false;
  return (
    logger.test(callee) ||
    waits.test(callee) ||
    ((callbacks.test(callee) || successResponse.test(callee)) && value.arguments.every(isEmptyValue))
  );
}

/** Whether a timer does the work again, and does not only end a wait. */
function doesWork(callback: TS.Expression | undefined): boolean {
  const body = inlineHandler(callback)?.body;
  const visit = (node: TS.Node): boolean =>
    (ts.isCallExpression(node) && !isQuietCall(node)) || (ts.forEachChild(node, (child) => (visit(child) ? true : undefined)) ?? false);
  return body !== undefined && visit(body);
}

function isQuietValue(node: TS.Expression): boolean {
  const value = unwrap(node);
  return ts.isIdentifier(value) || ts.isLiteralExpression(value) || isEmptyValue(value) || isTextOfError(value);
}

/** `error instanceof Error ? error.message : String(error)`, for a log. */
function isTextOfError(value: TS.Expression): boolean {
  return ts.isConditionalExpression(value) && value.whenTrue.getText().endsWith('.message');
}

/** `new Promise((resolve) => setTimeout(resolve, 100))` */
function isSleep(node: TS.NewExpression): boolean {
  const [executor] = node.arguments ?? [];
  return (
    node.expression.getText() === 'Promise' && executor !== undefined && isFunction(executor) && executor.getText().includes('setTimeout')
  );
}

function isQuietLog(call: TS.CallExpression): boolean {
  return isQuietLogName(call.expression.getText());
}

function isQuietLogName(callee: string): boolean {
  const [, level] = logger.exec(callee) ?? [];
  return quietConsole.test(callee) || (level !== undefined && quietLevels.test(level));
}

function isInside(node: TS.Node, outer: TS.Node): boolean {
  return node.pos >= outer.pos && node.end <= outer.end;
}

/** A comment of so many words explains why the failure may be dropped. */
const wordsOfReason = 8;

function isExplained(body: TS.Node): boolean {
  const comments = commentsIn(body);
  return bestEffort.test(comments) || (comments.match(/[a-z]{2,}/gi)?.length ?? 0) >= wordsOfReason;
}

function commentsIn(node: TS.Node): string {
  const text = node.getFullText();
  return [...text.matchAll(/\/\/[^\n]*|\/\*[^]*?\*\//g)].map(([comment]) => comment).join('\n');
}

/** Returns the inline function that a handler is; undefined for a name. */
export function inlineHandler(node: TS.Expression | undefined): TS.ArrowFunction | TS.FunctionExpression | undefined {
  const value = node && unwrap(node);
  return value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) ? value : undefined;
}

/** Whether a handler that is only named drops each failure: `noop`, `console.log`. */
export function isNamedNoop(node: TS.Expression): boolean {
  const callee = node.getText();
  return /(?:^|\.)noop$/.test(callee) || isQuietLogName(callee);
}
