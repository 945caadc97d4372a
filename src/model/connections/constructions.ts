import type { ts as TS } from 'ts-morph';
import type { Span } from '../../findings/finding.js';
import type { ClientConstructor } from '../clients/client-packages.js';
import type { CallSite } from '../dataflow/call-sites.js';
import type { EscapedConstructor } from '../dataflow/external-calls.js';
import { ts } from '../typescript/load-ts-morph.js';
import { calleeSpan, type Callable, callableOf, spanOf, unwrap } from '../typescript/syntax.js';

/** A place in the code that constructs a ClickHouse client. */
export interface Construction {
  /** The callee, with `new` if there is one; of an escaped constructor the expression that passes it. */
  readonly span: Span;
  /** The package and the export that construct. */
  readonly constructor: ClientConstructor;
  /** The constructor as the code names it: of a default import the local name, else the name of the export. */
  readonly name: string;
  /** The callable whose run constructs. */
  readonly callable: Callable;
}

/**
 * Returns each construction in the slice, sorted by position: calls that run a client constructor, and constructors that are passed to
 * code outside the slice. `buildModel` calls it.
 */
export function findConstructions(sites: readonly CallSite[], escaped: readonly EscapedConstructor[]): Construction[] {
  const called = sites.flatMap(({ node, constructors, caller }) =>
    [...constructors]
      .slice(0, 1)
      .map((constructor) => ({ span: calleeSpan(node), constructor, name: nameOf(constructor, node), callable: caller })),
  );
  const passed = escaped.map(({ node, constructor }) => ({
    span: spanOf(node),
    constructor,
    name: nameOf(constructor, node),
    callable: callableOf(node),
  }));
  return [...called, ...passed].sort((a, b) =>
    a.span.file < b.span.file ? -1 : a.span.file > b.span.file ? 1 : a.span.start - b.span.start,
  );
}

/** A reader does not find `default` in the code. */
function nameOf({ name }: ClientConstructor, node: TS.Node): string {
  const callee = ts.isCallExpression(node) || ts.isNewExpression(node) ? unwrap(node.expression) : node;
  return name === 'default' && ts.isIdentifier(callee) ? callee.text : name;
}
