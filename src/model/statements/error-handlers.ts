import type { ts as TS } from 'ts-morph';
import { callableName, isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isEmptyValue } from './empty-values.js';
import { isQuietAssignment } from './quiet-assignments.js';
import { referencesTo } from './references.js';

/** The effect of a handler on the failure that it receives. Code that is not understood counts as `handled`. */
export type Handling =
  | { readonly kind: 'handled' }
  /** Nothing tells of the failure. */
  | {
      readonly kind: 'dropped';
      /** The value that the function answers with; undefined if it goes on, or answers nothing. */
      readonly answer: string | undefined;
      /** Whether each answer is `null` or `undefined`. */
      readonly isAbsent: boolean;
      /** Whether the code behind a `try` runs after the handler. */
      readonly goesOn: boolean;
    };

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

/** Answers to a request with a status of success: `res.json(…)`, `res.status(202).send(…)`, `res.end()`, `Response.json(…)`. */
const successResponse =
  /^(?:(?:res|reply|response)(?:\.(?:status|code|writeHead)\(20\d\))?\.(?:json|send|end)|(?:c|ctx|context)\.(?:json|text)|(?:Next)?Response\.json)$/;

/** Calls that set a status of success, or that end the process with it. */
const setsStatus = /^(?:res|reply|response)\.(?:sendStatus|status|code|writeHead)$/;
const endsProcess = /^process\.exit$/;

/** Judges the body of a `catch` or of a function that handles a rejection. `name` is the variable of the error. */
export function judgeHandler(body: TS.Block | TS.Expression, name: TS.BindingName | undefined, checker: TS.TypeChecker): Handling {
  if (isExplained(body)) return handled;
  if (name && !ts.isIdentifier(name)) return handled;
  if (name && referencesTo(name, checker).some((reference) => isInside(reference, body) && tells(reference, checker))) return handled;
  const answers: (TS.Expression | undefined)[] = [];
  let repeats: 'always' | 'sometimes' | undefined;
  const isDroppedAnswer = (value: TS.Expression): boolean => {
    const answer = unwrap(value);
    if (ts.isConditionalExpression(answer)) return isDroppedAnswer(answer.whenTrue) && isDroppedAnswer(answer.whenFalse);
    if (isAgain(answer)) {
      repeats = isConditional(answer, body) ? (repeats ?? 'sometimes') : 'always';
      return true;
    }
    answers.push(value);
    return isEmptyValue(answer) || isQuietCall(answer);
  };
  const isDropped = (node: TS.Node): boolean => {
    if (ts.isThrowStatement(node) || ts.isYieldExpression(node)) return false;
    if (ts.isReturnStatement(node)) {
      if (!node.expression) answers.push(undefined);
      return !node.expression || isDroppedAnswer(node.expression);
    }
    if (ts.isExpressionStatement(node))
      return isAgain(unwrap(node.expression)) ? isDroppedAnswer(node.expression) : isQuiet(node.expression, checker);
    if (ts.isVariableDeclaration(node)) return !node.initializer || isQuietValue(node.initializer);
    return !ts.forEachChild(node, (child) => !isDropped(child));
  };
  if (!(ts.isBlock(body) ? isDropped(body) : isDroppedAnswer(body))) return handled;
  // Without a limit the work is done again until it succeeds.
  if (repeats === 'always' && answers.length === 0) return handled;
  return {
    kind: 'dropped',
    answer: answers[0] && answerText(answers[0]),
    isAbsent: repeats === undefined && answers.every((answer) => !answer || isAbsentValue(answer)),
    goesOn: answers.length === 0 && ts.isBlock(body) && repeats !== 'always',
  };
}

/** Whether a statement behind a test of an answer tells nothing of a failure. */
export function isQuietCode(node: TS.Node, checker: TS.TypeChecker): boolean {
  if (ts.isThrowStatement(node) || ts.isYieldExpression(node)) return false;
  if (ts.isReturnStatement(node)) return isEmptyValue(node.expression) || (node.expression !== undefined && isQuietCall(node.expression));
  if (ts.isExpressionStatement(node)) return isQuiet(node.expression, checker);
  if (ts.isVariableDeclaration(node)) return !node.initializer || isQuietValue(node.initializer);
  return !ts.forEachChild(node, (child) => !isQuietCode(child, checker));
}

/** `null`, `undefined`, or the result of a log. */
function isAbsentValue(node: TS.Expression): boolean {
  const value = unwrap(node);
  return (
    value.kind === ts.SyntaxKind.NullKeyword ||
    value.getText() === 'undefined' ||
    ts.isVoidExpression(value) ||
    (ts.isCallExpression(value) && isQuietCall(value))
  );
}

/** Whether an expression calls the function that it is in: `return fetchRows(query, left - 1)`. */
function isAgain(value: TS.Expression): boolean {
  if (!ts.isCallExpression(value)) return false;
  const callee = unwrap(value.expression);
  const member = memberAccess(callee);
  const name = member?.object.kind === ts.SyntaxKind.ThisKeyword ? member.name : ts.isIdentifier(callee) ? callee.text : undefined;
  return (
    name !== undefined && ts.findAncestor(value, (node) => isFunction(node) && callableName(node).split('.').at(-1) === name) !== undefined
  );
}

function isConditional(node: TS.Node, body: TS.Node): boolean {
  const around = ts.findAncestor(node, (parent) => parent === body || ts.isIfStatement(parent) || ts.isConditionalExpression(parent));
  return around !== undefined && (around !== body || ts.isConditionalExpression(around));
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

function isReadElsewhere(variable: TS.Identifier, checker: TS.TypeChecker): boolean {
  const declaration = checker.getSymbolAtLocation(variable)?.valueDeclaration;
  if (!declaration || !ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return true;
  return referencesTo(declaration.name, checker).some(({ parent }) => !(ts.isCallExpression(parent) && isQuietLog(parent)));
}

/** Whether an expression tells nothing of a failure: a log without the error, a wait, a callback with nothing, an empty assignment. */
function isQuiet(expression: TS.Expression, checker: TS.TypeChecker): boolean {
  const value = unwrap(expression);
  if (ts.isVoidExpression(value)) return isQuiet(value.expression, checker);
  const assigned = isQuietAssignment(value, { checker, isQuiet: (node) => isQuietCode(node, checker) });
  if (assigned !== undefined) return assigned;
  return isQuietCall(value) || (ts.isNewExpression(value) ? isSleep(value) : isQuietValue(value));
}

/** Whether a call, which may be answered with, tells nothing of a failure. */
export function isQuietCall(expression: TS.Expression): boolean {
  const value = unwrap(expression);
  if (ts.isVoidExpression(value)) return isQuietCall(value.expression);
  if (!ts.isCallExpression(value)) return false;
  const callee = value.expression.getText();
  if (callee === 'setTimeout' && doesWork(value.arguments[0])) return false;
  const [first] = value.arguments;
  if (endsProcess.test(callee)) return !first || isEmptyValue(first);
  return (
    logger.test(callee) ||
    waits.test(callee) ||
    (setsStatus.test(callee) && first !== undefined && /^20\d$/.test(first.getText())) ||
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
