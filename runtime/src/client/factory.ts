import type { Agent } from 'node:http';
import { type ClickHouseClient, ClickHouseLogLevel, type ClickHouseTracer, createClient } from '@clickhouse/client';
import { observeRequests, type SocketCounts, socketsOf } from './agent.js';
import type { ClickHouseConfig } from '../config/config.js';
import { anyFunction, assertOptions, atLeast, objectWith, type OptionRules } from '../config/validate-options.js';
import { overrideInspect } from '../config/secret.js';
import { CreateTimeoutError } from '../errors/index.js';
import type { EntryPoint, EntryPoints } from '../concurrency/call-site.js';
import { waitAtMost } from '../concurrency/wait.js';
import { assertNotRecursive, runAsCreation } from '../concurrency/recursion-guard.js';
import { markWatched } from './request-watch.js';
import { configKey } from './config-key.js';
import { agentOf, serverOptions } from './connection-options.js';
import { type ClientReference, SharedClient } from './client-reference.js';
import { encodeInBody } from './values-body.js';

/** Options of a connection factory. */
export interface FactoryOptions {
  /**
   * Runs after each creation of a client and before any caller gets the client: migrations, warm-up, a first ping. It must use the client
   * that it receives: a request for the same connection fails with ConnectionRecursionError. If it throws, the client is closed, the
   * creation fails with the same error, and the next caller starts a new creation. Default: none.
   */
  readonly onCreate?: ((client: ClickHouseClient, config: ClickHouseConfig) => void | Promise<void>) | undefined;
  /**
   * Maximum time of `onCreate`, in milliseconds, 0 or more. After it the client is closed, the creation fails with CreateTimeoutError, and the
   * next caller starts a new creation. `Infinity`: no limit. Default: `acquireTimeoutMs` of the configuration.
   */
  readonly onCreateTimeoutMs?: number | undefined;
  /**
   * Tracer of the official client, which creates a span for each request. An OpenTelemetry tracer fits. It must not throw: its errors reach
   * the statement. Default: none.
   */
  readonly tracer?: ClickHouseTracer | undefined;
}

const rules: OptionRules<FactoryOptions> = {
  onCreate: anyFunction,
  onCreateTimeoutMs: atLeast(0),
  tracer: objectWith('a tracer of the official client', 'startActiveSpan'),
};

/**
 * The only place that constructs ClickHouse clients. All callers with the same configuration share one client. Therefore `close()` of the
 * client does nothing, and `close()` of the factory closes it.
 */
export class ClickHouseConnectionFactory {
  readonly #connections = new Map<string, SharedClient>();
  readonly #agents = new Set<Agent>();
  #created = 0;

  /** @throws ConfigError if an option is unknown or invalid */
  constructor(private readonly options: FactoryOptions = {}) {
    assertOptions('factory', rules, options);
  }

  /** Number of clients constructed since the factory exists. */
  get created(): number {
    return this.#created;
  }

  /**
   * Sockets of all open clients. Excluded: clients with a client certificate and no password, which use the official client's own agent,
   * clients with `client.http_agent`, and the embedded engine, which has no sockets.
   */
  get sockets(): SocketCounts {
    return socketsOf(this.#agents);
  }

  /**
   * Resolves with the client of this configuration. The first call creates it; all later calls, and those meanwhile, get the same client.
   * @throws ConnectionRecursionError if it is called inside the creation of the same client; ConfigError if a TLS file cannot be read;
   * EngineMissingError and UnsupportedByBackendError for the embedded engine; ManagerClosedError if the client is closed meanwhile;
   * CreateTimeoutError; the error of `onCreate`
   */
  async create(config: ClickHouseConfig): Promise<ClickHouseClient> {
    return this.#connectionOf(config, [methods.create]).client;
  }

  /**
   * Does the same as `create`, for another function of this package that the user called. Error messages give the call of `entryPoints`.
   */
  async createFor(entryPoints: EntryPoints, config: ClickHouseConfig): Promise<ClickHouseClient> {
    return this.#connectionOf(config, entryPoints).client;
  }

  /**
   * Returns a reference to the client of this configuration. When all references are released, the client is closed.
   * @throws ConnectionRecursionError if it is called inside the creation of the same client. `client` rejects like `create`.
   */
  retain(config: ClickHouseConfig, entryPoints: EntryPoints = [methods.retain]): ClientReference {
    return this.#connectionOf(config, entryPoints).retain();
  }

  /**
   * Closes the client of this configuration, or all clients, without waiting for their statements. A later `create` constructs a new
   * client.
   */
  async close(config?: ClickHouseConfig): Promise<void> {
    const keys = config ? [configKey(config)] : [...this.#connections.keys()];
    await Promise.all(keys.map(async (key) => this.#connections.get(key)?.close()));
  }

  /** Evicts the client from the cache. The next `create` constructs a new client; current holders keep the old one. */
  evict(config: ClickHouseConfig): void {
    this.#connections.delete(configKey(config));
  }

  #connectionOf(config: ClickHouseConfig, entryPoints: EntryPoints): SharedClient {
    const key = configKey(config);
    assertNotRecursive(() => key, 'ClickHouseConnectionFactory.create()', entryPoints);
    const cached = this.#connections.get(key);
    if (cached) return cached;
    const step = `ClickHouseConnectionFactory.create() for ${nameOf(config)}`;
    const create = () => runAsCreation(key, step, entryPoints, () => this.#construct(config));
    const connection: SharedClient = new SharedClient(create, () => {
      if (this.#connections.get(key) === connection) this.#connections.delete(key);
    });
    this.#connections.set(key, connection);
    return connection;
  }

  async #construct(config: ClickHouseConfig): Promise<ClickHouseClient> {
    const { engine, database, settings } = config;
    const connection =
      engine.kind === 'server'
        ? await serverOptions(engine, config)
        : { connection: await (await import('../embedded/engine.js')).embeddedConnection(engine.dataPath, database) };
    // No log by default: the errors of this package report each failure once, and the client would log messages of the server, which quote SQL.
    const { http_agent, ...options } = config.client;
    const client = createClient({
      log: { level: ClickHouseLogLevel.OFF },
      ...options,
      ...connection,
      ...(config.application !== undefined && { application: config.application }),
      ...(this.options.tracer && { tracer: this.options.tracer }),
      clickhouse_settings: { ...settings },
    });
    overrideInspect(`ClickHouse client of ${nameOf(config)}`, client);
    this.#created++;
    encodeInBody(client);
    const agent = http_agent ?? ('http_agent' in connection ? connection.http_agent : agentOf(client));
    // The official client would destroy the agent, with the sockets of other clients and of the caller.
    if (http_agent) client.close = () => Promise.resolve();
    else if ('http_agent' in connection) this.#count(client, connection.http_agent);
    // The embedded engine has no agent, and reports itself.
    if (engine.kind === 'embedded' || (agent && observeRequests(agent))) markWatched(client);
    try {
      await runHook(this.options, client, config);
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

/** Runs `onCreate`. Its callers wait for the client and hold permits meanwhile. @throws CreateTimeoutError; the error of the hook */
async function runHook(options: FactoryOptions, client: ClickHouseClient, config: ClickHouseConfig): Promise<void> {
  const { onCreate, onCreateTimeoutMs: timeoutMs = config.acquireTimeoutMs } = options;
  const progress = { isOver: false };
  const hook = Promise.resolve(onCreate?.(client, config)).finally(() => (progress.isOver = true));
  // Infinity needs no timer, which would keep the process alive.
  await (timeoutMs === Infinity ? hook : waitAtMost(timeoutMs, hook));
  if (progress.isOver) return;
  // The caller closes the client. The hook goes on, and may open sockets again.
  const close = () => client.close();
  hook.then(close, close).catch(() => undefined);
  throw new CreateTimeoutError(timeoutMs);
}

/** Entry points, for the locations in error messages. */
const methods: Readonly<Record<'create' | 'retain', EntryPoint>> = ClickHouseConnectionFactory.prototype;

function nameOf({ engine }: ClickHouseConfig): string {
  return engine.kind === 'server' ? engine.url : `the embedded engine (${engine.dataPath})`;
}
