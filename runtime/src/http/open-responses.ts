import type { ServerResponse } from 'node:http';
import { finished } from 'node:stream';

/** The responses that are not complete. */
export class OpenResponses {
  #count = 0;
  #onEmpty = (): void => undefined;

  /** Counts a response until it is complete, or its client has gone away. */
  add(response: ServerResponse): void {
    this.#count++;
    finished(response, () => {
      if (--this.#count === 0) this.#onEmpty();
    });
  }

  /** Resolves when no response is open. */
  async whenEnded(): Promise<void> {
    if (this.#count > 0) await new Promise<void>((resolve) => (this.#onEmpty = resolve));
  }
}
