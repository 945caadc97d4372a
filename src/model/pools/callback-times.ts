import type { ts as TS } from 'ts-morph';
import { calledName, isCall } from '../dataflow/normalize-call.js';
import { memberAccess, unwrap } from '../typescript/syntax.js';

/** Callees that only store or schedule a callback. */
const deferring =
  /^(?:setTimeout|setInterval|setImmediate|queueMicrotask|nextTick|on|once|addListener|addEventListener|prependListener|prependOnceListener|subscribe|schedule|after|finalizationRegistry)$/;

/** Callees that run a callback and drop its promise. */
const dropping = /^(?:forEach|emit\w*|dispatchEvent|publish|next|some|every|find|findIndex|filter|sort|toSorted)$/;

/** Whether a call runs the callbacks that are written as its arguments before its result is there. */
export function runsCallbacksInline(node: TS.Node): boolean {
  const name = isCall(node) ? calledName(unwrap(node.expression)) : undefined;
  return name === undefined || !deferring.test(name);
}

/** Whether the result of a call waits for the promises of the callbacks that it runs. */
export function waitsForCallbacks(node: TS.Node): boolean {
  const callee = isCall(node) ? unwrap(node.expression) : undefined;
  const name = callee && calledName(callee);
  if (name === undefined || callee === undefined) return true;
  if (!memberAccess(callee)) return !deferring.test(name);
  return !deferring.test(name) && !(dropping.test(name) && name !== 'emitAsync');
}
