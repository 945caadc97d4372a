import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';
import type { ResultKind } from './client-calls.js';

/** The kind of a followed value: a result, a part of it, an iterator or a reader of its stream, or an array of these. */
export type ReadKind = ResultKind | 'iterator' | 'reader' | { readonly of: ReadKind };

/**
 * The effect of using a member. `none`: nothing is read. `each`: a callback receives the elements. An object: the search goes on with the
 * member, or with the result of its call.
 */
export type MemberEffect = 'read' | 'none' | 'each' | { readonly of: 'call' | 'member'; readonly kind: ReadKind };

/** Members that tell about a result and read nothing of it. */
const descriptions = /^(?:query_id|response_headers|summary|http_status_code|format|constructor)$/;

const streamDescriptions = /^(?:destroyed|readable\w*|closed|errored)$/;

/** Methods of a stream that return it and read nothing. */
const chaining = /^(?:on|once|addListener|prependListener|prependOnceListener|off|removeListener|setMaxListeners|setEncoding|pause)$/;

/** Returns the effect of a member of a value. `access` and `call` are undefined in a destructuring pattern. */
export function memberEffect(
  kind: ReadKind,
  name: string | undefined,
  access: TS.Expression | undefined,
  call: TS.CallExpression | undefined,
): MemberEffect {
  if (name === undefined) return typeof kind === 'object' && access ? { of: 'member', kind: kind.of } : 'read';
  if (typeof kind === 'object') return arrayEffect(kind.of, name, call);
  switch (kind) {
    case 'result':
      if (name === 'stream') return { of: 'call', kind: 'stream' };
      return descriptions.test(name) ? 'none' : 'read';
    case 'exec':
      if (name === 'stream') return { of: 'member', kind: 'stream' };
      return descriptions.test(name) ? 'none' : 'read';
    case 'stream':
      return streamEffect(name, call);
    case 'reader':
      return /^(?:closed|releaseLock)$/.test(name) ? 'none' : 'read';
    case 'iterator':
      return name === 'next' && !(access && isInLoop(access)) ? 'none' : 'read';
  }
}

function streamEffect(name: string, call: TS.CallExpression | undefined): MemberEffect {
  if (streamDescriptions.test(name)) return 'none';
  if (name === 'getReader') return { of: 'call', kind: 'reader' };
  if (name === '@@asyncIterator') return { of: 'call', kind: 'iterator' };
  if (!call || !chaining.test(name)) return 'read';
  const [event, handler] = call.arguments;
  const isEvent = /^(?:on|once|\w*[lL]istener)$/.test(name);
  if (isEvent && (!event || !ts.isStringLiteralLike(event) || event.text === 'data')) return 'read';
  // A handler of `readable` reads by itself, if it does.
  const isReading = event && ts.isStringLiteralLike(event) && event.text === 'readable';
  if (isReading && (!handler || !isInline(handler) || /\.\s*read\s*\(/.test(handler.getText()))) return 'read';
  return { of: 'call', kind: 'stream' };
}

function arrayEffect(element: ReadKind, name: string, call: TS.CallExpression | undefined): MemberEffect {
  if (name === 'length') return 'none';
  if (/^(?:at|find|pop|shift)$/.test(name) && call) return { of: 'call', kind: element };
  if (/^\d+$/.test(name)) return { of: 'member', kind: element };
  return call && /^(?:map|forEach|some|every|flatMap|filter)$/.test(name) ? 'each' : 'read';
}

function isInline(node: TS.Expression): boolean {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

function isInLoop(node: TS.Node): boolean {
  return ts.findAncestor(node, (parent) => ts.isIterationStatement(parent, false)) !== undefined;
}
