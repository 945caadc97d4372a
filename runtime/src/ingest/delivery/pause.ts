import type { IngestEnvironment } from '../batch/environment.js';
import { onAbort } from '../../concurrency/abort-listeners.js';

/** The pause between two attempts. It ends early when the ingest is closed or stopped. */
export class Pause {
  #end: (() => void) | undefined;
  /** In milliseconds. */
  #max = Infinity;

  constructor(
    private readonly environment: Pick<IngestEnvironment, 'after'>,
    private readonly signal: AbortSignal,
  ) {}

  /** Whether a pause runs. */
  get isRunning(): boolean {
    return this.#end !== undefined;
  }

  /** Ends the pause that runs, and limits further ones to so many milliseconds. */
  limit(maxMs: number): void {
    this.#max = maxMs;
    this.#end?.();
  }

  /** Resolves after the time. @throws the reason of the signal */
  async wait(ms: number): Promise<void> {
    this.signal.throwIfAborted();
    await new Promise<void>((resolve) => {
      const cancel = this.environment.after(Math.min(ms, this.#max), () => this.#end?.());
      const stopListening = onAbort(this.signal, () => this.#end?.());
      this.#end = () => {
        this.#end = undefined;
        cancel();
        stopListening();
        resolve();
      };
    });
    this.signal.throwIfAborted();
  }
}
