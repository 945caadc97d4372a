import type { ts as TS } from 'ts-morph';
import type { CallEdge, CallGraph } from '../call-graph/call-graph.js';
import { isSurelyUnderKey } from '../call-graph/key-conditions.js';
import type { Accessor } from '../connections/accessors.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { type Callable, isFunction } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { sitesByTarget } from './container-accessors.js';

/** Adds a doubt to a call edge if the code does not show that the call runs its target. */
type AddDoubt = (edge: CallEdge) => CallEdge;

/**
 * Returns for each callable on a call cycle through an own container how its calls are in doubt: the code may not show which registered
 * function they run. `findRecursions` calls it.
 */
export function containerDoubts(
  accessors: readonly Accessor[],
  cycles: readonly (readonly Callable[])[],
  graph: CallGraph,
): ReadonlyMap<Callable, AddDoubt> {
  const containers = accessors.filter(({ requesters }) => requesters !== undefined).map(({ callable }) => callable);
  if (containers.length === 0) return new Map();
  const callers = sitesByTarget(graph);
  return new Map(
    cycles.flatMap((cycle): [Callable, AddDoubt][] => {
      const onCycle = new Set<Callable>(cycle);
      const owners = new Set(containers.filter((callable) => onCycle.has(callable)).map(ownerOf));
      if (owners.size === 0) return [];
      const addDoubt = doubtsAround(owners, onCycle, callers, graph);
      return cycle.map((callable) => [callable, addDoubt]);
    }),
  );
}

function doubtsAround(
  owners: ReadonlySet<Callable>,
  onCycle: ReadonlySet<Callable>,
  callers: ReadonlyMap<Callable, readonly CallSite[]>,
  graph: CallGraph,
): AddDoubt {
  const isShared = [...owners].some((owner) => isMadeTwice(owner, callers));
  /** A call by which the caller changes the container before it asks again: it may register an instance. */
  const changeIn = (caller: Callable): CallSite | undefined =>
    owners.has(ownerOf(caller))
      ? undefined
      : graph
          .sitesOf(caller)
          .find(({ targets }) => [...targets].some((target) => isFunction(target) && owners.has(ownerOf(target)) && !onCycle.has(target)));
  return (edge) => {
    const { from, site, to, doubt } = edge;
    if (doubt) return edge;
    const change = ts.isSourceFile(from.callable) ? undefined : changeIn(from.callable);
    if (change) return { ...edge, doubt: { kind: 'expression', node: change.node } };
    const isOne = site.callbacks.has(to.callable) || (site.targets.size === 1 && !site.keys.has(to.callable));
    if (isOne || !ts.isCallExpression(site.node)) return edge;
    const found = [...site.targets].filter((target) => isSurelyUnderKey(site.keys.get(target), from.bindings));
    return found.length === 1 && found[0] === to.callable && !isShared
      ? edge
      : { ...edge, doubt: { kind: 'expression', node: site.node.expression } };
  };
}

/** The class, function or module that holds what a container stores. */
function ownerOf(callable: Callable): Callable {
  const owner = ts.findAncestor(callable.parent, (node) => ts.isClassLike(node) || isFunction(node));
  return owner && (ts.isClassLike(owner) || isFunction(owner)) ? owner : callable.getSourceFile();
}

/** Whether the program makes more than one container of this kind. They hold different functions under the same key. */
function isMadeTwice(owner: Callable, callers: ReadonlyMap<Callable, readonly CallSite[]>): boolean {
  const seen = new Set<TS.Node>();
  const count = (callable: Callable): number => {
    if (ts.isSourceFile(callable) || seen.has(callable)) return 1;
    seen.add(callable);
    const sites = callers.get(callable) ?? [];
    return sites.length > 1 ? sites.length : sites.reduce((sum, { caller }) => sum + count(caller), 0);
  };
  return count(owner) > 1;
}
