/** Whether the lease may be held. Undefined: the place cannot be reached. */
export type State = boolean | undefined;

/** The states in which the jumps out of a statement arrive. */
export interface Jumps {
  breaks: State;
  continues: State;
}

/** Returns jumps that do not occur. */
export function noJumps(): Jumps {
  return { breaks: undefined, continues: undefined };
}

/** Returns the state where two paths meet. */
export function merge(one: State, other: State): State {
  return one === undefined ? other : other === undefined ? one : one || other;
}
