import type { CallGraph } from './call-graph.js';
import type { Callable } from '../typescript/syntax.js';

/** Returns the callables from which a call path leads to one of the targets, in any context; the targets are among them. */
export function callablesReaching(targets: Iterable<Callable>, graph: CallGraph): ReadonlySet<Callable> {
  const callersOf = new Map<Callable, Callable[]>();
  for (const caller of graph.callables)
    for (const callee of graph.callees(caller)) {
      const callers = callersOf.get(callee);
      if (callers) callers.push(caller);
      else callersOf.set(callee, [caller]);
    }
  const reaching = new Set(targets);
  // A set may grow while it is read: this is a breadth-first search.
  for (const callable of reaching) for (const caller of callersOf.get(callable) ?? []) reaching.add(caller);
  return reaching;
}
