import type { ts as TS } from 'ts-morph';
import { type Accessor, bypassAt } from '../connections/accessors.js';
import type { CallGraph, CallContext, CallEdge } from '../call-graph/call-graph.js';
import { componentsOf, shortestPath } from '../graph/strongly-connected.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { guardOf } from './guards.js';
import { bypassArguments, type Manager } from '../connections/managers.js';
import { isMemoGuarded } from '../call-graph/memo-guard.js';
import { type Callable, spanOf } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** A call of an accessor that leads, step by step, to the same call again. */
export interface Recursion {
  readonly accessor: Accessor;
  /** The accessor call that closes the circle. */
  readonly site: CallSite;
  /** From the accessor back to itself; the last step is the one at `site`. */
  readonly steps: readonly CallEdge[];
  /** Does the call set the bypass, in vain? */
  readonly isBypassed: boolean;
  /** The condition that ends the circle once the call is bypassed. */
  readonly guard: TS.Expression | undefined;
}

/** A call of an accessor by a manager, or by what a manager calls, that may not pass the bypass. */
export interface UnbypassedCall {
  readonly accessor: Accessor;
  readonly manager: Manager;
  readonly site: CallSite;
  /** How the manager comes to it. */
  readonly steps: readonly CallEdge[];
  /** Undefined where it depends on a value that the code does not show. */
  readonly isBypassed: false | undefined;
}

/** A call that may run more functions than this says little of which it runs: enough to accuse who asks for a client, and not who runs a statement. */
const maxTargets = 4;

/** Is it fairly sure what the call runs? */
export function hasFewTargets({ targets }: CallSite): boolean {
  return targets.size <= maxTargets;
}

/** All circles through an accessor, the shortest for each accessor call that is part of one. */
export function findRecursions(accessors: readonly Accessor[], graph: CallGraph): Recursion[] {
  const of = (gives: Accessor['gives']) => accessors.filter((accessor) => accessor.gives === gives);
  return [...recursionsThrough(of('client'), graph), ...recursionsThrough(of('result'), graph, hasFewTargets)];
}

function recursionsThrough(
  accessors: readonly Accessor[],
  graph: CallGraph,
  isFollowed: (site: CallSite) => boolean = () => true,
): Recursion[] {
  const byRoutine = new Map<Callable, Accessor>(accessors.map((accessor) => [accessor.callable, accessor]));
  const cycles = new Set(
    componentsOf<Callable>(byRoutine.keys(), (callable) => graph.callees(callable))
      .filter((component) => component.some((callable) => byRoutine.has(callable)))
      .filter((component) => component.length > 1 || component.some((callable) => [...graph.callees(callable)].includes(callable)))
      .flat(),
  );
  const stepsInside = (state: CallContext) =>
    graph.edgesFrom(state).filter(({ site, to }) => cycles.has(to.callable) && isFollowed(site) && !isMemoGuarded(site.node));
  const starts = accessors
    .filter(({ callable }) => cycles.has(callable))
    .flatMap((accessor) =>
      [undefined, ...(accessor.bypass ? [bypassArguments(accessor, false), bypassArguments(accessor, true)] : [])].flatMap((given) =>
        graph.contextsFor(accessor.callable, given),
      ),
    );

  const shortest = new Map<CallSite, Recursion>();
  for (const component of componentsOf(starts, (state) => stepsInside(state).map(({ to }) => to))) {
    const members = new Set(component);
    for (const state of component)
      for (const last of stepsInside(state)) {
        const accessor = byRoutine.get(last.to.callable);
        if (!accessor || !members.has(last.to)) continue;
        const way = shortestPath(
          [last.to],
          (from) => stepsInside(from).map((edge) => ({ edge, to: edge.to })),
          (reached) => reached === state,
        );
        const known = shortest.get(last.site);
        if (!way || (!accessor.bypass && isRetry([...way, last], accessor))) continue;
        if (!known || way.length + 1 < known.steps.length)
          shortest.set(last.site, {
            accessor,
            site: last.site,
            steps: [...way, last],
            isBypassed: bypassOf(accessor, last, graph) === true,
            guard: guardOf(accessor, [...way, last], graph),
          });
      }
  }
  return dedupeCycles([...shortest.values()], graph);
}

/** A circle may pass several accessors, and several calls of one: it is told from the call that should change. */
function dedupeCycles(recursions: readonly Recursion[], graph: CallGraph): Recursion[] {
  const numbers = new Map<CallSite, number>();
  for (const { steps } of recursions) for (const { site } of steps) numbers.set(site, numbers.get(site) ?? numbers.size);
  const cycles = new Map<string, Recursion>();
  for (const recursion of [...recursions].sort((one, other) => weight(other, graph) - weight(one, graph) || byPlace(one, other))) {
    const cycle = recursion.steps
      .map(({ site }) => numbers.get(site))
      .sort()
      .join();
    if (!cycles.has(cycle)) cycles.set(cycle, recursion);
  }
  return [...cycles.values()];
}

/** A call that lacks the bypass should change first, and then one of whoever constructs. */
function weight({ accessor, isBypassed }: Recursion, graph: CallGraph): number {
  const constructs = graph.sitesOf(accessor.callable).some(({ constructors }) => constructors.size > 0);
  return (accessor.bypass ? (isBypassed ? 4 : 8) : 0) + (constructs ? 2 : 0) + (ts.isClassElement(accessor.callable) ? 0 : 1);
}

/** A function that starts itself anew, with nobody in between, counts its attempts or walks a list. */
function isRetry(steps: readonly CallEdge[], { callable }: Accessor): boolean {
  return steps.every(({ from }) => ts.findAncestor(from.callable, (node) => node === callable) !== undefined);
}

function byPlace(one: Recursion, other: Recursion): number {
  const [a, b] = [spanOf(one.site.node), spanOf(other.site.node)];
  return a.file === b.file ? a.start - b.start : a.file < b.file ? -1 : 1;
}

/** Accessor calls within reach of a manager whose bypass is not surely set. */
export function findUnbypassedCalls(accessors: readonly Accessor[], managers: readonly Manager[], graph: CallGraph): UnbypassedCall[] {
  const byRoutine = new Map<Callable, Accessor>(accessors.filter(({ bypass }) => bypass).map((accessor) => [accessor.callable, accessor]));
  const found = new Map<CallSite, UnbypassedCall>();
  const answers = new Map<CallSite, Set<boolean | undefined>>();
  for (const manager of managers) {
    const starts = manager.callables.filter((callable) => !byRoutine.has(callable)).map((callable) => graph.state(callable));
    const cameBy = new Map<CallContext, readonly CallEdge[]>(starts.map((state) => [state, []]));
    for (const [state, way] of cameBy)
      for (const step of graph.edgesFrom(state)) {
        const accessor = byRoutine.get(step.to.callable);
        const steps = [...way, step];
        if (!accessor) {
          if (!cameBy.has(step.to)) cameBy.set(step.to, steps);
          continue;
        }
        // Beyond an accessor its own callers answer for what it does.
        const isBypassed = bypassOf(accessor, step, graph);
        answers.set(step.site, (answers.get(step.site) ?? new Set()).add(isBypassed));
        if (isBypassed !== true && !found.has(step.site)) found.set(step.site, { accessor, manager, site: step.site, steps, isBypassed });
      }
  }
  // In one state it is set and in another it is not: that depends.
  return [...found.values()].map((call) => (answers.get(call.site)?.size === 1 ? call : { ...call, isBypassed: undefined }));
}

/** Accessors that, bypassed, ask no accessor again: to set the bypass is to end the circle. */
export function findBypassHonored(
  accessors: readonly Accessor[],
  graph: CallGraph,
  isFollowed: (site: CallSite) => boolean = () => true,
): ReadonlySet<Accessor> {
  const callables = new Set<Callable>(accessors.map(({ callable }) => callable));
  return new Set(
    accessors.filter((accessor) => {
      if (!accessor.bypass) return false;
      const states = new Set(graph.contextsFor(accessor.callable, bypassArguments(accessor, true)));
      for (const state of states)
        for (const { site, to } of graph.edgesFrom(state)) {
          if (!isFollowed(site)) continue;
          if (callables.has(to.callable)) return false;
          states.add(to);
        }
      return true;
    }),
  );
}

function bypassOf({ bypass }: Accessor, { site, from }: CallEdge, graph: CallGraph): boolean | undefined {
  return bypass && bypassAt(bypass, graph.argumentsAt(site, from.bindings));
}
