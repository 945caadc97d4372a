/** The window is divided into this many parts, which expire as a whole. */
const parts = 10;

/** Counts the results of the last `lengthMs` milliseconds, or of all time by default. Memory and time for a result are constant. */
export class SlidingWindow {
  readonly #calls = new Float64Array(parts);
  readonly #failed = new Float64Array(parts);
  readonly #slow = new Float64Array(parts);
  #latest = -Infinity;
  #size = 0;
  #failures = 0;
  #slowCalls = 0;

  constructor(private readonly lengthMs = Infinity) {}

  /** Number of results in the window. */
  get size(): number {
    return this.#size;
  }

  /** Number of failed results in the window. */
  get failures(): number {
    return this.#failures;
  }

  /** Number of slow results in the window, failed or not. */
  get slowCalls(): number {
    return this.#slowCalls;
  }

  /** Adds a result. `now`: milliseconds, never less than in the call before. */
  add(isFailed: boolean, isSlow: boolean, now: number): void {
    const part = Math.floor((now / this.lengthMs) * parts);
    if (part > this.#latest) this.#expire(part);
    const slot = part % parts;
    this.#size++;
    this.#calls[slot] = (this.#calls[slot] ?? 0) + 1;
    if (isFailed) {
      this.#failures++;
      this.#failed[slot] = (this.#failed[slot] ?? 0) + 1;
    }
    if (isSlow) {
      this.#slowCalls++;
      this.#slow[slot] = (this.#slow[slot] ?? 0) + 1;
    }
  }

  /** Clears the slot of this part, which holds the results of one window ago, and the slots of parts without results. */
  #expire(part: number): void {
    for (let next = Math.max(this.#latest + 1, part - parts + 1); next <= part; next++) {
      const slot = next % parts;
      this.#size -= this.#calls[slot] ?? 0;
      this.#failures -= this.#failed[slot] ?? 0;
      this.#slowCalls -= this.#slow[slot] ?? 0;
      this.#calls[slot] = this.#failed[slot] = this.#slow[slot] = 0;
    }
    this.#latest = part;
  }
}
