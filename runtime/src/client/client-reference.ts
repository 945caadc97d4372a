import type { ClickHouseClient } from '@clickhouse/client';
import { ManagerClosedError } from '../errors/index.js';

/** One of several references to a shared client. */
export interface ClientReference {
  readonly client: Promise<ClickHouseClient>;
  /** Releases the reference, and closes the client if it is the last one. A second call does nothing. */
  release(): Promise<void>;
}

/** One client, from its creation until it is closed, with the number of its references. */
export class SharedClient {
  readonly client: Promise<ClickHouseClient>;
  #references = 0;
  #close: (() => Promise<void>) | undefined;
  #isClosed = false;

  /** @param onEnd removes this client from the cache. Runs when the creation fails or the client is closed. */
  constructor(
    create: () => Promise<ClickHouseClient>,
    private readonly onEnd: () => void,
  ) {
    this.client = this.#open(create);
    // A failure is not cached: the next caller starts a new creation.
    this.client.catch(onEnd);
  }

  retain(): ClientReference {
    this.#references++;
    let isHeld = true;
    const release = async (): Promise<void> => {
      if (!isHeld) return;
      isHeld = false;
      if (--this.#references === 0) await this.close();
    };
    return { client: this.client, release };
  }

  /** Closes the client, or marks it to be closed after its creation. Does not wait for the creation, which may hang. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.onEnd();
    await this.#close?.();
  }

  async #open(create: () => Promise<ClickHouseClient>): Promise<ClickHouseClient> {
    const client = await create();
    const close = client.close.bind(client);
    if (this.#isClosed) {
      await close();
      throw new ManagerClosedError();
    }
    this.#close = close;
    client.close = () => Promise.resolve();
    return client;
  }
}
