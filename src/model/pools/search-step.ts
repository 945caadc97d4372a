import type { ts as TS } from 'ts-morph';
import type { CallContext } from '../call-graph/call-graph.js';
import type { CallSite } from '../dataflow/call-sites.js';
import type { Callable } from '../typescript/syntax.js';
import type { Place } from './places.js';
import type { Pool } from './pool.js';

/** Calls, each with the callable that runs it. */
export type CallPath = readonly { readonly callable: Callable; readonly site: CallSite }[];

/** A call that runs under the lease, in the state in which the search reaches it. */
export interface Step {
  readonly context: CallContext;
  /** The pool that `this` is in the callable, if it is a pool. */
  readonly self: Pick<Pool, 'field'> & { readonly instance: TS.Node | undefined };
  /** The parameters that receive the held lease. */
  readonly given: ReadonlySet<TS.Node>;
  /** Whether `this` is the object whose field has the pool. */
  readonly isSameThis: boolean;
  /** The storages of context in which the code runs. */
  readonly storages: readonly Place[];
  /** Whether the holder waits for the callable. If not, only what it keeps in an awaited place counts. */
  readonly isAwaited: boolean;
  readonly path: CallPath;
}

/** Whether a search from the earlier step finds all that a search from the step finds. */
export function isCovered(step: Step, earlier: Step): boolean {
  const isAtLeastAwaited = earlier.isAwaited || !step.isAwaited;
  const isAtLeastSame = earlier.isSameThis || !step.isSameThis;
  const isLessGuarded = earlier.storages.every((storage) => step.storages.includes(storage));
  return (
    earlier.self.instance === step.self.instance &&
    isAtLeastAwaited &&
    isAtLeastSame &&
    isLessGuarded &&
    [...earlier.given].every((parameter) => step.given.has(parameter))
  );
}
