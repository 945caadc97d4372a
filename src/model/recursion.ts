import { type Accessor, bypassAt } from './accessors.js';
import type { CallGraph, State, Step } from './call-graph.js';
import { componentsOf, shortestPath } from './components.js';
import type { CallSite } from './flow/calls.js';
import { bypassArguments, type Manager } from './managers.js';
import type { Routine } from './syntax.js';

/** A call of an accessor that leads, step by step, to the same call again. */
export interface Recursion {
  readonly accessor: Accessor;
  /** The accessor call that closes the circle. */
  readonly site: CallSite;
  /** From the accessor back to itself; the last step is the one at `site`. */
  readonly steps: readonly Step[];
  /** Does the call set the bypass, in vain? */
  readonly isBypassed: boolean;
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

/** All circles through an accessor, the shortest for each accessor call that is part of one. */
export function findRecursions(accessors: readonly Accessor[], graph: CallGraph): Recursion[] {
  const byRoutine = new Map<Routine, Accessor>(accessors.map((accessor) => [accessor.routine, accessor]));
  const circles = new Set(
    componentsOf<Routine>(byRoutine.keys(), (routine) => graph.callees(routine))
      .filter((component) => component.some((routine) => byRoutine.has(routine)))
      .filter((component) => component.length > 1 || component.some((routine) => [...graph.callees(routine)].includes(routine)))
      .flat(),
  );
  const stepsInside = (state: State) => graph.steps(state).filter(({ to }) => circles.has(to.routine));
  const starts = accessors
    .filter(({ routine }) => circles.has(routine))
    .flatMap((accessor) => [undefined, ...(accessor.bypass ? [bypassArguments(accessor, false), bypassArguments(accessor, true)] : [])].map((given) => graph.enter(accessor.routine, given)));

  const shortest = new Map<CallSite, Recursion>();
  for (const component of componentsOf(starts, (state) => stepsInside(state).map(({ to }) => to))) {
    const members = new Set(component);
    for (const state of component)
      for (const last of stepsInside(state)) {
        const accessor = byRoutine.get(last.to.routine);
        if (!accessor || !members.has(last.to)) continue;
        const way = shortestPath([last.to], (from) => stepsInside(from).map((edge) => ({ edge, to: edge.to })), (reached) => reached === state);
        const known = shortest.get(last.site);
        if (way && (!known || way.length + 1 < known.steps.length)) shortest.set(last.site, { accessor, site: last.site, steps: [...way, last], isBypassed: bypassOf(accessor, last, graph) === true });
      }
  }
  return [...shortest.values()];
}

/** Accessor calls within reach of a manager whose bypass is not surely set. */
export function findUnbypassedCalls(accessors: readonly Accessor[], managers: readonly Manager[], graph: CallGraph): UnbypassedCall[] {
  const byRoutine = new Map<Routine, Accessor>(accessors.filter(({ bypass }) => bypass).map((accessor) => [accessor.routine, accessor]));
  const found = new Map<CallSite, UnbypassedCall>();
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
        if (isBypassed !== true && !found.has(step.site)) found.set(step.site, { accessor, manager, site: step.site, steps, isBypassed });
      }
  }
  return [...found.values()];
}

/** Accessors that, bypassed, ask no accessor again: to set the bypass is to end the circle. */
export function findHonest(accessors: readonly Accessor[], graph: CallGraph): ReadonlySet<Accessor> {
  const routines = new Set<Routine>(accessors.map(({ routine }) => routine));
  return new Set(
    accessors.filter((accessor) => {
      if (!accessor.bypass) return false;
      const states = new Set([graph.enter(accessor.routine, bypassArguments(accessor, true))]);
      for (const state of states)
        for (const { to } of graph.steps(state)) {
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
