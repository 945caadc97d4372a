import { createHash } from 'node:crypto';
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import type { ClickHouseConfig } from './config/config.js';
import { embeddedConnection } from './embedded.js';
import { forbidRecursion, insideCreation } from './recursion-guard.js';

export interface FactoryOptions {
  /** Runs after each creation and before anybody gets the client: migrations, warm-up, a first ping. Must not ask for a connection. */
  readonly onCreate?: (client: ClickHouseClient, config: ClickHouseConfig) => void | Promise<void>;
}

/** The only place that constructs ClickHouse clients. One client for each distinct configuration; callers share it. */
export class ClickHouseConnectionFactory {
  readonly #clients = new Map<string, Promise<ClickHouseClient>>();
  #created = 0;

  constructor(private readonly options: FactoryOptions = {}) {}

  /** How many clients were constructed so far. */
  get created(): number {
    return this.#created;
  }

  /**
   * The client of this configuration: a new one for whoever asks first, the same for all others.
   * @throws ConnectionRecursionError if the creation itself asks; EngineMissingError; whatever `onCreate` throws
   */
  create(config: ClickHouseConfig): Promise<ClickHouseClient> {
    const key = fingerprint(config);
    const known = this.#clients.get(key);
    forbidRecursion(key, 'ClickHouseConnectionFactory.create()');
    if (known) return known;
    const creation = insideCreation(key, `ClickHouseConnectionFactory.create() for ${nameOf(config)}`, () => this.#construct(config));
    this.#clients.set(key, creation);
    // A failure is not kept: who asks next tries again.
    creation.catch(() => this.#clients.delete(key));
    return creation;
  }

  /** Closes every client that was created. */
  async close(): Promise<void> {
    const clients = await Promise.allSettled([...this.#clients.values()]);
    this.#clients.clear();
    await Promise.all(clients.map(async (client) => client.status === 'fulfilled' && client.value.close()));
  }

  async #construct(config: ClickHouseConfig): Promise<ClickHouseClient> {
    const { engine, database } = config;
    const connection =
      engine.kind === 'server'
        ? { url: engine.url, username: engine.username, password: engine.password.reveal(), request_timeout: config.requestTimeoutMs }
        : { connection: await embeddedConnection(engine.dataPath) };
    // A permit must be the only thing that anybody waits for: never fewer sockets than permits.
    const client = createClient({ ...connection, database, max_open_connections: config.maxConcurrentStatements });
    this.#created++;
    try {
      await this.options.onCreate?.(client, config);
    } catch (error) {
      await client.close();
      throw error;
    }
    return client;
  }
}

/** Everything that makes two connections different ones, hashed: the secret is in it and cannot be had from it. */
export function fingerprint({ engine, database, requestTimeoutMs, maxConcurrentStatements }: ClickHouseConfig): string {
  const identity = engine.kind === 'server' ? [engine.url, engine.username, engine.password.reveal()] : ['embedded', engine.dataPath];
  return createHash('sha256').update(JSON.stringify([...identity, database, requestTimeoutMs, maxConcurrentStatements])).digest('hex');
}

function nameOf({ engine }: ClickHouseConfig): string {
  return engine.kind === 'server' ? engine.url : `the embedded engine (${engine.dataPath})`;
}
