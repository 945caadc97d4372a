import type { Span } from '../../findings/finding.js';
import type { ClientConstructor } from '../clients/client-packages.js';
import type { CallSite } from '../dataflow/call-sites.js';
import type { EscapedConstructor } from '../dataflow/external-calls.js';
import { calleeSpan, type Callable, callableOf, spanOf } from '../typescript/syntax.js';

/** A place where a ClickHouse client comes into being. */
export interface Construction {
  /** The callee, with `new` where it stands: the smallest text that is wrong in the wrong place. */
  readonly span: Span;
  readonly constructor: ClientConstructor;
  readonly callable: Callable;
}

/** Every construction in the slice: calls that run a client constructor, and constructors handed to code out of sight. */
export function findConstructions(sites: readonly CallSite[], handedOver: readonly EscapedConstructor[]): Construction[] {
  const called = sites.flatMap(({ node, constructors, caller }) =>
    [...constructors].slice(0, 1).map((constructor) => ({ span: calleeSpan(node), constructor, callable: caller })),
  );
  const escaped = handedOver.map(({ node, constructor }) => ({ span: spanOf(node), constructor, callable: callableOf(node) }));
  return [...called, ...escaped].sort((a, b) =>
    a.span.file < b.span.file ? -1 : a.span.file > b.span.file ? 1 : a.span.start - b.span.start,
  );
}
