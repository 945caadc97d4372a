/**
 * Something that can be made again. A run that asks once about each file needs it no second time, and a linter that walks
 * thousands of trees collects its garbage faster without it: so it may go. A process that lives through changes keeps it.
 */
export class Held<Thing extends object> {
  #weak: WeakRef<Thing> | undefined;
  #strong: Thing | undefined;
  #isKept = false;

  get thing(): Thing | undefined {
    return this.#strong ?? this.#weak?.deref();
  }

  set thing(thing: Thing | undefined) {
    this.#weak = thing && new WeakRef(thing);
    this.#strong = this.#isKept ? thing : undefined;
  }

  /** From here on it stays. */
  keep(): void {
    this.#strong = this.thing;
    this.#isKept = true;
  }
}
