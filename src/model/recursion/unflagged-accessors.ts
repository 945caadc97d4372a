import type { ts as TS } from 'ts-morph';
import {
  type Accessor,
  type AccessorSetting,
  type Bypass,
  isBypassName,
  returnsClient,
  namedBypass,
  returnedBy,
} from '../connections/accessors.js';
import { flagValuesOf } from '../connections/flag-values.js';
import { CallGraph } from '../call-graph/call-graph.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { componentsOf } from '../graph/strongly-connected.js';
import { ClientProviders } from '../clients/providers.js';
import { findBypassHonored, hasFewTargets, type Recursion } from './recursion.js';
import { hasBody, isFunction, isNamed, type Callable, callableName, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Methods of clients that run a statement. A service has methods of the same names. */
const statementNames = /^(?:query|insert|command|exec|execute|select|ping)$/;

/**
 * Returns candidates for accessors without a flag whose name shows the bypass; none if the settings declare the accessors. `buildModel`
 * calls it.
 */
export function findUnflaggedAccessors(
  sites: readonly CallSite[],
  flagged: readonly Accessor[],
  declared: readonly AccessorSetting[],
  checker: TS.TypeChecker,
): Accessor[] {
  if (declared.length > 0) return [];
  return unflaggedAccessors(new CallGraph(sites, checker, new Set()), flagged, new ClientProviders(checker), checker);
}

/** Returns the candidates that a recursion passes: without a flag, only the recursion makes a function an accessor. */
export function accessorsInRecursions(candidates: readonly Accessor[], recursions: readonly Recursion[]): Accessor[] {
  return candidates.filter((candidate) => recursions.some(({ accessor }) => accessor === candidate));
}

/**
 * Returns the functions that return a client, and the methods that run a statement on one, if they lie on a call cycle. A cycle inside one
 * class or one function does not count.
 */
export function unflaggedAccessors(
  graph: CallGraph,
  flagged: readonly Accessor[],
  providers: ClientProviders,
  checker: TS.TypeChecker,
): Accessor[] {
  const isFlagged = new Set<Callable>(flagged.map(({ callable }) => callable));
  const found: Accessor[] = [];
  for (const component of componentsOf(graph.callables, (callable) => graph.callees(callable))) {
    const cycle = new Set(component);
    for (const callable of component) {
      if (
        !isFunction(callable) ||
        !hasBody(callable) ||
        !isNamed(callable) ||
        ts.isConstructorDeclaration(callable) ||
        isFlagged.has(callable)
      )
        continue;
      if (component.every((other) => unitOf(other) === unitOf(callable))) continue;
      const bypass = returnsOnlyCycleCalls(callable, cycle, graph) ? namedBypass(callable, checker) : undefined;
      if (bypass || returnsClient(callable, providers, checker)) {
        const accessor: Accessor = {
          callable,
          name: callableName(callable),
          bypass,
          gives: 'client',
          evidence: 'it returns a client, and a function that it calls for one calls it again',
        };
        found.push(bypass ? accessor : { ...accessor, bypass: flagThatEndsCycle(accessor, graph, checker) });
      } else if (runsStatements(callable, providers, checker)) {
        const accessor: Accessor = {
          callable,
          name: callableName(callable),
          bypass: undefined,
          gives: 'result',
          evidence: 'it runs statements on a client, and a function that it calls runs a statement by it',
        };
        found.push({ ...accessor, bypass: flagThatEndsCycle(accessor, graph, checker) });
      }
    }
  }
  return found;
}

/** Whether the callable is a public statement method of a class that keeps a client. */
function runsStatements(callable: TS.FunctionLikeDeclaration, providers: ClientProviders, checker: TS.TypeChecker): boolean {
  const { parent } = callable;
  const isPublic = (ts.getCombinedModifierFlags(callable) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) === 0;
  return (
    isPublic &&
    ts.isClassLike(parent) &&
    statementNames.test(staticName(callable.name) ?? '') &&
    providers.containsClient(checker.getTypeAtLocation(parent))
  );
}

/** The flag, of any name, that ends the call cycle once it is set: one whose name says so or, if there is none, all. */
function flagThatEndsCycle(accessor: Accessor, graph: CallGraph, checker: TS.TypeChecker): Bypass | undefined {
  const ending = flagValuesOf(accessor.callable, checker)
    .map((bypass) => ({ ...bypass, isByUse: !(bypass.value === true && isBypassName(bypass.name)) }))
    .filter((bypass) => findBypassHonored([{ ...accessor, bypass }], graph, hasFewTargets).size > 0);
  const [bypass, ...alternatives] = ending.some(({ isByUse }) => !isByUse) ? ending.filter(({ isByUse }) => !isByUse) : ending;
  return bypass && { ...bypass, alternatives };
}

/** Whether each returned value comes from a call inside the cycle: then its type is unknown, but no other source exists. */
function returnsOnlyCycleCalls(callable: TS.FunctionLikeDeclaration, cycle: ReadonlySet<Callable>, graph: CallGraph): boolean {
  const returned = returnedBy(callable).map(unwrap);
  return returned.length > 0 && returned.every((value) => [...graph.targetsAt(value)].some((target) => cycle.has(target)));
}

/** The unit that a callable belongs to: a class with its methods, or a function with the functions inside it. */
function unitOf(callable: Callable): TS.Node {
  const owner = ts.findAncestor(callable.parent, (node) => ts.isClassLike(node) || isFunction(node));
  if (ts.isSourceFile(callable) || !owner) return callable;
  return ts.isClassLike(owner) ? owner : isFunction(owner) ? unitOf(owner) : callable;
}
