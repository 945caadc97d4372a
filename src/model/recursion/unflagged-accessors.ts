import type { ts as TS } from 'ts-morph';
import { type Accessor, type Bypass, flagsOf, returnsClient, namedBypass, returnedBy } from '../connections/accessors.js';
import type { CallGraph } from '../call-graph/call-graph.js';
import { componentsOf } from '../graph/strongly-connected.js';
import type { ClientProviders } from '../clients/providers.js';
import { findBypassHonored, hasFewTargets } from './recursion.js';
import { hasBody, isFunction, isNamed, type Callable, callableName, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** The methods of a service, by the names that clients give them. */
const statement = /^(?:query|insert|command|exec|execute|select|ping)$/;

/**
 * Without settings and without a switch of a telling name: functions that give a client, and methods that run a statement on one, and that
 * are asked again by whom they ask. A class that calls itself, and a function that starts itself anew, are no circle through somebody else.
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
      if (bypass || returnsClient(callable, providers, checker))
        found.push({
          callable,
          name: callableName(callable),
          bypass,
          gives: 'client',
          evidence: 'it returns a client, and whom it asks for one asks it again',
        });
      else if (runsStatements(callable, providers, checker)) {
        const accessor: Accessor = {
          callable,
          name: callableName(callable),
          bypass: undefined,
          gives: 'result',
          evidence: 'it runs statements on a client, and whom it asks runs one by it',
        };
        found.push({ ...accessor, bypass: flagThatEndsCycle(accessor, graph, checker) });
      }
    }
  }
  return found;
}

/** A public method of a service: its class keeps a client. */
function runsStatements(callable: TS.FunctionLikeDeclaration, providers: ClientProviders, checker: TS.TypeChecker): boolean {
  const { parent } = callable;
  const isOpen = (ts.getCombinedModifierFlags(callable) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) === 0;
  return (
    isOpen &&
    ts.isClassLike(parent) &&
    statement.test(staticName(callable.name) ?? '') &&
    providers.containsClient(checker.getTypeAtLocation(parent))
  );
}

/** The switch, whatever its name, with which it asks nobody who asks it again. */
function flagThatEndsCycle(accessor: Accessor, graph: CallGraph, checker: TS.TypeChecker): Bypass | undefined {
  return flagsOf(accessor.callable, checker).find((bypass) => findBypassHonored([{ ...accessor, bypass }], graph, hasFewTargets).size > 0);
}

/** Whatever it returns it asks of the circle: so no type says what is given, but nobody gives anything else either. */
function returnsOnlyCycleCalls(callable: TS.FunctionLikeDeclaration, cycle: ReadonlySet<Callable>, graph: CallGraph): boolean {
  const returned = returnedBy(callable).map(unwrap);
  return returned.length > 0 && returned.every((value) => [...graph.targetsAt(value)].some((target) => cycle.has(target)));
}

/** What belongs together: a class with its methods, or a function with the functions inside. */
function unitOf(callable: Callable): TS.Node {
  const owner = ts.findAncestor(callable.parent, (node) => ts.isClassLike(node) || isFunction(node));
  if (ts.isSourceFile(callable) || !owner) return callable;
  return ts.isClassLike(owner) ? owner : isFunction(owner) ? unitOf(owner) : callable;
}
