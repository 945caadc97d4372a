import type { ts as TS } from 'ts-morph';
import type { Doubt } from '../dataflow/doubt.js';
import { type AbstractEnv, type AbstractValue, join, unknown } from './abstract-value.js';

/** The known values at one point of a function. */
export interface AbstractState {
  /** The values of the variables, parameters and fields that the function has touched. */
  readonly env: Map<TS.Node, AbstractValue>;
  /** Why control may never come here; undefined if it comes here for some input. */
  readonly doubt: Doubt | undefined;
}

/** Returns a copy: a branch changes its own. */
export function copyState({ env, doubt }: AbstractState): AbstractState {
  return { env: new Map(env), doubt };
}

/** Returns what holds where branches meet; undefined if no branch arrives. */
export function joinStates(states: readonly (AbstractState | undefined)[]): AbstractState | undefined {
  return states.reduce<AbstractState | undefined>((one, other) => (one && other ? joined(one, other) : (one ?? other)), undefined);
}

function joined(one: AbstractState, other: AbstractState): AbstractState {
  const env = new Map<TS.Node, AbstractValue>();
  for (const [declaration, value] of one.env) env.set(declaration, join(value, other.env.get(declaration) ?? unknown));
  for (const declaration of other.env.keys()) if (!one.env.has(declaration)) env.set(declaration, unknown);
  return { env, doubt: one.doubt && other.doubt };
}

/** Replaces an object wherever a variable holds it: two variables may hold the same object. */
export function replaceObject(env: Map<TS.Node, AbstractValue>, before: AbstractValue, after: AbstractValue): void {
  for (const [declaration, value] of env) {
    const replaced = replacedIn(value, before, after);
    if (replaced !== value) env.set(declaration, replaced);
  }
}

function replacedIn(value: AbstractValue, before: AbstractValue, after: AbstractValue): AbstractValue {
  if (value === before) return after;
  if (value.kind !== 'object') return value;
  const properties = new Map([...value.properties].map(([name, property]) => [name, replacedIn(property, before, after)] as const));
  return [...properties].some(([name, property]) => property !== value.properties.get(name)) ? { ...value, properties } : value;
}

/** Whether two environments hold the same values. */
export function isSameEnv(one: AbstractEnv, other: AbstractEnv): boolean {
  return one.size === other.size && [...one].every(([declaration, value]) => other.get(declaration) === value);
}
