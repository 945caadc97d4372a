import type { ts as TS } from 'ts-morph';

/** The calls whose failure an error may be, as far as the code shows it. */
export interface Failures {
  /** The calls of ClickHouse whose failure it may be; empty if there is none. */
  readonly calls: readonly TS.Node[];
  /** Whether a failure of something else may arrive too. */
  readonly isMixed: boolean;
}

/** Nothing that can fail. */
export const noFailures: Failures = { calls: [], isMixed: false };

/** A failure of which the code shows no call of ClickHouse. */
export const otherFailures: Failures = { calls: [], isMixed: true };

/** Returns the failure of one call of ClickHouse. */
export function failureOf(call: TS.Node): Failures {
  return { calls: [call], isMixed: false };
}

/** Returns the failures of alternatives. */
export function joinFailures(all: readonly Failures[]): Failures {
  const calls = [...new Set(all.flatMap((one) => one.calls))];
  return { calls, isMixed: all.some(({ isMixed }) => isMixed) };
}

/** The arguments of the parameters of the functions through which a value is followed. */
export type Bindings = ReadonlyMap<TS.ParameterDeclaration, BoundArgument>;

/** An argument, with the bindings of the code that it is written in. */
export interface BoundArgument {
  readonly value: TS.Expression | undefined;
  readonly bindings: Bindings;
}

/** No parameter has a known argument. */
export const noBindings: Bindings = new Map();

/** Returns the bindings inside a function for a call of it. */
export function bindingsOf(callable: TS.FunctionLikeDeclaration, args: readonly TS.Expression[], bindings: Bindings): Bindings {
  const inside = new Map<TS.ParameterDeclaration, BoundArgument>();
  callable.parameters.forEach((parameter, index) => inside.set(parameter, { value: args[index], bindings }));
  return inside;
}

/** Levels of functions through which errors and failures are followed. */
export const maxDepth = 6;
