import type { ts as TS } from 'ts-morph';
import { type Accessor, givesClient, namedBypass, returnedBy } from './accessors.js';
import type { CallGraph } from './call-graph.js';
import { componentsOf } from './components.js';
import type { Makers } from './makers.js';
import { hasBody, isFunction, isNamed, type Routine, routineName, unwrap } from './syntax.js';
import { ts } from './typescript.js';

/**
 * Without settings and without a switch: functions that give a client and that are asked again by whom they ask. A class that
 * calls itself, and a function that starts itself anew, are no circle through somebody else.
 */
export function unflaggedAccessors(graph: CallGraph, flagged: readonly Accessor[], makers: Makers, checker: TS.TypeChecker): Accessor[] {
  const isFlagged = new Set<Routine>(flagged.map(({ routine }) => routine));
  const found: Accessor[] = [];
  for (const component of componentsOf(graph.routines, (routine) => graph.callees(routine))) {
    const circle = new Set(component);
    for (const routine of component) {
      if (!isFunction(routine) || !hasBody(routine) || !isNamed(routine) || ts.isConstructorDeclaration(routine) || isFlagged.has(routine)) continue;
      if (component.every((other) => unitOf(other) === unitOf(routine))) continue;
      const bypass = onlyGoesRound(routine, circle, graph) ? namedBypass(routine, checker) : undefined;
      if (!bypass && !givesClient(routine, makers, checker)) continue;
      found.push({ routine, name: routineName(routine), bypass, evidence: 'it returns a client, and whom it asks for one asks it again' });
    }
  }
  return found;
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
