import type { ts as TS } from 'ts-morph';
import type { Accessor } from './accessors.js';
import { callablesReaching } from '../call-graph/callers.js';
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

/**
 * Returns the classes that an accessor does not call if its bypass is set. A class with a method that leads back to an accessor is also one
 * if the interpreter does not understand the condition, or if the accessor calls other methods of the class in spite of its bypass.
 */
export function detectedManagers(accessors: readonly Accessor[], graph: CallGraph, callables: readonly Callable[]): Manager[] {
  const classes = new Map<TS.ClassLikeDeclaration, Accessor>();
  const accessing = callablesReaching(
    accessors.map(({ callable }) => callable),
    graph,
  );
  for (const accessor of accessors) {
    if (!accessor.bypass) continue;
    const bypassed = callsOfMembers(graph, accessor, bypassArguments(accessor, true), accessing);
    const bypassedOwners = new Set([...bypassed.keys()].map(ownerOf));
    for (const member of callsOfMembers(graph, accessor, undefined, accessing).keys()) {
      const owner = ownerOf(member);
      if (owner && (!bypassedOwners.has(owner) || (bypassed.get(member) !== 'certain' && accessing.has(member))))
        classes.set(owner, accessor);
    }
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
    ? { kind: 'literal', value: bypass.value, isFlag: typeof bypass.value === 'number' }
    : typeof bypass.value === 'boolean'
      ? { kind: 'literal', value: !bypass.value }
      : undefinedValue;
  const before: AbstractValue[] = new Array<AbstractValue>(bypass.index).fill({ kind: 'unknown' });
  return [...before, bypass.isOption ? { kind: 'object', properties: new Map([[bypass.name, value]]), isExact: false } : value];
}

/**
 * The members of classes that an accessor calls, itself or by plain functions that lead back to an accessor. A call is certain if no
 * condition on the way to it is beyond the interpreter.
 */
function callsOfMembers(
  graph: CallGraph,
  accessor: Accessor,
  args: readonly AbstractValue[] | undefined,
  accessing: ReadonlySet<Callable>,
): ReadonlyMap<Callable, 'certain' | 'doubtful'> {
  const own = ownerOf(accessor.callable);
  const starts = graph.contextsFor(accessor.callable, args);
  const members = new Map<Callable, 'certain' | 'doubtful'>();
  for (const certainty of ['certain', 'doubtful'] as const) {
    const contexts = new Set(starts);
    // A set may grow while it is read: this is a breadth-first search.
    for (const context of contexts)
      for (const { to, doubt } of graph.edgesFrom(context)) {
        const owner = ownerOf(to.callable);
        if (certainty === 'certain' && doubt) continue;
        if (owner && owner !== own) members.set(to.callable, members.get(to.callable) ?? certainty);
        else if (accessing.has(to.callable)) contexts.add(to);
      }
  }
  return members;
}

function ownerOf(callable: Callable): TS.ClassLikeDeclaration | undefined {
  if (ts.isClassLike(callable)) return callable;
  return isFunction(callable) ? ts.findAncestor(callable.parent, ts.isClassLike) : undefined;
}
