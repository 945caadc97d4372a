import type { IngestEnvironment } from './batch/environment.js';

/** Closes a batch that has become too old. */
export class BatchTimer {
  #cancel: (() => void) | undefined;

  constructor(
    private readonly maxAgeMs: number,
    private readonly environment: Pick<IngestEnvironment, 'after'>,
    private readonly seal: () => void,
  ) {}

  /** A batch was begun. */
  start(): void {
    this.cancel();
    if (this.maxAgeMs === Infinity) return;
    this.#cancel = this.environment.after(this.maxAgeMs, () => {
      this.#cancel = undefined;
      this.seal();
    });
  }

  /** The batch was closed. */
  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
