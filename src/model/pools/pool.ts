import type { ts as TS } from 'ts-morph';

/** An object from which leases are acquired. */
export interface Pool {
  /** As a message names it: the class, or the expression that holds the pool. */
  readonly name: string;
  /** The class of the pool; if that is outside the slice, the declaration that holds the pool. */
  readonly kind: TS.Node;
  /**
   * The declaration of this instance. Undefined if the code does not show which instance. Then the pool may be any instance of its `kind`.
   * `this`: the object whose method acquires.
   */
  readonly instance: TS.Node | 'this' | undefined;
  /** The field with the pool, if each object of a class makes its own. */
  readonly field?: OwnField | undefined;
}

/** A field in which each object of a class keeps a pool of its own. */
export interface OwnField {
  readonly owner: TS.ClassLikeDeclaration;
  /** The object as the code names it: `this`, `other`. */
  readonly object: string;
}

/**
 * The effect of a call of a pool. `lease`: it gives a lease, which the code releases. `callback`: it runs a callback while it holds a lease.
 * `statement`: it releases the lease before its result is there.
 */
export type PoolUse = 'lease' | 'callback' | 'statement';

/** Whether two pools may be the same. */
export function mayBeSamePool(one: Pool, other: Pool): boolean {
  if (one.kind !== other.kind) return false;
  const [a, b] = [one.instance, other.instance];
  if (a === b || a === undefined || b === undefined || a === 'this' || b === 'this') return true;
  return false;
}
