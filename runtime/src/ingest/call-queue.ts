/** Lets calls that wait for the same event begin in the order in which they were made, although some of their waits take more microtasks. */
export class CallQueue {
  #last: Promise<unknown> | undefined;

  /** Whether no call waits. */
  get isEmpty(): boolean {
    return this.#last === undefined;
  }

  /**
   * Calls `begin` when the promise has resolved, and all earlier calls have begun or failed.
   * @throws the error of the promise, without a wait for earlier calls; the error of `begin`
   */
  async enter<Value>(event: Promise<Value>, begin: (value: Value) => void): Promise<void> {
    const earlier = this.#last;
    const turn = this.#turn(event, earlier, begin);
    const ended = Promise.allSettled([earlier, turn]);
    this.#last = ended;
    try {
      await turn;
    } finally {
      void ended.then(() => {
        if (this.#last === ended) this.#last = undefined;
      });
    }
  }

  async #turn<Value>(event: Promise<Value>, earlier: Promise<unknown> | undefined, begin: (value: Value) => void): Promise<void> {
    const value = await event;
    await earlier;
    begin(value);
  }
}
