import type { ts as TS } from 'ts-morph';
import type { Span } from '../finding.js';
import type { ClientConstructor } from './clients.js';
import type { Calls } from './flow/calls.js';
import { type Routine, routineOf, unwrap } from './syntax.js';
import { ts } from './typescript.js';

/** A place where a ClickHouse client comes into being. */
export interface Construction {
  /** The callee, with `new` where it stands: the smallest text that is wrong in the wrong place. */
  readonly span: Span;
  readonly constructor: ClientConstructor;
  readonly routine: Routine;
}

/** Every construction in the slice: calls that run a client constructor, and constructors handed to code out of sight. */
export function findConstructions(calls: Calls): Construction[] {
  const called = calls.sites.flatMap(({ node, constructors, caller }) =>
    [...constructors].slice(0, 1).map((constructor) => ({ span: calleeSpan(node), constructor, routine: caller })),
  );
  const handed = calls.handed.map(({ node, constructor }) => ({ span: spanBetween(node, node), constructor, routine: routineOf(node) }));
  return [...called, ...handed].sort((a, b) => (a.span.file < b.span.file ? -1 : a.span.file > b.span.file ? 1 : a.span.start - b.span.start));
}

function calleeSpan(node: TS.Node): Span {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return spanBetween(node, unwrap(node.expression));
  return spanBetween(node, node);
}

function spanBetween(first: TS.Node, last: TS.Node): Span {
  const source = first.getSourceFile();
  return { file: source.fileName, start: first.getStart(source), end: last.getEnd() };
}
