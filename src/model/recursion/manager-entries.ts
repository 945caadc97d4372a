import type { CallContext, CallGraph } from '../call-graph/call-graph.js';
import type { Callable } from '../typescript/syntax.js';

/** Limit for the callers of a manager that are interpreted. Beyond it, its parameters may have any value. */
const maxCallers = 24;

/**
 * Returns the contexts in which the program enters the callables of a manager. A callable that nothing calls may be called from outside: its
 * parameters may have any value. `findUnbypassedCalls` calls it.
 */
export function entryContexts(callables: readonly Callable[], graph: CallGraph): ReadonlySet<CallContext> {
  const own = new Set(callables);
  const callersOf = callersIn(graph, own);
  const contexts = new Set<CallContext>();
  for (const callable of callables) {
    const callers = callersOf.get(callable) ?? new Set();
    const outer = [...callers].filter((caller) => !own.has(caller));
    if (callers.size === 0 || outer.length > maxCallers) contexts.add(graph.contextOf(callable));
    else
      for (const caller of outer)
        for (const { to } of graph.edgesFrom(graph.contextOf(caller))) if (to.callable === callable) contexts.add(to);
  }
  addUnreached(callables, contexts, graph);
  return contexts;
}

/** Callables that only call one another have no entry: nothing is known about their parameters. */
function addUnreached(callables: readonly Callable[], contexts: Set<CallContext>, graph: CallGraph): void {
  const reached = new Set([...contexts].map(({ callable }) => callable));
  const visit = () => {
    for (const callable of reached) for (const callee of graph.callees(callable)) reached.add(callee);
  };
  visit();
  for (const callable of callables) {
    if (reached.has(callable)) continue;
    contexts.add(graph.contextOf(callable));
    reached.add(callable);
    visit();
  }
}

function callersIn(graph: CallGraph, callables: ReadonlySet<Callable>): ReadonlyMap<Callable, ReadonlySet<Callable>> {
  const callers = new Map<Callable, Set<Callable>>();
  for (const caller of graph.callables)
    for (const callee of graph.callees(caller))
      if (callables.has(callee)) callers.set(callee, (callers.get(callee) ?? new Set()).add(caller));
  return callers;
}
