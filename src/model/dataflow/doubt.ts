import type { ts } from 'ts-morph';

/** Why a call edge may not exist: the analysis did not understand something that decides about it. */
export interface Doubt {
  /** `expression`: the value of an expression is not understood. `budget`: the analysis stopped at a limit. */
  readonly kind: 'expression' | 'budget';
  /** The expression, or the function at which the analysis stopped. */
  readonly node: ts.Node;
}
