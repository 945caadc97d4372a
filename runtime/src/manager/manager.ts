import { Bulkheads } from '../concurrency/bulkheads.js';
import { type BackendCapabilities, capabilitiesOf } from '../client/capabilities.js';
import type { ClickHouseConfig } from '../config/config.js';
import type { EntryPoint } from '../concurrency/call-site.js';
import { executeStatement, type ExecutorOptions } from '../statement/execute.js';
import { ConfigError, ManagerClosedError, UnsupportedByBackendError } from '../errors/index.js';
import { EndpointPool } from '../endpoint/endpoint-pool.js';
import type { EndpointSelector } from '../statement/routing.js';
import { validateLimits } from '../config/validate-limits.js';
import type { DrainOptions, ManagerHealth, ManagerOptions, ManagerStats, ServiceOptions } from './options.js';
import { NestedAcquires } from '../concurrency/nested-acquires.js';
import { LeakDetector } from '../concurrency/leak-detector.js';
import { publish } from '../telemetry/telemetry.js';
import { traceStatement } from '../statement/trace.js';
import { waitAtMost, shutdownGraceMs } from '../concurrency/wait.js';
import type { Semaphore } from '../concurrency/semaphore.js';
import { noRetry, retryDefaults, type RetryPolicy } from '../resilience/retry.js';
import type { ExecuteStatement } from '../statement/request.js';
import { type ClickHouseService, ManagedService } from '../statement/service.js';
import { Lease, Session, type SessionOptions } from './session.js';
import type { Statement } from '../statement/statement.js';

/** Hands out the right to run a statement. It pools permits, not clients: a client is one HTTP agent, shared by all. */
export class ClickHouseConnectionManager {
  readonly #bulkheads: Bulkheads;
  readonly #leakDetector: LeakDetector | undefined;
  readonly #nestedAcquires: NestedAcquires | undefined;
  readonly #retry: RetryPolicy;
  readonly #retiring = new Set<EndpointPool>();
  readonly #isolations = new Set<{ readonly url: string; handle: Disposable }>();
  #current: EndpointPool;
  #rotation: Promise<void> = Promise.resolve();
  #onAuthenticationFailure: (() => Promise<unknown>) | undefined;
  #lifetime: NodeJS.Timeout | undefined;
  #state: 'open' | 'draining' | 'closed' = 'open';
  /** Runs every statement under a permit. Its `close()` drains the manager. */
  readonly service: ClickHouseService;

  /** @throws ConfigError if the bulkheads do not fit into the permits, or a limit is no number */
  constructor(private readonly options: ManagerOptions) {
    const {
      config,
      factory,
      bulkheads,
      leakDetectionThresholdMs = config.leakDetectionThresholdMs,
      onLeak,
      retry,
      detectNestedAcquires = config.environment === 'test',
    } = options;
    const { maxConcurrentStatements, maxWaitingStatements, acquireTimeoutMs } = config;
    this.#bulkheads = new Bulkheads({ max: maxConcurrentStatements, maxWaiting: maxWaitingStatements, acquireTimeoutMs }, bulkheads);
    this.#leakDetector =
      leakDetectionThresholdMs === undefined
        ? undefined
        : new LeakDetector({ afterMs: leakDetectionThresholdMs, ...(onLeak && { report: onLeak }) });
    this.#nestedAcquires = detectNestedAcquires ? new NestedAcquires() : undefined;
    this.#retry = retry === false ? noRetry : validateLimits('retry', retryDefaults, retry, { maxAttempts: 1 });
    this.#current = new EndpointPool(config, factory, options);
    this.service = this.serviceWith({});
    this.#scheduleRotation();
  }

  get config(): ClickHouseConfig {
    return this.#current.config;
  }

  /** What statements may ask of the ClickHouse that is configured. */
  get capabilities(): BackendCapabilities {
    return capabilitiesOf[this.config.engine.kind];
  }

  get state(): 'open' | 'draining' | 'closed' {
    return this.#state;
  }

  get stats(): ManagerStats {
    const { inUse, waiting, granted, timedOut, limits } = this.#bulkheads;
    const { created, sockets } = this.options.factory;
    return { max: limits.max, inUse, waiting, granted, timedOut, created, sockets };
  }

  /** For readiness: what is known of the endpoints by the statements that ran, without a look at the network. */
  health(): ManagerHealth {
    const endpoints = this.#current.endpoints.map(({ url, breaker }) => ({
      url,
      breaker: breaker?.state.kind ?? ('closed' as const),
      isReady: breaker?.isReady ?? true,
    }));
    const isWhole = endpoints.every(({ breaker }) => breaker === 'closed');
    const status = this.#state !== 'open' ? 'draining' : isWhole ? 'ready' : endpoints.some(({ isReady }) => isReady) ? 'degraded' : 'down';
    return { status, endpoints };
  }

  /** The service, with limits of its own. @throws UnknownBulkheadError, ConfigError */
  serviceWith({ bulkhead, deadlineMs = this.config.deadlineMs }: ServiceOptions): ClickHouseService {
    const executor = this.#executorOptions(bulkhead, deadlineMs);
    const run: ExecuteStatement = (request) => executeStatement(request, executor);
    return new ManagedService(traceStatement(run, this), () => this.drain(), this.config.settings);
  }

  /** The service whose statements run under a named share of the permits. @throws UnknownBulkheadError */
  bulkhead(name: string): ClickHouseService {
    return this.serviceWith({ bulkhead: name });
  }

  /**
   * Leases a server-side session, with one permit, until it is released: `await using session = await manager.session()`.
   * @throws UnsupportedByBackendError on the embedded engine; what waiting for a permit throws
   */
  async session(options: SessionOptions = {}): Promise<Session> {
    if (!this.capabilities.sessions)
      throw new UnsupportedByBackendError('The embedded engine', 'sessions', 'Set CLICKHOUSE_URL to run this on a server.');
    let endpoint = this.#current.endpoints[0];
    // Nothing is sent yet, so nothing is to be learned of the endpoint.
    const host = (generation: EndpointPool): EndpointSelector => ({
      admit: (statement) => generation.admit(statement),
      ended: (statement) => generation.ended(statement),
      assertNotRecursive: (entryPoints) => generation.assertNotRecursive(entryPoints),
      next: (tried) => (endpoint = generation.next(tried)).withoutBreaker,
    });
    const executor: ExecutorOptions = {
      ...this.#executorOptions(options.bulkhead, undefined),
      currentEndpoints: () => host(this.#current),
      refreshCredentials: undefined,
    };
    const { abort_signal } = options;
    const open = async (statement: Statement): Promise<Session> => {
      const lease = new Lease(
        endpoint,
        statement,
        this.#bulkheads.limits,
        { deadlineMs: this.config.deadlineMs, ...options },
        this.#nestedAcquires,
      );
      return new Session(lease, traceStatement(lease.run, this), this.config.settings);
    };
    return executeStatement(
      {
        params: abort_signal ? { abort_signal } : {},
        send: (_, __, statement) => open(statement),
        onResult: (session) => session,
        entryPoints: [methods.session, executeStatement],
      },
      executor,
    );
  }

  /**
   * New statements run on a new client, of this configuration, once it has proved that it works; the old one is closed when its
   * last statement has ended, or is cut after `timeoutMs`, if that is given. The limits on statements stay as they are.
   * @throws what keeps the new one from working; then the old one goes on
   */
  rotate(config: ClickHouseConfig = this.config, { timeoutMs = Infinity }: DrainOptions = {}): Promise<void> {
    const rotation = this.#rotation.then(() => this.#replace(config, timeoutMs));
    this.#rotation = rotation
      .then(
        () => undefined,
        (error: unknown) => error,
      )
      .then((failure) => publish('clickhouse-ssot:rotation:end', () => ({ manager: this, failure })));
    return rotation;
  }

  /**
   * When a server refuses the credentials, whoever was refused waits for this, and is sent once more if the manager was rotated meanwhile.
   * It is asked by each of them, so it shares its own work; the latest one counts.
   */
  onAuthenticationFailure(renew: () => Promise<unknown>): Disposable {
    this.#onAuthenticationFailure = renew;
    const forget = (): void => {
      if (this.#onAuthenticationFailure === renew) this.#onAuthenticationFailure = undefined;
    };
    return { [Symbol.dispose]: forget };
  }

  /**
   * Sends nothing to this server until what it returns is disposed of, for its maintenance say; rotations change nothing about that.
   * @throws ConfigError if there is no such server, or the manager has no breakers
   */
  isolate(url: string): Disposable {
    const handle = this.#current.isolate(url);
    if (!handle)
      throw new ConfigError([
        {
          key: 'isolate',
          found: JSON.stringify(url),
          expected: `one of ${this.#current.endpoints.map((endpoint) => endpoint.url).join(', ')}, and breakers`,
        },
      ]);
    const isolation = { url, handle };
    this.#isolations.add(isolation);
    const end = (): void => {
      if (this.#isolations.delete(isolation)) isolation.handle[Symbol.dispose]();
    };
    return { [Symbol.dispose]: end };
  }

  /** Has the clients made and the servers asked before the first statement needs them. @throws what keeps all of them from running one */
  warmUp(): Promise<void> {
    return this.#current.verify([methods.warmUp]);
  }

  /**
   * Takes no more statements, refuses who waits, lets running ones finish, and cuts those that are still running after
   * `timeoutMs` with a StatementTerminatedError. Draining again is harmless, and the shortest timeout counts.
   */
  async drain({ timeoutMs = 10_000 }: DrainOptions = {}): Promise<void> {
    this.#bulkheads.close();
    if (this.#state === 'open') this.#state = 'draining';
    clearTimeout(this.#lifetime);
    await waitAtMost(timeoutMs, this.#bulkheads.whenIdle());
    await Promise.all([this.#current, ...this.#retiring].map((generation) => generation.drainAndClose(0, 'drain')));
    // Whoever was cut hears of it before whoever drains goes on, and ends the process perhaps.
    await waitAtMost(shutdownGraceMs, this.#bulkheads.whenIdle());
    this.#state = 'closed';
  }

  /** Drains without patience. */
  close(): Promise<void> {
    return this.drain({ timeoutMs: 0 });
  }

  async #replace(config: ClickHouseConfig, timeoutMs: number): Promise<void> {
    this.#assertOpen();
    const next = new EndpointPool(config, this.options.factory, this.options);
    const old = this.#current;
    await old.evictClients();
    // A drain waits for no proof: it retires what has not served yet as well.
    this.#retiring.add(next);
    try {
      await next.verify();
    } catch (error) {
      await next.drainAndClose(0, 'rotation');
      throw error;
    } finally {
      this.#retiring.delete(next);
    }
    if (this.#state !== 'open') {
      await next.drainAndClose(0, 'drain');
      throw new ManagerClosedError();
    }
    this.#current = next;
    for (const isolation of this.#isolations) isolation.handle = next.isolate(isolation.url) ?? isolation.handle;
    this.#scheduleRotation();
    this.#retiring.add(old);
    void old.drainAndClose(timeoutMs, 'rotation').finally(() => this.#retiring.delete(old));
  }

  /** A renewal that fails leaves what the server said as the reason. */
  async #isReplaced(refused: EndpointSelector): Promise<boolean> {
    if (this.#current === refused) await this.#onAuthenticationFailure?.().catch(() => undefined);
    return this.#current !== refused;
  }

  #assertOpen(): void {
    if (this.#state !== 'open') throw new ManagerClosedError();
  }

  /** Up to a tenth earlier, by chance: so that a fleet does not renew all at once. One that fails is tried again as late. */
  #scheduleRotation(): void {
    clearTimeout(this.#lifetime);
    const { maxLifetimeMs } = this.config;
    if (maxLifetimeMs === undefined || this.#state !== 'open') return;
    const renew = () => void this.rotate().catch(() => this.#scheduleRotation());
    this.#lifetime = setTimeout(renew, maxLifetimeMs * (1 - Math.random() / 10)).unref();
  }

  #executorOptions(bulkhead: string | undefined, deadlineMs: number | undefined): ExecutorOptions {
    validateLimits<{ readonly deadlineMs: number }>('serviceWith', { deadlineMs: Infinity }, { deadlineMs });
    return {
      permits: this.#semaphore(bulkhead),
      currentEndpoints: () => this.#current,
      refreshCredentials: (refused) => this.#isReplaced(refused),
      retry: this.#retry,
      deadlineMs,
      leaks: this.#leakDetector,
      nested: this.#nestedAcquires,
    };
  }

  #semaphore(name: string | undefined): Semaphore {
    return name === undefined ? this.#bulkheads.unnamed : this.#bulkheads.named(name);
  }
}

/** Entry points, for the locations in error messages. */
const methods: Readonly<Record<'session' | 'warmUp', EntryPoint>> = ClickHouseConnectionManager.prototype;
