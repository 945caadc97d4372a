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

  /** A weak reference keeps what it is made for until the running job ends: a process that makes one at each change would hold all. */
  set thing(thing: Thing | undefined) {
    this.#strong = this.#isKept ? thing : undefined;
    this.#weak = thing && !this.#isKept ? new WeakRef(thing) : undefined;
  }

  /** From here on it stays. */
  keep(): void {
    if (this.#isKept) return;
    this.#isKept = true;
    this.thing = this.#weak?.deref();
  }
}
