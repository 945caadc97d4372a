import { createHash } from 'node:crypto';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { agentFor } from './agent.js';
import type { ClickHouseConfig, Engine } from './config/config.js';
import { showAs } from './config/secret.js';
import { ManagerClosedError } from './errors.js';
import { forbidRecursion, insideCreation } from './recursion-guard.js';
import { readTlsFiles } from './tls.js';

export interface FactoryOptions {
  /** Runs after each creation and before anybody gets the client: migrations, warm-up, a first ping. Must not ask for a connection. */
  readonly onCreate?: (client: ClickHouseClient, config: ClickHouseConfig) => void | Promise<void>;
}

/**
 * The only place that constructs ClickHouse clients. One client for each distinct configuration, shared by all who ask: so
 * `close()` of such a client closes nothing under the others, and the factory's does.
 */
export class ClickHouseConnectionFactory {
  readonly #connections = new Map<string, Connection>();
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
  async create(config: ClickHouseConfig): Promise<ClickHouseClient> {
    const key = fingerprint(config);
    forbidRecursion(() => key, 'ClickHouseConnectionFactory.create()');
    const known = this.#connections.get(key);
    if (known) return known.client;
    const connection = new Connection(() =>
      insideCreation(key, `ClickHouseConnectionFactory.create() for ${nameOf(config)}`, () => this.#construct(config)),
    );
    this.#connections.set(key, connection);
    try {
      return await connection.client;
    } catch (error) {
      // A failure is not kept: who asks next tries again.
      if (this.#connections.get(key) === connection) this.#connections.delete(key);
      throw error;
    }
  }

  /** Closes the client of this configuration, or every client, whatever still runs on it. Who asks later gets a new one. */
  async close(config?: ClickHouseConfig): Promise<void> {
    const keys = config ? [fingerprint(config)] : [...this.#connections.keys()];
    await Promise.all(keys.map(async (key) => this.#forget(key)?.close()));
  }

  /** Whoever asks for this configuration from now on gets a new client. What was there stays open until `close` is called. */
  renew(config: ClickHouseConfig): { readonly close: () => Promise<void> } {
    const connection = this.#forget(fingerprint(config));
    return { close: async () => connection?.close() };
  }

  #forget(key: string): Connection | undefined {
    const connection = this.#connections.get(key);
    this.#connections.delete(key);
    return connection;
  }

  async #construct(config: ClickHouseConfig): Promise<ClickHouseClient> {
    const { engine, database, settings } = config;
    const connection =
      engine.kind === 'server'
        ? await connectionTo(engine, config)
        : { connection: await (await import('./embedded.js')).embeddedConnection(engine.dataPath, database) };
    // Permits are the only limit: the agent's queue has no bound, no timeout and no name, and would hold up who goes past the manager.
    // What fails is told by our errors, once: the client's own log would tell it again, with the server's words, which quote SQL.
    const client = createClient({
      ...connection,
      ...(config.application !== undefined && { application: config.application }),
      max_open_connections: Infinity,
      clickhouse_settings: { ...settings },
      log: { level: ClickHouseLogLevel.OFF },
    });
    showAs(`ClickHouse client of ${nameOf(config)}`, client);
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

async function connectionTo(
  engine: Extract<Engine, { kind: 'server' }>,
  { database, requestTimeoutMs, connectTimeoutMs }: ClickHouseConfig,
) {
  const { url, username, compressRequests, compressResponses } = engine;
  const [password, files] = [engine.password.reveal(), await readTlsFiles(engine)];
  const common = {
    url,
    database,
    username,
    password,
    request_timeout: requestTimeoutMs,
    compression: { request: compressRequests, response: compressResponses },
  };
  // Without a password the certificate is who we are, and only an agent of the client's own says so to the server. It has no connect timeout, and no status in what fails.
  return files.identity && password === ''
    ? {
        ...common,
        tls: { ...files.identity, ca_cert: files.ca ?? Buffer.from(process.getBuiltinModule('node:tls').rootCertificates.join('\n')) },
      }
    : { ...common, http_agent: agentFor(url, connectTimeoutMs, files) };
}

/** One client from its creation to its end. */
class Connection {
  readonly client: Promise<ClickHouseClient>;
  #close: (() => Promise<void>) | undefined;
  #isRetired = false;

  constructor(create: () => Promise<ClickHouseClient>) {
    this.client = this.#open(create);
  }

  /** Waits for no creation: one that hangs would hang whoever closes. Its client is closed when it comes. */
  async close(): Promise<void> {
    this.#isRetired = true;
    await this.#close?.();
  }

  async #open(create: () => Promise<ClickHouseClient>): Promise<ClickHouseClient> {
    const client = await create();
    const close = client.close.bind(client);
    if (this.#isRetired) {
      await close();
      throw new ManagerClosedError();
    }
    this.#close = close;
    client.close = () => Promise.resolve();
    return client;
  }
}

/** Everything that makes two connections different ones, hashed: the secret is in it and cannot be had from it. */
export function fingerprint({ engine, database, application, connectTimeoutMs, requestTimeoutMs, settings }: ClickHouseConfig): string {
  const identity =
    engine.kind === 'server'
      ? [
          engine.url,
          engine.username,
          engine.password.reveal(),
          engine.caFile ?? null,
          engine.certFile ?? null,
          engine.keyFile ?? null,
          engine.compressRequests,
          engine.compressResponses,
        ]
      : ['embedded', engine.dataPath];
  const sorted = Object.entries(settings).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([...identity, database, application ?? null, connectTimeoutMs, requestTimeoutMs, sorted]))
    .digest('hex');
}

function nameOf({ engine }: ClickHouseConfig): string {
  return engine.kind === 'server' ? engine.url : `the embedded engine (${engine.dataPath})`;
}
