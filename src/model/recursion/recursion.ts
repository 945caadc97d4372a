import type { ts as TS } from 'ts-morph';
import { type Accessor, bypassAt } from '../connections/accessors.js';
import type { CallGraph, State, Step } from '../call-graph/call-graph.js';
import { componentsOf, shortestPath } from '../graph/strongly-connected.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { guardOf } from './guards.js';
import { bypassArguments, type Manager } from '../connections/managers.js';
import { runsOnce } from '../call-graph/memo-guard.js';
import { type Routine, spanOf } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** A call of an accessor that leads, step by step, to the same call again. */
export interface Recursion {
  readonly accessor: Accessor;
  /** The accessor call that closes the circle. */
  readonly site: CallSite;
  /** From the accessor back to itself; the last step is the one at `site`. */
  readonly steps: readonly Step[];
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
  readonly steps: readonly Step[];
  /** Undefined where it depends on a value that the code does not show. */
  readonly isBypassed: false | undefined;
}

/** A call that may run more functions than this says little of which it runs: enough to accuse who asks for a client, and not who runs a statement. */
const mostTargets = 4;

/** Is it fairly sure what the call runs? */
export function isClear({ targets }: CallSite): boolean {
  return targets.size <= mostTargets;
}

/** All circles through an accessor, the shortest for each accessor call that is part of one. */
export function findRecursions(accessors: readonly Accessor[], graph: CallGraph): Recursion[] {
  const of = (gives: Accessor['gives']) => accessors.filter((accessor) => accessor.gives === gives);
  return [...recursionsThrough(of('client'), graph), ...recursionsThrough(of('result'), graph, isClear)];
}

function recursionsThrough(
  accessors: readonly Accessor[],
  graph: CallGraph,
  isFollowed: (site: CallSite) => boolean = () => true,
): Recursion[] {
  const byRoutine = new Map<Routine, Accessor>(accessors.map((accessor) => [accessor.routine, accessor]));
  const circles = new Set(
    componentsOf<Routine>(byRoutine.keys(), (routine) => graph.callees(routine))
      .filter((component) => component.some((routine) => byRoutine.has(routine)))
      .filter((component) => component.length > 1 || component.some((routine) => [...graph.callees(routine)].includes(routine)))
      .flat(),
  );
  const stepsInside = (state: State) =>
    graph.steps(state).filter(({ site, to }) => circles.has(to.routine) && isFollowed(site) && !runsOnce(site.node));
  const starts = accessors
    .filter(({ routine }) => circles.has(routine))
    .flatMap((accessor) =>
      [undefined, ...(accessor.bypass ? [bypassArguments(accessor, false), bypassArguments(accessor, true)] : [])].flatMap((given) =>
        graph.enter(accessor.routine, given),
      ),
    );

  const shortest = new Map<CallSite, Recursion>();
  for (const component of componentsOf(starts, (state) => stepsInside(state).map(({ to }) => to))) {
    const members = new Set(component);
    for (const state of component)
      for (const last of stepsInside(state)) {
        const accessor = byRoutine.get(last.to.routine);
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
  return eachCircleOnce([...shortest.values()], graph);
}

/** A circle may pass several accessors, and several calls of one: it is told from the call that should change. */
function eachCircleOnce(recursions: readonly Recursion[], graph: CallGraph): Recursion[] {
  const numbers = new Map<CallSite, number>();
  for (const { steps } of recursions) for (const { site } of steps) numbers.set(site, numbers.get(site) ?? numbers.size);
  const circles = new Map<string, Recursion>();
  for (const recursion of [...recursions].sort((one, other) => weight(other, graph) - weight(one, graph) || byPlace(one, other))) {
    const circle = recursion.steps
      .map(({ site }) => numbers.get(site))
      .sort()
      .join();
    if (!circles.has(circle)) circles.set(circle, recursion);
  }
  return [...circles.values()];
}

/** A call that lacks the bypass should change first, and then one of whoever constructs. */
function weight({ accessor, isBypassed }: Recursion, graph: CallGraph): number {
  const constructs = graph.sitesOf(accessor.routine).some(({ constructors }) => constructors.size > 0);
  return (accessor.bypass ? (isBypassed ? 4 : 8) : 0) + (constructs ? 2 : 0) + (ts.isClassElement(accessor.routine) ? 0 : 1);
}

/** A function that starts itself anew, with nobody in between, counts its attempts or walks a list. */
function isRetry(steps: readonly Step[], { routine }: Accessor): boolean {
  return steps.every(({ from }) => ts.findAncestor(from.routine, (node) => node === routine) !== undefined);
}

function byPlace(one: Recursion, other: Recursion): number {
  const [a, b] = [spanOf(one.site.node), spanOf(other.site.node)];
  return a.file === b.file ? a.start - b.start : a.file < b.file ? -1 : 1;
}

/** Accessor calls within reach of a manager whose bypass is not surely set. */
export function findUnbypassedCalls(accessors: readonly Accessor[], managers: readonly Manager[], graph: CallGraph): UnbypassedCall[] {
  const byRoutine = new Map<Routine, Accessor>(accessors.filter(({ bypass }) => bypass).map((accessor) => [accessor.routine, accessor]));
  const found = new Map<CallSite, UnbypassedCall>();
  const answers = new Map<CallSite, Set<boolean | undefined>>();
  for (const manager of managers) {
    const starts = manager.routines.filter((routine) => !byRoutine.has(routine)).map((routine) => graph.state(routine));
    const cameBy = new Map<State, readonly Step[]>(starts.map((state) => [state, []]));
    for (const [state, way] of cameBy)
      for (const step of graph.steps(state)) {
        const accessor = byRoutine.get(step.to.routine);
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
export function findHonest(
  accessors: readonly Accessor[],
  graph: CallGraph,
  isFollowed: (site: CallSite) => boolean = () => true,
): ReadonlySet<Accessor> {
  const routines = new Set<Routine>(accessors.map(({ routine }) => routine));
  return new Set(
    accessors.filter((accessor) => {
      if (!accessor.bypass) return false;
      const states = new Set(graph.enter(accessor.routine, bypassArguments(accessor, true)));
      for (const state of states)
        for (const { site, to } of graph.steps(state)) {
          if (!isFollowed(site)) continue;
          if (routines.has(to.routine)) return false;
          states.add(to);
        }
      return true;
    }),
  );
}

function bypassOf({ bypass }: Accessor, { site, from }: Step, graph: CallGraph): boolean | undefined {
  return bypass && bypassAt(bypass, graph.argumentsAt(site, from.bindings));
}
