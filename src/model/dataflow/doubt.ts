import type { ts } from 'ts-morph';

/** Why a call edge may not exist: the analysis did not understand something that decides about it. */
export interface Doubt {
  /**
   * `expression`: the value of an expression is not understood. `budget`: the analysis stopped at a limit. `once`: a call on the cycle runs
   * at most once, but a kept promise may wait for it. `failure`: a call runs only if other code fails.
   */
  readonly kind: 'expression' | 'budget' | 'once' | 'failure';
  /** The expression, the function at which the analysis stopped, what keeps the promise, or the code that may fail. */
  readonly node: ts.Node;
}
