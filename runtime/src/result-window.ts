/** The latest results, at most `length` of them: each costs the same, however many there are. */
export class ResultWindow {
  readonly #failed: Uint8Array;
  #next = 0;
  size = 0;
  failures = 0;

  constructor(length: number) {
    this.#failed = new Uint8Array(length);
  }

  add(failed: boolean): void {
    if (this.size === this.#failed.length) this.failures -= this.#failed[this.#next] ?? 0;
    else this.size++;
    this.#failed[this.#next] = Number(failed);
    this.failures += Number(failed);
    this.#next = (this.#next + 1) % this.#failed.length;
  }
}
