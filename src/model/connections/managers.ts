import type { ts as TS } from 'ts-morph';
import type { Accessor } from './accessors.js';
import type { CallGraph } from '../call-graph/call-graph.js';
import { undefinedValue, type AbstractValue } from '../interpreter/abstract-value.js';
import { isFunction, type Callable } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Code that owns clients for other code. An accessor calls it to get a client, so it must not call that accessor. */
export interface Manager {
  /** Name of the class; of a declared manager the name of its file. */
  readonly name: string;
  /** The class and its methods; of a declared manager all callables of the file. */
  readonly callables: readonly Callable[];
  /** Why it counts as a manager, as a clause for a notice. */
  readonly evidence: string;
}

/** Returns the managers that the settings declare or, if they declare none, those that accessors show. `buildModel` calls it. */
export function findManagers(
  callables: readonly Callable[],
  accessors: readonly Accessor[],
  graph: CallGraph,
  isDeclared: ((file: string) => boolean) | undefined,
): Manager[] {
  return isDeclared ? declaredManagers(callables, isDeclared) : detectedManagers(accessors, graph, callables);
}

function declaredManagers(callables: readonly Callable[], isManager: (file: string) => boolean): Manager[] {
  const byFile = new Map<string, Callable[]>();
  for (const callable of callables) {
    const file = callable.getSourceFile().fileName;
    if (!ts.isSourceFile(callable) && isManager(file)) byFile.set(file, [...(byFile.get(file) ?? []), callable]);
  }
  return [...byFile].map(([file, callablesOfFile]) => ({
    name: file.split('/').at(-1) ?? file,
    callables: callablesOfFile,
    evidence: 'it is listed under "managers" in the settings',
  }));
}

/** Returns the classes that an accessor calls unless its bypass is set, and only then. */
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
    evidence: `${accessor.name} calls it unless the bypass is set`,
  }));
}

/** Returns arguments that set or clear the bypass of an accessor; all other values are unknown. Undefined if it has no bypass. */
export function bypassArguments({ bypass }: Accessor, isBypassed: boolean): AbstractValue[] | undefined {
  if (!bypass) return undefined;
  const value: AbstractValue = isBypassed
    ? { kind: 'literal', value: bypass.value }
    : typeof bypass.value === 'boolean'
      ? { kind: 'literal', value: !bypass.value }
      : undefinedValue;
  const before: AbstractValue[] = new Array<AbstractValue>(bypass.index).fill({ kind: 'unknown' });
  return [...before, bypass.isOption ? { kind: 'object', properties: new Map([[bypass.name, value]]), isExact: false } : value];
}

function classesCalled(graph: CallGraph, accessor: Accessor, args: readonly AbstractValue[] | undefined): TS.ClassLikeDeclaration[] {
  const edges = graph.contextsFor(accessor.callable, args).flatMap((context) => graph.edgesFrom(context));
  const own = ownerOf(accessor.callable);
  return edges.map(({ to }) => ownerOf(to.callable)).filter((owner) => owner !== undefined && owner !== own) as TS.ClassLikeDeclaration[];
}

function ownerOf(callable: Callable): TS.ClassLikeDeclaration | undefined {
  if (ts.isClassLike(callable)) return callable;
  return isFunction(callable) ? ts.findAncestor(callable.parent, ts.isClassLike) : undefined;
}
