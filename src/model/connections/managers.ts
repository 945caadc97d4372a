import type { ts as TS } from 'ts-morph';
import type { Accessor } from './accessors.js';
import type { CallGraph } from '../call-graph/call-graph.js';
import { absent, type Known } from '../call-graph/abstract-value.js';
import { isFunction, type Routine } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Code that owns clients for others: whatever it runs must not ask an accessor for what the accessor asks of it. */
export interface Manager {
  readonly name: string;
  readonly routines: readonly Routine[];
  /** Why it was taken for one. */
  readonly evidence: string;
}

/** Managers that settings name by their module. */
export function declaredManagers(routines: readonly Routine[], isManager: (file: string) => boolean): Manager[] {
  const byFile = new Map<string, Routine[]>();
  for (const routine of routines) {
    const file = routine.getSourceFile().fileName;
    if (!ts.isSourceFile(routine) && isManager(file)) byFile.set(file, [...(byFile.get(file) ?? []), routine]);
  }
  return [...byFile].map(([file, own]) => ({
    name: file.split('/').at(-1) ?? file,
    routines: own,
    evidence: 'it is listed under "managers" in the settings',
  }));
}

/** Without settings: the classes that an accessor turns to when it is not bypassed, and only then. */
export function detectedManagers(accessors: readonly Accessor[], graph: CallGraph, routines: readonly Routine[]): Manager[] {
  const classes = new Map<TS.ClassLikeDeclaration, Accessor>();
  for (const accessor of accessors) {
    if (!accessor.bypass) continue;
    const bypassed = new Set(classesCalled(graph, accessor, bypassArguments(accessor, true)));
    for (const called of classesCalled(graph, accessor, bypassArguments(accessor, false)))
      if (!bypassed.has(called)) classes.set(called, accessor);
  }
  return [...classes].map(([node, accessor]) => ({
    name: node.name?.text ?? 'class',
    routines: routines.filter((routine) => ownerOf(routine) === node),
    evidence: `${accessor.name} turns to it unless it is bypassed`,
  }));
}

/** Arguments that enter an accessor with its bypass set, or clear, and nothing else known. */
export function bypassArguments({ bypass }: Accessor, isBypassed: boolean): Known[] | undefined {
  if (!bypass) return undefined;
  const value: Known = isBypassed
    ? { kind: 'literal', value: bypass.value }
    : typeof bypass.value === 'boolean'
      ? { kind: 'literal', value: !bypass.value }
      : absent;
  const given: Known[] = new Array<Known>(bypass.index).fill({ kind: 'unknown' });
  return [...given, bypass.isOption ? { kind: 'object', properties: new Map([[bypass.name, value]]), isWhole: false } : value];
}

function classesCalled(graph: CallGraph, accessor: Accessor, given: readonly Known[] | undefined): TS.ClassLikeDeclaration[] {
  const steps = graph.enter(accessor.routine, given).flatMap((state) => graph.steps(state));
  const own = ownerOf(accessor.routine);
  return steps.map(({ to }) => ownerOf(to.routine)).filter((owner) => owner !== undefined && owner !== own) as TS.ClassLikeDeclaration[];
}

function ownerOf(routine: Routine): TS.ClassLikeDeclaration | undefined {
  if (ts.isClassLike(routine)) return routine;
  return isFunction(routine) ? ts.findAncestor(routine.parent, ts.isClassLike) : undefined;
}
