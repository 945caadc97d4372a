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
      .map((constructor) => ({ span: calleeSpan(site.node), constructor, name: nameOf(constructor, site.node), callable: site.caller })),
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

function passesClient({ arguments: args }: CallSite, { existing }: ClientConstructor, checker: TS.TypeChecker): boolean {
  const [options] = existing.length > 0 ? (args ?? []) : [];
  if (!options) return false;
  const type = checker.getTypeAtLocation(options);
  return existing.some((option) => type.getProperty(option) !== undefined);
}
