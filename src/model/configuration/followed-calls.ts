import type { ts as TS } from 'ts-morph';

/** A call that is followed into its callable: there, a parameter is the argument of this call. */
interface FollowedCall {
  readonly call: TS.CallExpression;
  /** Undefined until the callable is found. */
  callable: TS.Node | undefined;
  readonly outer: FollowedCall | undefined;
  readonly depth: number;
}

/** Calls inside of calls are followed with their own arguments this deep. */
const maxDepth = 6;

/** The calls that a value is being followed into, innermost last. */
export class FollowedCalls {
  #innermost: FollowedCall | undefined;

  /** Follows a value into a call. */
  follow(call: TS.CallExpression, follow: () => void): void {
    const depth = (this.#innermost?.depth ?? 0) + 1;
    this.within(depth > maxDepth ? this.#innermost : { call, callable: undefined, outer: this.#innermost, depth }, follow);
  }

  /** Follows a value as the code around a call sees it. */
  within(call: FollowedCall | undefined, follow: () => void): void {
    const before = this.#innermost;
    this.#innermost = call;
    follow();
    this.#innermost = before;
  }

  /** Notes that the value is now followed in a callable: the first one that a call leads to is the one that it calls. */
  enter(callable: TS.Node): void {
    if (this.#innermost && !this.#innermost.callable) this.#innermost.callable = callable;
  }

  /** Returns the innermost call that is being followed into the callable. */
  into(callable: TS.Node): FollowedCall | undefined {
    let call = this.#innermost;
    while (call && call.callable !== callable) call = call.outer;
    return call;
  }

  /** Returns a text that identifies these calls. */
  key(): string {
    let key = '';
    for (let followed = this.#innermost; followed; followed = followed.outer)
      key += ` ${followed.call.getSourceFile().fileName}:${followed.call.pos}`;
    return key;
  }
}
