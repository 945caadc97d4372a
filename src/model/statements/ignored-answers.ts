import type { ts as TS } from 'ts-morph';
import { callableName, isComparison, isFunction, isWrapped, memberAccess } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { inlineHandler } from './error-handlers.js';
import { referencesTo } from './references.js';

/** Functions that say whether a server is there. */
const checks = /health|ready|readiness|alive|liveness|status|check|ping|connect|reachable|isUp/i;

/**
 * Whether the answer of a ping is dropped where it decides something: in a `try`, or in a function that says whether the server is there. A
 * ping that only opens a connection is none.
 */
export function ignoresPing(call: TS.CallExpression): boolean {
  let value: TS.Node = call;
  while (isWrapped(value.parent)) value = value.parent;
  const around = ts.findAncestor(call, isFunction);
  const isCheck = around !== undefined && checks.test(callableName(around));
  if (isCheck && isReplaced(value)) return true;
  if (!ts.isExpressionStatement(value.parent) || value === call) return false;
  const tried = ts.findAncestor(
    call,
    (node) => node === around || (ts.isBlock(node) && ts.isTryStatement(node.parent) && node.parent.tryBlock === node),
  );
  const isTried = tried !== undefined && tried !== around && ts.isTryStatement(tried.parent) && tried.parent.catchClause !== undefined;
  return isTried || (isCheck && answersAfter(value.parent));
}

/** `ping().then(() => true)` */
function isReplaced(ping: TS.Node): boolean {
  const member = memberAccess(ping.parent);
  const call = ping.parent.parent;
  if (member?.object !== ping || member.name !== 'then' || !ts.isCallExpression(call)) return false;
  return inlineHandler(call.arguments[0])?.parameters.length === 0;
}

/** Whether a function answers something after a statement. */
function answersAfter(statement: TS.Statement): boolean {
  const block = statement.parent;
  if (!ts.isBlock(block)) return false;
  return block.statements
    .slice(block.statements.indexOf(statement) + 1)
    .some((later) => ts.isReturnStatement(later) && later.expression !== undefined);
}

/** Whether nothing looks at the rejected results of `Promise.allSettled`. */
export function ignoresRejected(call: TS.CallExpression, checker: TS.TypeChecker): boolean {
  let value: TS.Node = call;
  while (isWrapped(value.parent)) value = value.parent;
  const { parent } = value;
  if (ts.isExpressionStatement(parent)) return true;
  const member = memberAccess(parent);
  if (member?.object === value) return ignores(value as TS.Expression, checker);
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return false;
  const references = referencesTo(parent.name, checker);
  return references.every((reference) => ignores(reference, checker));
}

/** Whether a use of settled results looks at none of the rejected ones: their number, or the fulfilled ones alone. */
function ignores(results: TS.Expression, checker: TS.TypeChecker): boolean {
  const member = memberAccess(results.parent);
  if (member?.object !== results) return ts.isForOfStatement(results.parent) && isAboutFulfilled(results.parent.statement);
  if (member.name === 'length') return !isCompared(results.parent);
  const call = results.parent.parent;
  if (!ts.isCallExpression(call) || call.expression !== results.parent) return false;
  const handler = inlineHandler(call.arguments[0]);
  if (!handler) return false;
  if (/^(?:filter|map|flatMap|forEach|reduce)$/.test(member.name ?? '')) return isAboutFulfilled(handler.body) && !isCounted(call, checker);
  return false;
}

/** Whether a number is compared, or subtracted from another one. */
function isCompared({ parent }: TS.Node): boolean {
  return isComparison(parent) || (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.MinusToken);
}

/** Whether the number of the results that are left is compared: then a rejected one is noticed. */
function isCounted(results: TS.Node, checker: TS.TypeChecker): boolean {
  const { parent } = results;
  if (memberAccess(parent)?.name === 'length') return isCompared(parent) || isCounted(parent, checker);
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return false;
  return referencesTo(parent.name, checker).some(
    (reference) => isCompared(reference) || (memberAccess(reference.parent)?.name === 'length' && isCompared(reference.parent)),
  );
}

/** Whether code takes the fulfilled results and gives nothing for the others. */
function isAboutFulfilled(node: TS.Node): boolean {
  const text = node.getText();
  if (!/['"`]fulfilled['"`]/.test(text) || /rejected|reason|!==?\s*['"`]fulfilled|\belse\b|\bthrow\b/.test(text)) return false;
  const [, , otherwise] = /\?([^?:]*):\s*([^,;)]*)/.exec(text) ?? [];
  return otherwise === undefined || /^(?:\[\s*\]|null|undefined|0|''|"")\s*$/.test(otherwise.trim());
}
