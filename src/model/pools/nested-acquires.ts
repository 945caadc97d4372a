import type { ts as TS } from 'ts-morph';
import type { CallGraph, CallContext, CallEdge } from '../call-graph/call-graph.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { type Acquisition, findAcquisitions, type HeldRange, heldRange, type Pool, isSamePool } from './pool-acquisitions.js';
import { type Callable, callableOf, spanOf, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Whoever holds a lease of a bounded pool asks the same pool for another one. */
export interface NestedAcquire {
  readonly first: Acquisition;
  /** From the first acquisition to the second: who runs, and where. */
  readonly steps: readonly { readonly callable: Callable; readonly site: CallSite }[];
}

export function findNestedAcquires(sites: readonly CallSite[], graph: CallGraph, checker: TS.TypeChecker): NestedAcquire[] {
  const acquisitions = findAcquisitions(sites, checker);
  const found = new Map<TS.Node, NestedAcquire>();
  const note = (nested: NestedAcquire): void => {
    const { node } = nested.steps[1]?.site ?? nested.first.site;
    const known = found.get(node);
    if (!known || nested.steps.length < known.steps.length) found.set(node, nested);
  };
  for (const first of acquisitions.values()) {
    const hold = heldRange(first);
    const start = { callable: callableOf(first.site.node), site: first.site };
    if (!hold) continue;
    for (const way of waysIn(hold, sites, graph)) {
      const rest = wayToAcquisition(way, first.pool, acquisitions, graph);
      if (rest) note({ first, steps: [start, ...rest] });
    }
    for (const second of acquisitions.values())
      if (isWithin(second.site.node, hold) && isSamePool(second.pool, first.pool))
        note({ first, steps: [start, { callable: start.callable, site: second.site }] });
  }
  return [...found.values()].sort((one, other) => byPlace(one.first.site.node, other.first.site.node));
}

/** What runs while the lease is held: what its function calls meanwhile, and what is handed to it to be called then. */
function* waysIn(hold: HeldRange, sites: readonly CallSite[], graph: CallGraph): Iterable<CallEdge> {
  const holder = callableOf(hold.acquisition.site.node);
  for (const step of graph.edgesFrom(graph.state(holder))) if (isWithin(step.site.node, hold)) yield step;
  if (!graph.sitesOf(holder).some(({ node }) => isWithin(node, hold) && isCallOfParameter(node, holder))) return;
  for (const site of sites)
    if (site.targets.has(holder))
      for (const callback of site.callbacks) yield { from: graph.state(site.caller), site, to: graph.state(callback) };
}

/** The shortest way from a step on to a call that acquires of the same pool. */
function wayToAcquisition(
  first: CallEdge,
  pool: Pool,
  acquisitions: ReadonlyMap<TS.Node, Acquisition>,
  graph: CallGraph,
): NestedAcquire['steps'] | undefined {
  const told = ({ from, site }: CallEdge) => ({ callable: from.callable, site });
  const isOurs = ({ node }: CallSite) => {
    const acquisition = acquisitions.get(node);
    return acquisition !== undefined && isSamePool(acquisition.pool, pool);
  };
  if (isOurs(first.site)) return [told(first)];
  const cameBy = new Map<CallContext, readonly CallEdge[]>([[first.to, [first]]]);
  for (const [state, way] of cameBy) {
    const steps = graph.edgesFrom(state);
    const reachable = (site: CallSite) => site.targets.size === 0 || steps.some((step) => step.site === site);
    const second = graph.sitesOf(state.callable).find((site) => isOurs(site) && reachable(site));
    if (second) return [...way.map(told), { callable: state.callable, site: second }];
    for (const step of steps) if (!cameBy.has(step.to)) cameBy.set(step.to, [...way, step]);
  }
  return undefined;
}

function isWithin(node: TS.Node, { acquisition, start, end }: HeldRange): boolean {
  const holder = callableOf(acquisition.site.node);
  return (
    callableOf(node) === holder && node.getSourceFile() === holder.getSourceFile() && node.getStart() >= start && node.getStart() < end
  );
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
