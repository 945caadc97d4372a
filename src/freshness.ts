/** A look at the disk may cost this part of the time that passes between two of them. */
const share = 1 / 50;

/** What takes less than this, in milliseconds, nobody feels. */
const unfelt = 2;

/** No look is taken to cost more than this, in milliseconds, so that one is due within two seconds. */
const longest = 40;

/**
 * When to look at the disk again, and how far. A run lints each file once, so a file that comes again starts a new run: then the files that
 * matter are looked at. All are looked at where that is cheap, in itself or beside the time gone by.
 */
export class Freshness {
  readonly #asked = new Set<string>();
  #lookedAt = Number.NEGATIVE_INFINITY;
  #cost = Number.POSITIVE_INFINITY;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Looks if it is time to, for this question. */
  ask(question: string, look: (howFar: 'everywhere' | 'where it matters') => void): void {
    const asked = this.now();
    const isNewRun = this.#asked.has(question);
    if ((asked - this.#lookedAt) * share > Math.min(this.#cost, longest) || (isNewRun && this.#cost < unfelt)) {
      look('everywhere');
      this.#lookedAt = this.now();
      // The first look, and one that meets new settings, builds: that says nothing of the next.
      this.#cost = Math.min(this.#cost, this.#lookedAt - asked);
    } else if (isNewRun) look('where it matters');
    if (isNewRun) this.#asked.clear();
    this.#asked.add(question);
  }
}
