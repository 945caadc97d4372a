import type { ts as TS } from 'ts-morph';
import type { Accessor } from './accessors.js';
import type { CallGraph } from '../call-graph/call-graph.js';
import { undefinedValue, type AbstractValue } from '../call-graph/abstract-value.js';
import { isFunction, type Callable } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Code that owns clients for others: whatever it runs must not ask an accessor for what the accessor asks of it. */
export interface Manager {
  readonly name: string;
  readonly callables: readonly Callable[];
  /** Why it was taken for one. */
  readonly evidence: string;
}

/** Managers that settings name by their module. */
export function declaredManagers(callables: readonly Callable[], isManager: (file: string) => boolean): Manager[] {
  const byFile = new Map<string, Callable[]>();
  for (const callable of callables) {
    const file = callable.getSourceFile().fileName;
    if (!ts.isSourceFile(callable) && isManager(file)) byFile.set(file, [...(byFile.get(file) ?? []), callable]);
  }
  return [...byFile].map(([file, own]) => ({
    name: file.split('/').at(-1) ?? file,
    callables: own,
    evidence: 'it is listed under "managers" in the settings',
  }));
}

/** Without settings: the classes that an accessor turns to when it is not bypassed, and only then. */
export function detectedManagers(accessors: readonly Accessor[], graph: CallGraph, callables: readonly Callable[]): Manager[] {
  const classes = new Map<TS.ClassLikeDeclaration, Accessor>();
  for (const accessor of accessors) {
    if (!accessor.bypass) continue;
    const bypassed = new Set(classesCalled(graph, accessor, bypassArguments(accessor, true)));
    for (const called of classesCalled(graph, accessor, bypassArguments(accessor, false)))
      if (!bypassed.has(called)) classes.set(called, accessor);
  }
  return [...classes].map(([node, accessor]) => ({
    name: node.name?.text ?? 'class',
    callables: callables.filter((callable) => ownerOf(callable) === node),
    evidence: `${accessor.name} turns to it unless it is bypassed`,
  }));
}

/** Arguments that enter an accessor with its bypass set, or clear, and nothing else known. */
export function bypassArguments({ bypass }: Accessor, isBypassed: boolean): AbstractValue[] | undefined {
  if (!bypass) return undefined;
  const value: AbstractValue = isBypassed
    ? { kind: 'literal', value: bypass.value }
    : typeof bypass.value === 'boolean'
      ? { kind: 'literal', value: !bypass.value }
      : undefinedValue;
  const given: AbstractValue[] = new Array<AbstractValue>(bypass.index).fill({ kind: 'unknown' });
  return [...given, bypass.isOption ? { kind: 'object', properties: new Map([[bypass.name, value]]), isExact: false } : value];
}

function classesCalled(graph: CallGraph, accessor: Accessor, given: readonly AbstractValue[] | undefined): TS.ClassLikeDeclaration[] {
  const steps = graph.contextsFor(accessor.callable, given).flatMap((state) => graph.edgesFrom(state));
  const own = ownerOf(accessor.callable);
  return steps.map(({ to }) => ownerOf(to.callable)).filter((owner) => owner !== undefined && owner !== own) as TS.ClassLikeDeclaration[];
}

function ownerOf(callable: Callable): TS.ClassLikeDeclaration | undefined {
  if (ts.isClassLike(callable)) return callable;
  return isFunction(callable) ? ts.findAncestor(callable.parent, ts.isClassLike) : undefined;
}
