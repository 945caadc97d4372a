import type { ts as TS } from 'ts-morph';
import type { Span } from '../../findings/finding.js';
import { callableName, isFunction, memberAccess, spanOf, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { type AnswerSearch, isAbsenceActedOn, isAbsentResultActedOn } from './absent-answers.js';
import { type Handling, inlineHandler, isNamedNoop, judgeHandler } from './error-handlers.js';
import { FailingCalls, type FailingCall, isAwaitedWithin, throwsIn } from './failing-calls.js';
import { ignoresPing, ignoresRejected } from './ignored-answers.js';
import { isHandledAfter } from './after-try.js';
import { isRepeatedUntilSuccess } from './loops.js';
import type { StatementCode } from './statement-code.js';

/** A failure of a statement of which no other code can know. */
export interface SwallowedError {
  readonly span: Span;
  /** How it is lost: by a handler, by a callback that ignores its error, by an answer that is not looked at, by `return` in `finally`. */
  readonly by: 'handler' | 'callback' | 'settled' | 'ping' | 'finally';
  /** The callee of a call that can fail: `clickhouse.insert`. */
  readonly call: string;
  /** The value that the function answers with; undefined if it goes on. */
  readonly answer: string | undefined;
}

/** Returns the failures that are lost, sorted by position. Tests are not judged. The model's `swallowedErrors` calls it. */
export function findSwallowedErrors({ sources, checker, calls, isTest }: StatementCode): SwallowedError[] {
  const failing = new FailingCalls(sources, checker, calls);
  const search: AnswerSearch = { checker, callersOf: (callable) => failing.callersOf(callable) };
  const found: SwallowedError[] = [];
  const add = (node: TS.Node, by: SwallowedError['by'], call: TS.CallExpression, answer?: string): void =>
    void found.push({ span: spanOf(node), by, call: nameOf(call), answer });
  const addDropped = (node: TS.Node, first: FailingCall, handling: Handling): void => {
    if (handling.kind === 'dropped') add(node, 'handler', first.node, handling.answer);
  };
  for (const source of sources.filter(({ fileName }) => !isTest(fileName))) {
    const visit = (node: TS.Node): void => {
      if (ts.isTryStatement(node)) judgeTry(node, failing, search, add, addDropped);
      else if (ts.isCallExpression(node)) judgeCall(node);
      ts.forEachChild(node, visit);
    };
    const judgeCall = (node: TS.CallExpression): void => {
      const member = memberAccess(node.expression);
      const handler = member?.name === 'catch' ? node.arguments[0] : member?.name === 'then' ? node.arguments[1] : undefined;
      if (member && handler) {
        const [first] = judgeable(failingIn(member.object, failing));
        const handling = handlingOf(handler, checker);
        if (first && !isCleanup(node) && handling.kind === 'dropped') {
          const isAsked = handling.isAbsent && isAbsenceActedOn(node, member.object, search);
          if (!isAsked) addDropped(member.key, first, handling);
        }
      }
      if (node.expression.getText() === 'Promise.allSettled') {
        const [first] = judgeable(node.arguments.flatMap((argument) => failing.within(argument)));
        if (first && ignoresRejected(node, checker)) add(node.expression, 'settled', first.node);
      }
      const client = calls.of(node);
      if (client?.method === 'ping' && ignoresPing(node)) add(node.expression, 'ping', node);
      else if (client) {
        const callback = inlineHandler(node.arguments.at(-1));
        if (node.arguments.length > 1 && callback && ignoresError(callback)) add(node.expression, 'callback', node);
      }
    };
    visit(source);
  }
  return found.sort((a, b) => (a.span.file < b.span.file ? -1 : a.span.file > b.span.file ? 1 : a.span.start - b.span.start));
}

function judgeTry(
  node: TS.TryStatement,
  failing: FailingCalls,
  search: AnswerSearch,
  add: (node: TS.Node, by: SwallowedError['by'], call: TS.CallExpression) => void,
  addDropped: (node: TS.Node, first: FailingCall, handling: Handling) => void,
): void {
  const [first] = judgeable(failing.within(node.tryBlock).filter((call) => isAwaitedWithin(call.node, node.tryBlock)));
  if (!first || isCleanup(node)) return;
  const returned = node.finallyBlock && returnIn(node.finallyBlock);
  if (returned && (!node.catchClause || throwsIn(node.catchClause))) add(returned, 'finally', first.node);
  if (!node.catchClause) return;
  const { variableDeclaration, block } = node.catchClause;
  const handling = judgeHandler(block, variableDeclaration?.name, search.checker);
  if (handling.kind === 'handled' || (handling.goesOn && isHandledAfter(node, search.checker))) return;
  if (isRepeatedUntilSuccess(node, first.node) || (handling.isAbsent && isAbsentResultActedOn(node, search))) return;
  const keyword = node.catchClause.getFirstToken() ?? node.catchClause;
  addDropped(keyword, first, handling);
}

function handlingOf(handler: TS.Expression, checker: TS.TypeChecker): Handling {
  const inline = inlineHandler(handler);
  if (inline) return judgeHandler(inline.body, inline.parameters[0]?.name, checker);
  return isNamedNoop(handler) ? { kind: 'dropped', answer: undefined, isAbsent: true, goesOn: false } : { kind: 'handled' };
}

/** The failing calls of a promise that a handler is on: the chain before it, and the promises that are combined in it. */
function failingIn(promise: TS.Expression, failing: FailingCalls): FailingCall[] {
  const value = unwrap(promise);
  const own = failing.of(value);
  if (own) return [own];
  if (!ts.isCallExpression(value)) return [];
  const member = memberAccess(value.expression);
  if (member?.name === 'catch' || (member?.name === 'then' && value.arguments.length > 1)) return [];
  if (member?.name === 'then' || member?.name === 'finally') {
    const before = failingIn(member.object, failing);
    return before.length > 0 ? before : value.arguments.flatMap((argument) => failing.within(argument));
  }
  if (/^Promise\.(?:all|race|any)$/.test(value.expression.getText()))
    return value.arguments.flatMap((argument) => failing.within(argument));
  const callee = unwrap(value.expression);
  return isFunction(callee) ? failing.within(callee) : [];
}

/** Statements that only clean up may fail: no caller waits for their effect. */
function judgeable(calls: readonly FailingCall[]): readonly FailingCall[] {
  const isCleaning = ({ client }: FailingCall): boolean => /^\s*(?:DROP|KILL|DETACH)\b/i.test(client?.sql ?? '');
  return calls.every(isCleaning) ? [] : calls;
}

const cleanupName =
  /^(?:close|shutdown|destroy|dispose|tear_?down|clean_?up|release|rollback|drop|disconnect|onModuleDestroy|onApplicationShutdown)/i;

function isCleanup(node: TS.Node): boolean {
  const around = ts.findAncestor(node, isFunction);
  return around !== undefined && cleanupName.test(callableName(around).split('.').at(-1) ?? '');
}

/** A client with callbacks passes the error first. */
function ignoresError({ parameters, body }: TS.ArrowFunction | TS.FunctionExpression): boolean {
  const [error] = parameters;
  if (!error || !ts.isIdentifier(error.name)) return false;
  const { text } = error.name;
  const mentions = (node: TS.Node): boolean => (ts.isIdentifier(node) && node.text === text) || (ts.forEachChild(node, mentions) ?? false);
  return /^(?:_?e|_?err|_?error)$/i.test(text) && !mentions(body);
}

function returnIn(block: TS.Node): TS.ReturnStatement | undefined {
  const visit = (node: TS.Node): TS.ReturnStatement | undefined => {
    if (ts.isReturnStatement(node)) return node;
    return isFunction(node) ? undefined : ts.forEachChild(node, visit);
  };
  return ts.forEachChild(block, visit);
}

const maxName = 40;

function nameOf({ expression }: TS.CallExpression): string {
  const text = expression.getText().replace(/\s+/g, '');
  return text.length <= maxName ? text : (memberAccess(expression)?.name ?? text.slice(0, maxName));
}
