/** A look at the disk may cost this part of the time that passes between two of them. */
const share = 1 / 50;

/**
 * When to look at the disk again. A run lints each file once, so a file that comes again starts a new run; and where looking
 * is cheap beside the time gone by, there is no reason to wait for that.
 */
export class Freshness {
  readonly #asked = new Set<string>();
  #lookedAt = Number.NEGATIVE_INFINITY;
  #cost = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Looks if it is time to, for this question. */
  ask(question: string, look: () => void): void {
    const asked = this.now();
    const isDue = this.#asked.has(question) || (asked - this.#lookedAt) * share > this.#cost;
    if (isDue) {
      this.#asked.clear();
      look();
      this.#lookedAt = this.now();
      this.#cost = this.#lookedAt - asked;
    }
    this.#asked.add(question);
  }
}
