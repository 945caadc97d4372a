interface Waiter {
  readonly batch: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Waits for the end of batches, which end in the order of their numbers. */
export class BatchWaiters {
  #ended = 0;
  #waiters: Waiter[] = [];
  #failure: Error | undefined;

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

  /** Resolves when so many batches have ended. @throws the error of `fail` */
  whenEnded(batches: number): Promise<void> {
    if (this.#ended >= batches) return Promise.resolve();
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#waiters.push({ batch: batches, resolve, reject }));
  }

  /** No further batch ends: rejects those that wait, and all later ones. */
  fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiters.splice(0)) reject(error);
  }
}
