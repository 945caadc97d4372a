const parts = 10;

/** The results of the last `lengthMs` milliseconds, or of all time: forgotten by tenths, so each costs the same however many there are. */
export class SlidingWindow {
  readonly #calls = new Float64Array(parts);
  readonly #failed = new Float64Array(parts);
  readonly #slow = new Float64Array(parts);
  #latest = -Infinity;
  #size = 0;
  #failures = 0;
  #slows = 0;

  constructor(private readonly lengthMs = Infinity) {}

  get size(): number {
    return this.#size;
  }

  get failures(): number {
    return this.#failures;
  }

  get slowCalls(): number {
    return this.#slows;
  }

  add(failed: boolean, slow: boolean, now: number): void {
    const part = Math.floor((now / this.lengthMs) * parts);
    if (part > this.#latest) this.#forget(part);
    const slot = part % parts;
    this.#size++;
    this.#calls[slot] = (this.#calls[slot] ?? 0) + 1;
    if (failed) {
      this.#failures++;
      this.#failed[slot] = (this.#failed[slot] ?? 0) + 1;
    }
    if (slow) {
      this.#slows++;
      this.#slow[slot] = (this.#slow[slot] ?? 0) + 1;
    }
  }

  /** Makes room for this part, where results of a whole window ago stand, and empties those that were skipped. */
  #forget(part: number): void {
    for (let next = Math.max(this.#latest + 1, part - parts + 1); next <= part; next++) {
      const slot = next % parts;
      this.#size -= this.#calls[slot] ?? 0;
      this.#failures -= this.#failed[slot] ?? 0;
      this.#slows -= this.#slow[slot] ?? 0;
      this.#calls[slot] = this.#failed[slot] = this.#slow[slot] = 0;
    }
    this.#latest = part;
  }
}
