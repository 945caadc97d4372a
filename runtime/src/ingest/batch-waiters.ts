interface Waiter {
  readonly batch: number;
  readonly resolve: () => void;
}

/** Waits for the end of batches, which end in the order of their numbers. */
export class BatchWaiters {
  #ended = 0;
  #waiters: Waiter[] = [];

  /** Number of batches that have ended. */
  get ended(): number {
    return this.#ended;
  }

  /** The next batch has ended. */
  end(): void {
    const ended = ++this.#ended;
    for (const { batch, resolve } of this.#waiters) if (batch <= ended) resolve();
    this.#waiters = this.#waiters.filter(({ batch }) => batch > ended);
  }

  /** Resolves when so many batches have ended. */
  whenEnded(batches: number): Promise<void> {
    if (this.#ended >= batches) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ batch: batches, resolve }));
  }
}
