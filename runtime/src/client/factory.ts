import { createHash } from 'node:crypto';
import type { Agent } from 'node:http';
import { type ClickHouseClient, ClickHouseLogLevel, type ClickHouseTracer, createClient } from '@clickhouse/client';
import { agentFor, type SocketCounts, socketsOf } from './agent.js';
import type { ClickHouseConfig, Engine } from '../config/config.js';
import { overrideInspect } from '../config/secret.js';
import { ManagerClosedError } from '../errors/index.js';
import type { EntryPoint, EntryPoints } from '../concurrency/call-site.js';
import { assertNotRecursive, runAsCreation } from '../concurrency/recursion-guard.js';
import { readTlsFiles } from './tls.js';

export interface FactoryOptions {
  /** Runs after each creation and before anybody gets the client: migrations, warm-up, a first ping. Must not ask for a connection. */
  readonly onCreate?: (client: ClickHouseClient, config: ClickHouseConfig) => void | Promise<void>;
  /** The client's own, for a span of each request; an OpenTelemetry tracer is one. It must not throw: nobody stands between it and the statement. */
  readonly tracer?: ClickHouseTracer;
}

/**
 * The only place that constructs ClickHouse clients. One client for each distinct configuration, shared by all who ask: so
 * `close()` of such a client closes nothing under the others, and the factory's does.
 */
export class ClickHouseConnectionFactory {
  readonly #connections = new Map<string, Connection>();
  readonly #agents = new Set<Agent>();
  #created = 0;

  constructor(private readonly options: FactoryOptions = {}) {}

  /** How many clients were constructed so far. */
  get created(): number {
    return this.#created;
  }

  /** The sockets of all clients that are open. Where the client has an agent of its own, and on the embedded engine, nobody sees them. */
  get sockets(): SocketCounts {
    return socketsOf(this.#agents);
  }

  /**
   * The client of this configuration: a new one for whoever asks first, the same for all others.
   * @throws ConnectionRecursionError if the creation itself asks; EngineMissingError; whatever `onCreate` throws
   */
  async create(config: ClickHouseConfig): Promise<ClickHouseClient> {
    return this.#connectionOf(config, [methods.create]).client;
  }

  /** Does the same as `create`, for another function of this package that the user called. `entryPoints` names it in error messages. */
  async createFor(entryPoints: EntryPoints, config: ClickHouseConfig): Promise<ClickHouseClient> {
    return this.#connectionOf(config, entryPoints).client;
  }

  /** The same for whoever says when he is done: the client is closed once all who hold it have let go. @throws as `create` does */
  retain(config: ClickHouseConfig, entryPoints: EntryPoints = [methods.retain]): ClientReference {
    return this.#connectionOf(config, entryPoints).retain();
  }

  /** Closes the client of this configuration, or every client, whatever still runs on it. Who asks later gets a new one. */
  async close(config?: ClickHouseConfig): Promise<void> {
    const keys = config ? [configKey(config)] : [...this.#connections.keys()];
    await Promise.all(keys.map(async (key) => this.#connections.get(key)?.close()));
  }

  /** Whoever asks for this configuration from now on gets a new client. What was there stays open for those who hold it. */
  evict(config: ClickHouseConfig): void {
    this.#connections.delete(configKey(config));
  }

  #connectionOf(config: ClickHouseConfig, entryPoints: EntryPoints): Connection {
    const key = configKey(config);
    assertNotRecursive(() => key, 'ClickHouseConnectionFactory.create()', entryPoints);
    const known = this.#connections.get(key);
    if (known) return known;
    const step = `ClickHouseConnectionFactory.create() for ${nameOf(config)}`;
    const create = () => runAsCreation(key, step, entryPoints, () => this.#construct(config));
    const connection: Connection = new Connection(create, () => {
      if (this.#connections.get(key) === connection) this.#connections.delete(key);
    });
    this.#connections.set(key, connection);
    return connection;
  }

  async #construct(config: ClickHouseConfig): Promise<ClickHouseClient> {
    const { engine, database, settings } = config;
    const connection =
      engine.kind === 'server'
        ? await connectionTo(engine, config)
        : { connection: await (await import('../embedded/engine.js')).embeddedConnection(engine.dataPath, database) };
    // Permits are the only limit: the agent's queue has no bound, no timeout and no name, and would hold up who goes past the manager.
    // What fails is told by our errors, once: the client's own log would tell it again, with the server's words, which quote SQL.
    const client = createClient({
      ...connection,
      ...(config.application !== undefined && { application: config.application }),
      ...(this.options.tracer && { tracer: this.options.tracer }),
      max_open_connections: Infinity,
      clickhouse_settings: { ...settings },
      log: { level: ClickHouseLogLevel.OFF },
    });
    overrideInspect(`ClickHouse client of ${nameOf(config)}`, client);
    this.#created++;
    if ('http_agent' in connection) this.#count(client, connection.http_agent);
    try {
      await this.options.onCreate?.(client, config);
    } catch (error) {
      await client.close();
      throw error;
    }
    return client;
  }

  #count(client: ClickHouseClient, agent: Agent): void {
    const close = client.close.bind(client);
    client.close = async () => {
      await close();
      this.#agents.delete(agent);
    };
    this.#agents.add(agent);
  }
}

/** Entry points, for the locations in error messages. */
const methods: Readonly<Record<'create' | 'retain', EntryPoint>> = ClickHouseConnectionFactory.prototype;

async function connectionTo(engine: Extract<Engine, { kind: 'server' }>, config: ClickHouseConfig) {
  const { database, requestTimeoutMs } = config;
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
    : { ...common, http_agent: agentFor(url, config, files) };
}

/** A share in a client. */
export interface ClientReference {
  readonly client: Promise<ClickHouseClient>;
  /** Harmless the second time. */
  release(): Promise<void>;
}

/** One client from its creation to its end. */
class Connection {
  readonly client: Promise<ClickHouseClient>;
  #holders = 0;
  #close: (() => Promise<void>) | undefined;
  #isOver = false;

  /** `onEnd`: nobody is to get it any more. */
  constructor(
    create: () => Promise<ClickHouseClient>,
    private readonly onEnd: () => void,
  ) {
    this.client = this.#open(create);
    // A failure is not kept: who asks next tries again.
    this.client.catch(onEnd);
  }

  retain(): ClientReference {
    this.#holders++;
    let isHeld = true;
    const release = async (): Promise<void> => {
      if (!isHeld) return;
      isHeld = false;
      if (--this.#holders === 0) await this.close();
    };
    return { client: this.client, release };
  }

  /** Waits for no creation: one that hangs would hang whoever closes. Its client is closed when it comes. */
  async close(): Promise<void> {
    this.#isOver = true;
    this.onEnd();
    await this.#close?.();
  }

  async #open(create: () => Promise<ClickHouseClient>): Promise<ClickHouseClient> {
    const client = await create();
    const close = client.close.bind(client);
    if (this.#isOver) {
      await close();
      throw new ManagerClosedError();
    }
    this.#close = close;
    client.close = () => Promise.resolve();
    return client;
  }
}

/** Everything that makes two connections different ones, hashed: the secret is in it and cannot be had from it. */
export function configKey({ engine, database, application, connectTimeoutMs, requestTimeoutMs, settings }: ClickHouseConfig): string {
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
