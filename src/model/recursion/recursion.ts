import type { ts as TS } from 'ts-morph';
import { type Accessor, bypassAt } from '../connections/accessors.js';
import type { CallGraph, CallContext, CallEdge } from '../call-graph/call-graph.js';
import { componentsOf, shortestPath } from '../graph/strongly-connected.js';
import type { CallSite } from '../dataflow/call-sites.js';
import type { Doubt } from '../dataflow/doubt.js';
import { guardOf } from './guards.js';
import { bypassArguments } from '../connections/managers.js';
import { containerDoubts } from './container-doubts.js';
import { isMadeAnew } from '../call-graph/fresh-instances.js';
import { withFailureDoubt } from './failure-doubts.js';
import { promiseThatWaits } from './kept-promises.js';
import { isMemoGuarded } from '../call-graph/memo-guard.js';
import { type Callable, spanOf } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** A call path that leads from an accessor back to itself. */
export interface Recursion {
  readonly accessor: Accessor;
  /** The accessor call that closes the cycle. */
  readonly site: CallSite;
  /** The calls from the accessor back to itself; the last one is at `site`. */
  readonly steps: readonly CallEdge[];
  /** Whether the closing call sets the bypass: then the accessor does not honour it. */
  readonly isBypassed: boolean;
  /** The condition that ends the cycle once the closing call sets the bypass. */
  readonly guard: TS.Expression | undefined;
  /** The keeper of the promise that waits for itself, if the cycle is no endless call but an endless wait. */
  readonly promise: TS.Expression | undefined;
  /** Undefined if the cycle is proven. Otherwise the reason why the code may never run one of its calls: the cycle is possible. */
  readonly doubt: Doubt | undefined;
}

/** Limit of `hasFewTargets`: a call with more targets is good evidence for a path to a client, but not for a path to a statement. */
const maxTargets = 4;

/** Whether the targets of the call are so few that each is likely to run. */
export function hasFewTargets({ targets }: CallSite): boolean {
  return targets.size <= maxTargets;
}

/** Returns the cycles through an accessor, the shortest for each accessor call on one. `buildModel` calls it. */
export function findRecursions(accessors: readonly Accessor[], graph: CallGraph): Recursion[] {
  const of = (gives: Accessor['gives']) => accessors.filter((accessor) => accessor.gives === gives);
  return [...recursionsThrough(of('client'), graph), ...recursionsThrough(of('result'), graph, hasFewTargets)];
}

function recursionsThrough(
  accessors: readonly Accessor[],
  graph: CallGraph,
  isFollowed: (site: CallSite) => boolean = () => true,
): Recursion[] {
  const byCallable = new Map<Callable, Accessor>(accessors.map((accessor) => [accessor.callable, accessor]));
  // Cycles without regard to contexts come first: they are cheap, and only their callables need contexts.
  const components = componentsOf<Callable>(byCallable.keys(), (callable) => graph.callees(callable))
    .filter((component) => component.some((callable) => byCallable.has(callable)))
    .filter((component) => component.length > 1 || component.some((callable) => [...graph.callees(callable)].includes(callable)));
  const onCycle = new Set(components.flat());
  const isByFailure = new Set(components.filter((component) => component.some((callable) => byCallable.get(callable)?.isByFailure)).flat());
  const doubts = containerDoubts(accessors, components, graph);
  const isFresh = (owner: TS.ClassLikeDeclaration) => isMadeAnew(owner, onCycle, graph);
  const edgesOnCycle = (context: CallContext) => {
    const edges = graph.edgesFrom(context).filter(({ site, to }) => onCycle.has(to.callable) && isFollowed(site));
    const withDoubt = doubts.get(context.callable);
    const known = withDoubt ? edges.map(withDoubt) : edges;
    return isByFailure.has(context.callable) ? known.map(withFailureDoubt) : known;
  };
  const isGuarded = ({ site }: CallEdge) => isMemoGuarded(site.node, isFresh);
  const isRepeated = (edge: CallEdge) => !isGuarded(edge);
  const starts = accessors
    .filter(({ callable }) => onCycle.has(callable))
    .flatMap((accessor) =>
      accessor.requesters
        ? [...accessor.requesters].flatMap((requester) => graph.contextsFor(requester, undefined))
        : [undefined, ...(accessor.bypass ? [bypassArguments(accessor, false), bypassArguments(accessor, true)] : [])].flatMap((args) =>
            graph.contextsFor(accessor.callable, args),
          ),
    );

  const proven = shortestCycles(starts, byCallable, graph, (context) =>
    edgesOnCycle(context).filter((edge) => edge.doubt === undefined && isRepeated(edge)),
  );
  const possible = shortestCycles(starts, byCallable, graph, (context) => edgesOnCycle(context).filter(isRepeated));
  const waiting = shortestCycles(starts, byCallable, graph, edgesOnCycle).flatMap((recursion) => toWait(recursion, isGuarded));
  const found = new Map<CallSite, Recursion>();
  for (const recursion of [...proven, ...possible, ...waiting]) if (!found.has(recursion.site)) found.set(recursion.site, recursion);
  return dedupeCycles([...found.values()], graph);
}

/** A call that runs only once ends a recursion, but not the wait of a promise for itself: the promise is requested before the call is. */
function toWait(recursion: Recursion, isGuarded: (edge: CallEdge) => boolean): Recursion[] {
  const { steps, promise } = recursion;
  return promise && steps.some(isGuarded) ? [{ ...recursion, doubt: { kind: 'once', node: promise } }] : [];
}

/** Returns for each accessor call the shortest cycle of these edges that it closes. */
function shortestCycles(
  starts: readonly CallContext[],
  byCallable: ReadonlyMap<Callable, Accessor>,
  graph: CallGraph,
  edgesFrom: (context: CallContext) => readonly CallEdge[],
): Recursion[] {
  const shortest = new Map<CallSite, Recursion>();
  for (const component of componentsOf(starts, (context) => edgesFrom(context).map(({ to }) => to))) {
    const members = new Set(component);
    for (const context of component)
      for (const last of edgesFrom(context)) {
        const accessor = byCallable.get(last.to.callable);
        if (!accessor || !members.has(last.to)) continue;
        const path = shortestPath(
          [last.to],
          (from) => edgesFrom(from).map((edge) => ({ edge, to: edge.to })),
          (reached) => reached === context,
        );
        const earlier = shortest.get(last.site);
        if (!path || (!accessor.bypass && isRetry([...path, last], accessor))) continue;
        if (!earlier || path.length + 1 < earlier.steps.length)
          shortest.set(last.site, toRecursion(accessor, [...path, last], last, graph));
      }
  }
  return [...shortest.values()];
}

function toRecursion(accessor: Accessor, steps: readonly CallEdge[], last: CallEdge, graph: CallGraph): Recursion {
  return {
    accessor,
    site: last.site,
    steps,
    isBypassed: bypassAt(accessor, graph.argumentsAt(last.site, last.from.bindings)) === true,
    guard: guardOf(accessor, steps, graph),
    promise: promiseThatWaits(steps),
    doubt: steps.find(({ doubt }) => doubt !== undefined)?.doubt,
  };
}

/** A cycle may pass several accessors, and several calls of one: keeps the recursion whose closing call should change. */
function dedupeCycles(recursions: readonly Recursion[], graph: CallGraph): Recursion[] {
  const numbers = new Map<CallSite, number>();
  for (const { steps } of recursions) for (const { site } of steps) numbers.set(site, numbers.get(site) ?? numbers.size);
  const cycles = new Map<string, Recursion>();
  for (const recursion of [...recursions].sort((one, other) => priority(other, graph) - priority(one, graph) || byPlace(one, other))) {
    const cycle = recursion.steps
      .map(({ site }) => numbers.get(site))
      .sort()
      .join();
    if (!cycles.has(cycle)) cycles.set(cycle, recursion);
  }
  return [...cycles.values()];
}

/** Proven cycles come first. Calls without the bypass should change first, then calls of accessors that construct, then calls of plain functions. */
function priority({ accessor, isBypassed, doubt }: Recursion, graph: CallGraph): number {
  const constructs = graph.sitesOf(accessor.callable).some(({ constructors }) => constructors.size > 0);
  return (
    (doubt ? 0 : 16) + (accessor.bypass ? (isBypassed ? 4 : 8) : 0) + (constructs ? 2 : 0) + (ts.isClassElement(accessor.callable) ? 0 : 1)
  );
}

/** Whether the accessor closes the cycle itself, or the path stays inside it: a function that calls itself counts attempts or walks a list. */
function isRetry(steps: readonly CallEdge[], { callable }: Accessor): boolean {
  const isInside = ({ from }: CallEdge) => ts.findAncestor(from.callable, (node) => node === callable) !== undefined;
  return steps.at(-1)?.from.callable === callable || steps.every(isInside);
}

function byPlace(one: Recursion, other: Recursion): number {
  const [a, b] = [spanOf(one.site.node), spanOf(other.site.node)];
  return a.file === b.file ? a.start - b.start : a.file < b.file ? -1 : 1;
}

/** Returns the accessors that call no accessor once their bypass is set: setting it ends the cycle. `buildModel` calls it. */
export function findBypassHonored(
  accessors: readonly Accessor[],
  graph: CallGraph,
  isFollowed: (site: CallSite) => boolean = () => true,
): ReadonlySet<Accessor> {
  const callables = new Set<Callable>(accessors.map(({ callable }) => callable));
  return new Set(
    accessors.filter((accessor) => {
      if (!accessor.bypass) return false;
      const contexts = new Set(graph.contextsFor(accessor.callable, bypassArguments(accessor, true)));
      for (const context of contexts)
        for (const { site, to } of graph.edgesFrom(context)) {
          if (!isFollowed(site)) continue;
          if (callables.has(to.callable)) return false;
          contexts.add(to);
        }
      return true;
    }),
  );
}
