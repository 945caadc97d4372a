const listenersBySignal = new WeakMap<AbortSignal, AbortListeners>();

/**
 * Calls the listener once, when the signal is aborted. All listeners of this package share one listener of the signal: Node.js warns of a
 * leak from the eleventh on, and many statements may have the same signal. The signal must not be aborted yet.
 * @returns a function that removes the listener
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const listeners = listenersBySignal.get(signal) ?? new AbortListeners(signal);
  listenersBySignal.set(signal, listeners);
  return listeners.add(listener);
}

/** The listeners of one signal. It listens to the signal as long as it has listeners itself. */
class AbortListeners {
  /** Objects, since one function may be added twice. */
  readonly #entries = new Set<{ readonly listener: () => void }>();

  constructor(private readonly signal: AbortSignal) {}

  /** Adds a listener. Returns a function that removes it. */
  add(listener: () => void): () => void {
    if (this.#entries.size === 0) this.signal.addEventListener('abort', this.#onAbort);
    const entry = { listener };
    this.#entries.add(entry);
    return () => {
      if (this.#entries.delete(entry) && this.#entries.size === 0) this.signal.removeEventListener('abort', this.#onAbort);
    };
  }

  readonly #onAbort = (): void => {
    this.signal.removeEventListener('abort', this.#onAbort);
    // A listener that another one removes is not called.
    for (const entry of this.#entries) {
      this.#entries.delete(entry);
      entry.listener();
    }
  };
}
