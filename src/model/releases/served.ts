import { calledName, isCall } from '../dataflow/normalize-call.js';
import { type Callable, isFunction, memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isExported } from './exports.js';

/** Names of exports that a host runs for each request or event. */
const handlerNames = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|handler|loader|action|getServerSideProps)$/;

/** Callees that run their callback for each request, message or tick. */
const servingCallees = /^(?:get|post|put|patch|delete|all|setInterval|eachMessage|eachBatch|schedule)$/;

/** Events that occur again and again. */
const repeatedEvents = /^(?:connection|request|message|data|session|stream)$/;

/** Whether the code shows that the function runs for each request or event. */
export function isServed(callable: Callable): boolean {
  if (!isFunction(callable)) return false;
  const { parent } = callable;
  if (isCall(parent) && parent.expression !== callable) {
    const name = calledName(unwrap(parent.expression)) ?? '';
    const [event] = parent.arguments ?? [];
    const isEvent = event !== undefined && ts.isStringLiteralLike(event) && repeatedEvents.test(event.text);
    return servingCallees.test(name) || (/^(?:on|addListener|addEventListener)$/.test(name) && isEvent);
  }
  if (ts.isPropertyAssignment(parent)) return /^each(?:Message|Batch)$/.test(staticName(parent.name) ?? '');
  const assigned = ts.isBinaryExpression(parent) && parent.right === callable ? memberAccess(parent.left)?.name : undefined;
  const name = ts.isVariableDeclaration(parent) ? staticName(parent.name) : (assigned ?? staticName(callable.name));
  return handlerNames.test(name ?? '') && isExported(callable);
}
