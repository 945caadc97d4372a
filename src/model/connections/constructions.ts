import type { ts as TS } from 'ts-morph';
import type { Span } from '../../findings/finding.js';
import type { ClientConstructor } from '../clients/client-packages.js';
import type { CallSite } from '../dataflow/call-sites.js';
import type { EscapedConstructor } from '../dataflow/external-calls.js';
import { calleeSpan, type Callable, callableOf, spanOf } from '../typescript/syntax.js';

/** A place in the code that constructs a ClickHouse client. */
export interface Construction {
  /** The callee, with `new` if there is one; of an escaped constructor the expression that passes it. */
  readonly span: Span;
  /** The package and the export that construct. */
  readonly constructor: ClientConstructor;
  /** The callable whose run constructs. */
  readonly callable: Callable;
}

/**
 * Returns each construction in the slice, sorted by position: calls that run a client constructor, and constructors that are passed to
 * code outside the slice. A call that passes an existing client constructs none. `buildModel` calls it.
 */
export function findConstructions(
  sites: readonly CallSite[],
  escaped: readonly EscapedConstructor[],
  checker: TS.TypeChecker,
): Construction[] {
  const called = sites.flatMap((site) =>
    [...site.constructors]
      .filter((constructor) => !passesClient(site, constructor, checker))
      .slice(0, 1)
      .map((constructor) => ({ span: calleeSpan(site.node), constructor, callable: site.caller })),
  );
  const passed = escaped.map(({ node, constructor }) => ({ span: spanOf(node), constructor, callable: callableOf(node) }));
  return [...called, ...passed].sort((a, b) =>
    a.span.file < b.span.file ? -1 : a.span.file > b.span.file ? 1 : a.span.start - b.span.start,
  );
}

function passesClient({ arguments: args }: CallSite, { existing }: ClientConstructor, checker: TS.TypeChecker): boolean {
  const [options] = existing.length > 0 ? (args ?? []) : [];
  if (!options) return false;
  const type = checker.getTypeAtLocation(options);
  return existing.some((option) => type.getProperty(option) !== undefined);
}
