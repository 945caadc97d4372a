import type { ts as TS } from 'ts-morph';
import { type Accessor, type Bypass, flagsOf, givesClient, namedBypass, returnedBy } from '../connections/accessors.js';
import type { CallGraph } from '../call-graph/call-graph.js';
import { componentsOf } from '../graph/strongly-connected.js';
import type { Makers } from '../clients/providers.js';
import { findHonest, isClear } from './recursion.js';
import { hasBody, isFunction, isNamed, type Routine, routineName, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** The methods of a service, by the names that clients give them. */
const statement = /^(?:query|insert|command|exec|execute|select|ping)$/;

/**
 * Without settings and without a switch of a telling name: functions that give a client, and methods that run a statement on one, and that
 * are asked again by whom they ask. A class that calls itself, and a function that starts itself anew, are no circle through somebody else.
 */
export function unflaggedAccessors(graph: CallGraph, flagged: readonly Accessor[], makers: Makers, checker: TS.TypeChecker): Accessor[] {
  const isFlagged = new Set<Routine>(flagged.map(({ routine }) => routine));
  const found: Accessor[] = [];
  for (const component of componentsOf(graph.routines, (routine) => graph.callees(routine))) {
    const circle = new Set(component);
    for (const routine of component) {
      if (!isFunction(routine) || !hasBody(routine) || !isNamed(routine) || ts.isConstructorDeclaration(routine) || isFlagged.has(routine))
        continue;
      if (component.every((other) => unitOf(other) === unitOf(routine))) continue;
      const bypass = onlyGoesRound(routine, circle, graph) ? namedBypass(routine, checker) : undefined;
      if (bypass || givesClient(routine, makers, checker))
        found.push({
          routine,
          name: routineName(routine),
          bypass,
          gives: 'client',
          evidence: 'it returns a client, and whom it asks for one asks it again',
        });
      else if (runsStatements(routine, makers, checker)) {
        const accessor: Accessor = {
          routine,
          name: routineName(routine),
          bypass: undefined,
          gives: 'result',
          evidence: 'it runs statements on a client, and whom it asks runs one by it',
        };
        found.push({ ...accessor, bypass: switchThatEnds(accessor, graph, checker) });
      }
    }
  }
  return found;
}

/** A public method of a service: its class keeps a client. */
function runsStatements(routine: TS.FunctionLikeDeclaration, makers: Makers, checker: TS.TypeChecker): boolean {
  const { parent } = routine;
  const isOpen = (ts.getCombinedModifierFlags(routine) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) === 0;
  return (
    isOpen && ts.isClassLike(parent) && statement.test(staticName(routine.name) ?? '') && makers.holds(checker.getTypeAtLocation(parent))
  );
}

/** The switch, whatever its name, with which it asks nobody who asks it again. */
function switchThatEnds(accessor: Accessor, graph: CallGraph, checker: TS.TypeChecker): Bypass | undefined {
  return flagsOf(accessor.routine, checker).find((bypass) => findHonest([{ ...accessor, bypass }], graph, isClear).size > 0);
}

/** Whatever it returns it asks of the circle: so no type says what is given, but nobody gives anything else either. */
function onlyGoesRound(routine: TS.FunctionLikeDeclaration, circle: ReadonlySet<Routine>, graph: CallGraph): boolean {
  const returned = returnedBy(routine).map(unwrap);
  return returned.length > 0 && returned.every((value) => [...graph.targetsAt(value)].some((target) => circle.has(target)));
}

/** What belongs together: a class with its methods, or a function with the functions inside. */
function unitOf(routine: Routine): TS.Node {
  const owner = ts.findAncestor(routine.parent, (node) => ts.isClassLike(node) || isFunction(node));
  if (ts.isSourceFile(routine) || !owner) return routine;
  return ts.isClassLike(owner) ? owner : isFunction(owner) ? unitOf(owner) : routine;
}
