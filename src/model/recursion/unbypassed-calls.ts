import type { ts as TS } from 'ts-morph';
import type { CallContext, CallEdge, CallGraph } from '../call-graph/call-graph.js';
import { callablesReaching } from '../call-graph/callers.js';
import type { Accessor } from '../connections/accessors.js';
import type { Manager } from '../connections/managers.js';
import type { CallSite } from '../dataflow/call-sites.js';
import type { Callable } from '../typescript/syntax.js';
import { BypassJudge } from './bypass-judge.js';
import { isDirectCall } from './direct-call.js';
import { entryContexts } from './manager-entries.js';

/** An accessor call within reach of a manager that does not surely set the bypass. */
export interface UnbypassedCall {
  readonly accessor: Accessor;
  readonly manager: Manager;
  /** The accessor call. */
  readonly site: CallSite;
  /** The calls from the manager to the accessor; the last one is at `site`. */
  readonly steps: readonly CallEdge[];
  /** Undefined if it depends on a value that the code does not show. */
  readonly isBypassed: false | undefined;
  /** Whether the accessor receives the arguments as the call writes them. Only then an edit of the call may set the bypass. */
  readonly isDirect: boolean;
}

/** The accessor calls within reach of a manager, each with a path to it and with the answers of all contexts that reach it. */
interface CallsInReach {
  readonly path: ReadonlyMap<CallSite, readonly CallEdge[]>;
  readonly answers: ReadonlyMap<CallSite, ReadonlySet<boolean | undefined>>;
}

/** Returns the accessor calls within reach of a manager that do not surely set the bypass. `buildModel` calls it. */
export function findUnbypassedCalls(
  accessors: readonly Accessor[],
  managers: readonly Manager[],
  graph: CallGraph,
  checker: TS.TypeChecker,
): UnbypassedCall[] {
  const byCallable = new Map<Callable, Accessor>(accessors.filter(({ bypass }) => bypass).map((accessor) => [accessor.callable, accessor]));
  if (byCallable.size === 0 || managers.length === 0) return [];
  const accessing = callablesReaching(byCallable.keys(), graph);
  const judge = new BypassJudge(managers, [...byCallable.values()], graph);
  const found = new Map<CallSite, UnbypassedCall>();
  for (const manager of managers) {
    const callables = manager.callables.filter(
      (callable) => accessing.has(callable) && (!byCallable.has(callable) || judge.isManaged(callable)),
    );
    const callsFrom = (starts: Iterable<CallContext>) => accessorCalls(starts, byCallable, accessing, judge, graph);
    const anyCall = callsFrom(callables.map((callable) => graph.contextOf(callable)));
    const open = [...anyCall.path].filter(([site]) => !isSurely(true, anyCall.answers.get(site)));
    if (open.length === 0) continue;
    // The callers of the manager may pass values that decide: the second search is worth its time for an open call only.
    const actual = callsFrom(entryContexts(callables, graph));
    for (const [site, steps] of open) {
      const answers = anyCall.answers.get(site);
      const actualAnswers = actual.answers.get(site) ?? answers;
      const accessor = byCallable.get(steps.at(-1)?.to.callable ?? site.caller);
      if (!accessor || isSurely(true, actualAnswers) || found.has(site)) continue;
      const isBypassed = isSurely(false, answers) && isSurely(false, actualAnswers) ? false : undefined;
      const isDirect = isDirectCall(site.node, accessor.callable, checker);
      found.set(site, { accessor, manager, site, steps, isBypassed, isDirect });
    }
  }
  return [...found.values()];
}

function isSurely(answer: boolean, answers: ReadonlySet<boolean | undefined> | undefined): boolean {
  return answers?.size === 1 && answers.has(answer);
}

/** The search ends at an accessor that is not bypassed: its call is found already. */
function accessorCalls(
  starts: Iterable<CallContext>,
  accessors: ReadonlyMap<Callable, Accessor>,
  accessing: ReadonlySet<Callable>,
  judge: BypassJudge,
  graph: CallGraph,
): CallsInReach {
  const path = new Map<CallSite, readonly CallEdge[]>();
  const answers = new Map<CallSite, Set<boolean | undefined>>();
  const pathTo = new Map<CallContext, readonly CallEdge[]>([...starts].map((context) => [context, []]));
  // A map may grow while it is read: this is a breadth-first search.
  for (const [context, before] of pathTo)
    for (const edge of graph.edgesFrom(context)) {
      if (!accessing.has(edge.to.callable)) continue;
      const accessor = accessors.get(edge.to.callable);
      const steps = [...before, edge];
      const isBypassed = accessor === undefined || judge.isBypassed(accessor, edge);
      if (isBypassed === true && !pathTo.has(edge.to)) pathTo.set(edge.to, steps);
      if (!accessor) continue;
      answers.set(edge.site, (answers.get(edge.site) ?? new Set()).add(isBypassed));
      if (isBypassed !== true && !path.has(edge.site)) path.set(edge.site, steps);
    }
  return { path, answers };
}
