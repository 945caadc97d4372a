import type { ts as TS } from 'ts-morph';
import type { CallGraph, CallContext, CallEdge } from '../call-graph/call-graph.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { type Acquisition, findAcquisitions, type HeldRange, heldRange, type Pool, mayBeSamePool } from './pool-acquisitions.js';
import { type Callable, callableOf, spanOf, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** An acquisition from a bounded pool while a lease of the same pool is held. */
export interface NestedAcquire {
  readonly first: Acquisition;
  /** The calls from the first acquisition to the second, both included, each with the callable that runs it. */
  readonly steps: readonly { readonly callable: Callable; readonly site: CallSite }[];
}

/** Returns the nested acquisitions, sorted by position, the shortest for each call. The model's `nestedAcquires` calls it. */
export function findNestedAcquires(sites: readonly CallSite[], graph: CallGraph, checker: TS.TypeChecker): NestedAcquire[] {
  const acquisitions = findAcquisitions(sites, checker);
  const shortest = new Map<TS.Node, NestedAcquire>();
  const add = (nested: NestedAcquire): void => {
    const { node } = nested.steps[1]?.site ?? nested.first.site;
    const earlier = shortest.get(node);
    if (!earlier || nested.steps.length < earlier.steps.length) shortest.set(node, nested);
  };
  for (const first of acquisitions.values()) {
    const range = heldRange(first);
    const start = { callable: callableOf(first.site.node), site: first.site };
    if (!range) continue;
    for (const edge of edgesWhileHeld(range, sites, graph)) {
      const path = pathToAcquisition(edge, first.pool, acquisitions, graph);
      if (path) add({ first, steps: [start, ...path] });
    }
    for (const second of acquisitions.values())
      if (isWithin(second.site.node, range) && mayBeSamePool(second.pool, first.pool))
        add({ first, steps: [start, { callable: start.callable, site: second.site }] });
  }
  return [...shortest.values()].sort((one, other) => byPlace(one.first.site.node, other.first.site.node));
}

/** The calls that run while the lease is held: those of the holding function and, if it calls a parameter, those of passed callbacks. */
function* edgesWhileHeld(range: HeldRange, sites: readonly CallSite[], graph: CallGraph): Iterable<CallEdge> {
  const holder = callableOf(range.acquisition.site.node);
  for (const edge of graph.edgesFrom(graph.contextOf(holder))) if (isWithin(edge.site.node, range)) yield edge;
  if (!graph.sitesOf(holder).some(({ node }) => isWithin(node, range) && isCallOfParameter(node, holder))) return;
  for (const site of sites)
    if (site.targets.has(holder))
      for (const callback of site.callbacks)
        yield { from: graph.contextOf(site.caller), site, to: graph.contextOf(callback), doubt: site.doubts.get(callback) };
}

/** The shortest call path that begins with `first` and ends with an acquisition from the pool. */
function pathToAcquisition(
  first: CallEdge,
  pool: Pool,
  acquisitions: ReadonlyMap<TS.Node, Acquisition>,
  graph: CallGraph,
): NestedAcquire['steps'] | undefined {
  const toStep = ({ from, site }: CallEdge) => ({ callable: from.callable, site });
  const acquires = ({ node }: CallSite) => {
    const acquisition = acquisitions.get(node);
    return acquisition !== undefined && mayBeSamePool(acquisition.pool, pool);
  };
  if (acquires(first.site)) return [toStep(first)];
  // A map may grow while it is read: this is a breadth-first search.
  const pathTo = new Map<CallContext, readonly CallEdge[]>([[first.to, [first]]]);
  for (const [context, path] of pathTo) {
    const edges = graph.edgesFrom(context);
    const isReachable = (site: CallSite) => site.targets.size === 0 || edges.some((edge) => edge.site === site);
    const second = graph.sitesOf(context.callable).find((site) => acquires(site) && isReachable(site));
    if (second) return [...path.map(toStep), { callable: context.callable, site: second }];
    for (const edge of edges) if (!pathTo.has(edge.to)) pathTo.set(edge.to, [...path, edge]);
  }
  return undefined;
}

function isWithin(node: TS.Node, { acquisition, start, end, released }: HeldRange): boolean {
  const holder = callableOf(acquisition.site.node);
  if (callableOf(node) !== holder || node.getSourceFile() !== holder.getSourceFile()) return false;
  const at = node.getStart();
  return at >= start && at < end && !released.some((part) => at >= part.start && at < part.end);
}

function isCallOfParameter(node: TS.Node, holder: Callable): boolean {
  const callee = ts.isCallExpression(node) ? unwrap(node.expression) : undefined;
  return (
    callee !== undefined &&
    ts.isIdentifier(callee) &&
    ts.isFunctionLike(holder) &&
    holder.parameters.some(({ name }) => ts.isIdentifier(name) && name.text === callee.text)
  );
}

function byPlace(one: TS.Node, other: TS.Node): number {
  const [a, b] = [spanOf(one), spanOf(other)];
  return a.file === b.file ? a.start - b.start : a.file < b.file ? -1 : 1;
}
