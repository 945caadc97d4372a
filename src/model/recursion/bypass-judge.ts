import type { CallContext, CallEdge, CallGraph } from '../call-graph/call-graph.js';
import { callablesReaching } from '../call-graph/callers.js';
import { type Accessor, bypassAt } from '../connections/accessors.js';
import { bypassArguments, type Manager } from '../connections/managers.js';
import type { Callable } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/**
 * Decides whether an accessor call bypasses the managers: by what the accessor does in the context that the call enters, whatever the operator
 * of its condition. `findUnbypassedCalls` creates it.
 */
export class BypassJudge {
  readonly #managed: ReadonlySet<Callable>;
  /** The callables from which a call path leads to a manager. */
  readonly #leading: ReadonlySet<Callable>;
  readonly #membersOf = new Map<Accessor, ReadonlySet<Callable>>();

  constructor(
    managers: readonly Manager[],
    private readonly accessors: readonly Accessor[],
    private readonly graph: CallGraph,
  ) {
    const isAccessor = new Set<Callable>(accessors.map(({ callable }) => callable));
    // A module that the settings name may hold both: a method can be an accessor and belong to the manager, a plain function cannot.
    const isMember = (callable: Callable) => !isAccessor.has(callable) || ts.isClassLike(callable.parent);
    this.#managed = new Set(managers.flatMap(({ callables }) => callables.filter(isMember)));
    this.#leading = callablesReaching(this.#managed, graph);
  }

  /** Whether the call bypasses the managers. Undefined if that depends on a value that the code does not show. */
  isBypassed(accessor: Accessor, { site, from, to }: CallEdge): boolean | undefined {
    const byArguments = bypassAt(accessor, this.graph.argumentsAt(site, from.bindings));
    const members = this.#managedMembers(accessor);
    if (members.size === 0 || byArguments === true) return byArguments;
    const isReached = [...this.#reached([to], () => true)].some((callable) => members.has(callable));
    return isReached ? byArguments : true;
  }

  /** Whether an accessor calls the callable, itself an accessor or not, as a member of its manager. */
  isManaged(callable: Callable): boolean {
    return this.accessors.some((accessor) => accessor.callable !== callable && this.#managedMembers(accessor).has(callable));
  }

  /** The members of managers that the accessor calls, without those that it surely calls in spite of its bypass. */
  #managedMembers(accessor: Accessor): ReadonlySet<Callable> {
    const known = this.#membersOf.get(accessor);
    if (known) return known;
    const { graph } = this;
    const bypassed = this.#reached(
      graph.contextsFor(accessor.callable, bypassArguments(accessor, true)),
      ({ doubt }) => doubt === undefined,
    );
    const members = new Set(
      [...this.#reached(graph.contextsFor(accessor.callable, undefined), () => true)].filter((callable) => !bypassed.has(callable)),
    );
    this.#membersOf.set(accessor, members);
    return members;
  }

  /** The members of managers to which the contexts lead. The search ends at them. */
  #reached(starts: readonly CallContext[], isFollowed: (edge: CallEdge) => boolean): ReadonlySet<Callable> {
    const members = new Set<Callable>();
    const contexts = new Set(starts);
    // A set may grow while it is read: this is a breadth-first search.
    for (const context of contexts)
      for (const edge of this.graph.edgesFrom(context)) {
        const { to } = edge;
        if (!isFollowed(edge) || !this.#leading.has(to.callable)) continue;
        if (this.#managed.has(to.callable)) members.add(to.callable);
        else contexts.add(to);
      }
    return members;
  }
}
