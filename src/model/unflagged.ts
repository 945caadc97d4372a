import type { ts as TS } from 'ts-morph';
import { type Accessor, givesClient } from './accessors.js';
import type { CallGraph } from './call-graph.js';
import { componentsOf } from './components.js';
import type { Makers } from './makers.js';
import { hasBody, isFunction, isNamed, type Routine, routineName } from './syntax.js';
import { ts } from './typescript.js';

/**
 * Without settings and without a switch: functions that give a client and that are asked again by whom they ask. A class that
 * calls itself, and a function that starts itself anew, are no circle through somebody else.
 */
export function unflaggedAccessors(graph: CallGraph, flagged: readonly Accessor[], makers: Makers, checker: TS.TypeChecker): Accessor[] {
  const isFlagged = new Set<Routine>(flagged.map(({ routine }) => routine));
  return componentsOf(graph.routines, (routine) => graph.callees(routine))
    .filter((component) => component.length > 1)
    .flatMap((component) =>
      component
        .filter((routine) => isFunction(routine) && hasBody(routine) && isNamed(routine) && !ts.isConstructorDeclaration(routine) && !isFlagged.has(routine))
        .filter((routine) => component.some((other) => isNamed(other) && unitOf(other) !== unitOf(routine)))
        .filter((routine) => isFunction(routine) && givesClient(routine, makers, checker)),
    )
    .map((routine) => ({ routine: routine as TS.FunctionLikeDeclaration, name: routineName(routine), bypass: undefined, evidence: 'it returns a client, and whom it asks for one asks it again' }));
}

/** What belongs together: a class with its methods, or a function with the functions inside. */
function unitOf(routine: Routine): TS.Node {
  const owner = ts.findAncestor(routine.parent, (node) => ts.isClassLike(node) || isFunction(node));
  if (ts.isSourceFile(routine) || !owner) return routine;
  return ts.isClassLike(owner) ? owner : isFunction(owner) ? unitOf(owner) : routine;
}
