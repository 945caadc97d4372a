import type { ts as TS } from 'ts-morph';
import type { CallGraph, State, Step } from '../call-graph/call-graph.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { type Acquisition, findAcquisitions, type Hold, holdOf, type Pool, samePool } from './pool-acquisitions.js';
import { type Routine, routineOf, spanOf, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Whoever holds a lease of a bounded pool asks the same pool for another one. */
export interface NestedAcquire {
  readonly first: Acquisition;
  /** From the first acquisition to the second: who runs, and where. */
  readonly steps: readonly { readonly routine: Routine; readonly site: CallSite }[];
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
    const hold = holdOf(first);
    const start = { routine: routineOf(first.site.node), site: first.site };
    if (!hold) continue;
    for (const way of waysIn(hold, sites, graph)) {
      const rest = wayToAcquisition(way, first.pool, acquisitions, graph);
      if (rest) note({ first, steps: [start, ...rest] });
    }
    for (const second of acquisitions.values())
      if (isWithin(second.site.node, hold) && samePool(second.pool, first.pool))
        note({ first, steps: [start, { routine: start.routine, site: second.site }] });
  }
  return [...found.values()].sort((one, other) => byPlace(one.first.site.node, other.first.site.node));
}

/** What runs while the lease is held: what its function calls meanwhile, and what is handed to it to be called then. */
function* waysIn(hold: Hold, sites: readonly CallSite[], graph: CallGraph): Iterable<Step> {
  const holder = routineOf(hold.acquisition.site.node);
  for (const step of graph.steps(graph.state(holder))) if (isWithin(step.site.node, hold)) yield step;
  if (!graph.sitesOf(holder).some(({ node }) => isWithin(node, hold) && isCallOfParameter(node, holder))) return;
  for (const site of sites)
    if (site.targets.has(holder))
      for (const callback of site.callbacks) yield { from: graph.state(site.caller), site, to: graph.state(callback) };
}

/** The shortest way from a step on to a call that acquires of the same pool. */
function wayToAcquisition(
  first: Step,
  pool: Pool,
  acquisitions: ReadonlyMap<TS.Node, Acquisition>,
  graph: CallGraph,
): NestedAcquire['steps'] | undefined {
  const told = ({ from, site }: Step) => ({ routine: from.routine, site });
  const isOurs = ({ node }: CallSite) => {
    const acquisition = acquisitions.get(node);
    return acquisition !== undefined && samePool(acquisition.pool, pool);
  };
  if (isOurs(first.site)) return [told(first)];
  const cameBy = new Map<State, readonly Step[]>([[first.to, [first]]]);
  for (const [state, way] of cameBy) {
    const steps = graph.steps(state);
    const reachable = (site: CallSite) => site.targets.size === 0 || steps.some((step) => step.site === site);
    const second = graph.sitesOf(state.routine).find((site) => isOurs(site) && reachable(site));
    if (second) return [...way.map(told), { routine: state.routine, site: second }];
    for (const step of steps) if (!cameBy.has(step.to)) cameBy.set(step.to, [...way, step]);
  }
  return undefined;
}

function isWithin(node: TS.Node, { acquisition, start, end }: Hold): boolean {
  const holder = routineOf(acquisition.site.node);
  return routineOf(node) === holder && node.getSourceFile() === holder.getSourceFile() && node.getStart() >= start && node.getStart() < end;
}

function isCallOfParameter(node: TS.Node, holder: Routine): boolean {
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
