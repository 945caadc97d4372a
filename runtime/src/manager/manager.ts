import { Bulkheads } from '../concurrency/bulkheads.js';
import { type BackendCapabilities, capabilitiesOf } from '../client/capabilities.js';
import type { ClickHouseConfig } from '../config/config.js';
import type { EntryPoint } from '../concurrency/call-site.js';
import { executeStatement, type ExecutorOptions } from '../statement/execute.js';
import { ManagerClosedError, UnsupportedByBackendError } from '../errors/index.js';
import { EndpointPool } from '../endpoint/endpoint-pool.js';
import type { EndpointSelector } from '../statement/routing.js';
import { healthOf } from './health.js';
import { assertOptions, completeOptions } from '../config/validate-options.js';
import { waitForDelivery } from './delivery-wait.js';
import { Isolations } from './isolations.js';
import {
  type DrainOptions,
  drainRules,
  type ManagerHealth,
  type ManagerOptions,
  type ManagerStats,
  type ServiceOptions,
  serviceRules,
} from './options.js';
import { registerOpenManager } from './open-managers.js';
import { assertLoadedConfig, assertManagerOptions } from './validate-manager.js';
import { NestedAcquires } from '../concurrency/nested-acquires.js';
import { LeakDetector } from '../concurrency/leak-detector.js';
import { publish, publishWait } from '../telemetry/telemetry.js';
import { traceStatement } from '../statement/trace.js';
import { nextTurn, waitAtMost, shutdownGraceMs } from '../concurrency/wait.js';
import type { Semaphore } from '../concurrency/semaphore.js';
import { noRetry, retryDefaults, type RetryPolicy, retryRules } from '../resilience/retry.js';
import { OpenResults } from '../statement/open-results.js';
import type { ExecuteStatement } from '../statement/request.js';
import { type ManagedClient, ManagedService } from '../statement/service.js';
import { leaseSession } from './lease-session.js';
import { RotationTimer } from './rotation-timer.js';
import { Session, type SessionOptions, sessionRules } from './session.js';

/**
 * Runs statements under permits, so that at most `maxConcurrentStatements` run at the same time. It pools permits and not clients: a client
 * is one HTTP agent, which all statements share.
 */
export class ClickHouseConnectionManager {
  /** Runs every statement under a permit of the manager. Its `close()` drains the manager. */
  readonly service: ManagedClient;
  /** Runs a statement of `service`. For services of this package that find their manager at each statement. */
  readonly executeStatement: ExecuteStatement;
  readonly #bulkheads: Bulkheads;
  readonly #leakDetector: LeakDetector | undefined;
  readonly #nestedAcquires: NestedAcquires | undefined;
  readonly #retry: RetryPolicy;
  /** Pools that a drain closes in addition to the current one: replaced pools with running statements, and a new pool before its check. */
  readonly #retiring = new Set<EndpointPool>();
  readonly #isolations = new Isolations();
  readonly #unregister: () => void;
  readonly #results = new OpenResults();
  #current: EndpointPool;
  #rotation: Promise<void> = Promise.resolve();
  #onAuthenticationFailure: (() => Promise<unknown>) | undefined;
  readonly #rotationTimer = new RotationTimer(() => void this.rotate().catch(() => this.#scheduleRotation()));
  #state: 'open' | 'draining' | 'closed' = 'open';

  /** @throws ConfigError if an option is unknown or invalid, or if the guarantees of the bulkheads leave no permit for statements without a bulkhead */
  constructor(private readonly options: ManagerOptions) {
    assertManagerOptions(options);
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
    this.#bulkheads = new Bulkheads(
      { max: maxConcurrentStatements, maxWaiting: maxWaitingStatements, acquireTimeoutMs, onWaitEnd: publishWait },
      bulkheads,
    );
    this.#leakDetector =
      leakDetectionThresholdMs === undefined
        ? undefined
        : new LeakDetector({ thresholdMs: leakDetectionThresholdMs, ...(onLeak && { report: onLeak }) });
    this.#nestedAcquires = detectNestedAcquires ? new NestedAcquires() : undefined;
    this.#retry = retry === false ? noRetry : completeOptions('retry', retryRules, retryDefaults, retry);
    this.#current = new EndpointPool(config, factory, options);
    this.executeStatement = this.#executorOf(undefined, config.deadlineMs);
    this.service = this.#serviceOf(this.executeStatement);
    this.#scheduleRotation();
    this.#unregister = registerOpenManager(this);
  }

  /**
   * Returns a service with limits of its own. All services share the permits and clients of the manager.
   * @throws UnknownBulkheadError if no bulkhead has this name; ConfigError if an option is unknown or invalid
   */
  serviceWith(options: ServiceOptions): ManagedClient {
    assertOptions('serviceWith', serviceRules, options);
    const { bulkhead, deadlineMs = this.config.deadlineMs } = options;
    return this.#serviceOf(this.#executorOf(bulkhead, deadlineMs));
  }

  /**
   * Returns the service whose statements use the permits of this bulkhead.
   * @throws UnknownBulkheadError if no bulkhead has this name
   */
  bulkhead(name: string): ManagedClient {
    return this.serviceWith({ bulkhead: name });
  }

  /**
   * Leases a server-side session, which holds one permit until it is released: `await using session = await manager.session()`.
   * @throws UnsupportedByBackendError for the embedded engine; UnknownBulkheadError; ManagerClosedError; AcquireTimeoutError,
   * QueueFullError and NestedAcquireError if no permit is available; AbortedError if `abort_signal` is aborted; the error of the creation
   * of the client
   */
  async session(options: SessionOptions = {}): Promise<Session> {
    if (!this.capabilities.sessions)
      throw new UnsupportedByBackendError('The embedded engine', 'sessions', 'Set CLICKHOUSE_URL to run this on a server.');
    assertOptions('session', sessionRules, options);
    const source = {
      currentPool: () => this.#current,
      executor: this.#executorOptions(options.bulkhead, undefined),
      limits: this.#bulkheads.limits,
    };
    const lease = await leaseSession(source, options, [methods.session, executeStatement]);
    return new Session(lease, traceStatement(lease.run, this), () => this.config.settings);
  }

  /**
   * Creates the clients and pings the servers, so that the first statement does not wait for it. Resolves as soon as one endpoint works.
   * @throws the failure of the first endpoint if no endpoint works
   */
  warmUp(): Promise<void> {
    return this.#current.verify([methods.warmUp]);
  }

  /** Returns the health for a readiness check, derived from the results of earlier statements and of `warmUp()`. Sends nothing. */
  health(): ManagerHealth {
    return healthOf(this.#current.endpoints, this.#state === 'open');
  }

  /** Resolves when no statement runs and no session is leased. */
  whenIdle(): Promise<void> {
    return this.#bulkheads.whenIdle();
  }

  /** Numbers of permits, clients and sockets at this moment. */
  get stats(): ManagerStats {
    const { inUse, waiting, granted, timedOut, limits } = this.#bulkheads;
    const { created, sockets } = this.options.factory;
    return { max: limits.max, inUse, waiting, granted, timedOut, created, sockets };
  }

  /** `draining`: new statements fail with ManagerClosedError, and earlier ones may still run. `closed`: the drain has ended. */
  get state(): 'open' | 'draining' | 'closed' {
    return this.#state;
  }

  /** The configuration in use. A rotation may replace it. */
  get config(): ClickHouseConfig {
    return this.#current.config;
  }

  /** The features that the configured ClickHouse supports. */
  get capabilities(): BackendCapabilities {
    return capabilitiesOf[this.config.engine.kind];
  }

  /**
   * Replaces the clients. New statements use new clients of this configuration, once a ping has succeeded on one. The old clients are
   * closed after their last statement. Statements that still run on them after `timeoutMs` fail with StatementTerminatedError. Rotations
   * run one after the other. Permits, queue, retry policy and leak detection do not change. Existing services keep their deadline. Sessions
   * and new services use `deadlineMs` of this configuration.
   * @param config default: the configuration in use, so that host names are resolved again and PEM files are read again
   * @throws the failure of the new clients, while the old ones stay in use; ManagerClosedError if the manager is drained
   */
  async rotate(config: ClickHouseConfig = this.config, options: DrainOptions = {}): Promise<void> {
    assertLoadedConfig(config);
    assertOptions('rotate', drainRules, options);
    const { timeoutMs = Infinity } = options;
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
   * Registers the function that renews the credentials. A statement that fails because of its credentials waits for `renew`. If the manager
   * was rotated meanwhile, the statement is sent once more. If `renew` rejects, the statement fails with the error of the server. Each such
   * statement calls `renew`, so it must share its work. A later registration replaces an earlier one.
   * @returns a handle that removes the registration
   */
  onAuthenticationFailure(renew: () => Promise<unknown>): Disposable {
    this.#onAuthenticationFailure = renew;
    const unregister = (): void => {
      if (this.#onAuthenticationFailure === renew) this.#onAuthenticationFailure = undefined;
    };
    return { [Symbol.dispose]: unregister };
  }

  /**
   * Sends no statements to this server until the returned handle is disposed of, for maintenance for example. Rotations keep the isolation.
   * @param url URL of the server, without credentials, as in `health().endpoints`
   * @throws ConfigError if no server has this URL, or if the manager has no circuit breakers
   */
  isolate(url: string): Disposable {
    return this.#isolations.add(url, this.#current);
  }

  /**
   * Closes the manager. New and waiting statements fail with ManagerClosedError. Running statements get `timeoutMs` to finish, and then
   * fail with StatementTerminatedError. Several drains may run at the same time: the shortest timeout takes effect.
   */
  async drain(options: DrainOptions = {}): Promise<void> {
    assertOptions('drain', drainRules, options);
    const { timeoutMs = 10_000 } = options;
    this.#bulkheads.close();
    if (this.#state === 'open') this.#state = 'draining';
    this.#rotationTimer.cancel();
    this.#results.startDrain();
    const running = () => this.#openPools.flatMap((pool) => pool.running);
    await waitForDelivery({ bulkheads: this.#bulkheads, results: this.#results, running }, timeoutMs);
    await Promise.all(this.#openPools.map((pool) => pool.drainAndClose(0, 'drain')));
    this.#results.terminate('drain');
    // Terminated statements reject before the drain resolves, since the caller may end the process then.
    await waitAtMost(shutdownGraceMs, this.#bulkheads.whenIdle());
    await nextTurn();
    this.#state = 'closed';
    this.#unregister();
  }

  get #openPools(): readonly EndpointPool[] {
    return [this.#current, ...this.#retiring];
  }

  /** Drains with a timeout of 0: running statements are terminated at once. */
  close(): Promise<void> {
    return this.drain({ timeoutMs: 0 });
  }

  #serviceOf(run: ExecuteStatement): ManagedClient {
    return new ManagedService(
      run,
      () => this.drain(),
      () => this.config.settings,
    );
  }

  /** @throws UnknownBulkheadError */
  #executorOf(bulkhead: string | undefined, deadlineMs: number | undefined): ExecuteStatement {
    const executor = this.#executorOptions(bulkhead, deadlineMs);
    return traceStatement((request) => executeStatement(request, executor), this);
  }

  /** @throws UnknownBulkheadError */
  #executorOptions(bulkhead: string | undefined, deadlineMs: number | undefined): ExecutorOptions {
    return {
      permits: this.#semaphore(bulkhead),
      currentEndpoints: () => this.#current,
      refreshCredentials: (refused) => this.#isReplaced(refused),
      retry: this.#retry,
      deadlineMs,
      leaks: this.#leakDetector,
      nested: this.#nestedAcquires,
      results: this.#results,
    };
  }

  #semaphore(name: string | undefined): Semaphore {
    return name === undefined ? this.#bulkheads.unnamed : this.#bulkheads.named(name);
  }

  async #replace(config: ClickHouseConfig, timeoutMs: number): Promise<void> {
    this.#assertOpen();
    const next = new EndpointPool(config, this.options.factory, this.options);
    const old = this.#current;
    await old.evictClients();
    // A drain also closes the new pool, and does not wait for its check.
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
    this.#isolations.moveTo(next);
    this.#scheduleRotation();
    this.#retiring.add(old);
    void old.drainAndClose(timeoutMs, 'rotation').finally(() => this.#retiring.delete(old));
  }

  /**
   * Renews the credentials. Whether the pool that refused them is replaced. A failed renewal is ignored: the error of the server is
   * reported.
   */
  async #isReplaced(refused: EndpointSelector): Promise<boolean> {
    if (this.#current === refused) await this.#onAuthenticationFailure?.().catch(() => undefined);
    return this.#current !== refused;
  }

  /** A failed rotation is scheduled again. */
  #scheduleRotation(): void {
    if (this.#state === 'open') this.#rotationTimer.schedule(this.config.maxLifetimeMs);
  }

  #assertOpen(): void {
    if (this.#state !== 'open') throw new ManagerClosedError();
  }
}

/** Entry points, for the locations in error messages. */
const methods: Readonly<Record<'session' | 'warmUp', EntryPoint>> = ClickHouseConnectionManager.prototype;
