import type { CallGraph } from '../call-graph/call-graph.js';
import type { Accessor } from '../connections/accessors.js';
import type { Construction } from '../connections/constructions.js';
import type { Manager } from '../connections/managers.js';
import type { Callable } from '../typescript/syntax.js';
import type { ConnectionCall, ConnectionCode } from './connection-map.js';

/** The code with a part in connections. */
export interface ConnectionParts {
  readonly accessors: readonly Accessor[];
  readonly managers: readonly Manager[];
  readonly constructions: readonly Construction[];
}

/** Returns the calls between accessors, managers and constructions, each once. Functions between them are left out. */
export function findConnectionCalls(parts: ConnectionParts, graph: CallGraph): ConnectionCall[] {
  const codeOf = codeByCallable(parts);
  const constructions = groupBy(parts.constructions, ({ callable }) => callable);
  const owners = new Map<ConnectionCode, Callable[]>();
  for (const [callable, code] of codeOf) owners.set(code, [...(owners.get(code) ?? []), callable]);
  return [...owners].flatMap(([from, callables]) => {
    const reached = new Set<ConnectionCode>();
    const seen = new Set(callables);
    // A set may grow while it is read: this is a breadth-first search.
    for (const callable of seen) {
      for (const construction of constructions.get(callable) ?? []) reached.add({ kind: 'construction', construction });
      for (const callee of graph.callees(callable)) {
        const code = codeOf.get(callee);
        if (code === undefined) seen.add(callee);
        else if (code !== from || isCalledByItself(code, callable, callee)) reached.add(code);
      }
    }
    return [...reached].map((to) => ({ from, to }));
  });
}

/** Methods of a manager call each other all the time. An accessor that calls itself gets its connection from itself. */
function isCalledByItself(code: ConnectionCode, caller: Callable, callee: Callable): boolean {
  return code.kind === 'accessor' && caller === callee;
}

/** A method of a manager that is an accessor counts as the accessor. */
function codeByCallable({ accessors, managers }: ConnectionParts): Map<Callable, ConnectionCode> {
  const codes = new Map<Callable, ConnectionCode>();
  for (const manager of managers) {
    const code: ConnectionCode = { kind: 'manager', manager };
    for (const callable of manager.callables) codes.set(callable, code);
  }
  for (const accessor of accessors) codes.set(accessor.callable, { kind: 'accessor', accessor });
  return codes;
}

function groupBy<Key, Value>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return groups;
}
