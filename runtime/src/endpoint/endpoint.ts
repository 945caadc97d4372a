import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { takeErrorResponse } from '../client/agent.js';
import { configKey } from '../client/config-key.js';
import type { ClickHouseConnectionFactory } from '../client/factory.js';
import type { ClientReference } from '../client/client-reference.js';
import type { EntryPoints } from '../concurrency/call-site.js';
import { assertNotRecursive } from '../concurrency/recursion-guard.js';
import { raceWithSignal } from '../concurrency/wait.js';
import type { ClickHouseConfig } from '../config/config.js';
import type { SomeOptions } from '../config/validate-options.js';
import { ManagerClosedError, parseFailure } from '../errors/index.js';
import { type BreakerLimits, type BreakerState, CircuitBreaker } from '../resilience/circuit-breaker.js';
import { Contact } from '../resilience/contact.js';
import { probeUntilHealthy } from '../resilience/recovery-probe.js';
import { RetryBudget, type RetryPolicy } from '../resilience/retry.js';
import { nodeReports } from '../statement/node-reports.js';
import type { AttemptTarget } from '../statement/routing.js';
import { publish } from '../telemetry/telemetry.js';

/** How statements are sent to the endpoints. */
export interface AttemptOptions {
  /** When a failed statement is sent again, if that is safe. Keys that are left out have their defaults. `false`: never. Default: `{}`. */
  readonly retry?: SomeOptions<RetryPolicy> | false | undefined;
  /** When a failing endpoint receives no statements. Keys that are left out have their defaults. `false`: never. Default: `{}`. */
  readonly breaker?: SomeOptions<BreakerLimits> | false | undefined;
}

/** Pause after the first failed creation of a client, in milliseconds. It doubles with each further failure. */
const initialPauseMs = 10;
const maxPauseMs = 5_000;
/** Timeout of the recovery ping, in milliseconds. */
const pingTimeoutMs = 2_000;

/** Names a statement in the path of a ConnectionRecursionError. */
export const statementStep = 'a statement of the managed service';

/** One server, or the embedded engine: its client, created for the first statement, its breaker and its retry budget. */
export class Endpoint {
  /** Origin, without credentials. `chdb:` for the embedded engine. */
  readonly url: string;
  /** Undefined for the embedded engine, which needs no connection, and if breakers are disabled. */
  readonly breaker: CircuitBreaker | undefined;
  readonly budget = new RetryBudget();
  readonly contact = new Contact();
  readonly reports = nodeReports;
  readonly #closed = new AbortController();
  #client: ClickHouseClient | undefined;
  #creation: Promise<ClickHouseClient> | undefined;
  #reference: ClientReference | undefined;
  #failures = 0;
  #failedAt = 0;

  constructor(
    readonly config: ClickHouseConfig,
    private readonly factory: ClickHouseConnectionFactory,
    { breaker }: AttemptOptions,
  ) {
    const { engine } = config;
    this.url = engine.kind === 'server' ? engine.url : 'chdb:';
    if (engine.kind === 'server' && breaker !== false)
      this.breaker = new CircuitBreaker({
        endpoint: this.url,
        ...(breaker && { limits: breaker }),
        onTransition: (from, to) => this.#onTransition(from, to),
      });
  }

  /** Undefined until the endpoint is connected. */
  get client(): ClickHouseClient | undefined {
    return this.#client;
  }

  /** Whether the breaker would admit a call. */
  get isReady(): boolean {
    return this.breaker?.isReady ?? true;
  }

  /** This endpoint without its breaker, for calls whose results say nothing about its health. */
  get withoutBreaker(): AttemptTarget {
    return {
      config: this.config,
      url: this.url,
      client: this.#client,
      connect: (signal, entryPoints) => this.connect(signal, entryPoints),
      breaker: undefined,
      contact: undefined,
      budget: this.budget,
      reports: this.reports,
    };
  }

  /**
   * Resolves with the client. All callers share one creation, and each stops waiting when its own signal is aborted.
   * @throws the error of the creation; the reason of the signal; ConnectionRecursionError
   */
  async connect(signal: AbortSignal, entryPoints: EntryPoints): Promise<ClickHouseClient> {
    signal.throwIfAborted();
    // A call from inside the creation would wait for itself.
    assertNotRecursive(() => configKey(this.config), statementStep, entryPoints);
    this.#creation ??= this.#create(entryPoints).finally(() => (this.#creation = undefined));
    return raceWithSignal(signal, this.#creation);
  }

  /**
   * Connects, and checks that the server runs a statement with these credentials. The result counts for the health of the endpoint.
   * @throws the failure of either
   */
  async verify(entryPoints: EntryPoints): Promise<void> {
    try {
      await this.#check(entryPoints);
      this.contact.succeeded();
    } catch (error) {
      this.contact.checkFailed();
      throw error;
    }
  }

  async #check(entryPoints: EntryPoints): Promise<void> {
    const client = await this.connect(this.#closed.signal, entryPoints);
    const query_id = randomUUID();
    const result = await client.ping({ select: true, query_id });
    if (!result.success) throw parseFailure(result.error, { endpoint: this.url, queryId: query_id, ...takeErrorResponse(query_id) });
  }

  /**
   * Removes the client from the factory's cache, so that another endpoint of the same configuration gets a new one. This endpoint keeps its
   * client.
   */
  async evictClient(): Promise<void> {
    if (this.#creation) await raceWithSignal(this.#closed.signal, this.#creation).catch(() => undefined);
    this.factory.evict(this.config);
  }

  /** Aborts the callers of `verify` and the pause before a creation. Later creations fail with ManagerClosedError. */
  stopConnecting(): void {
    this.#closed.abort(new ManagerClosedError());
  }

  /** Releases the client, without waiting for statements. */
  async close(): Promise<void> {
    this.stopConnecting();
    this.#client = undefined;
    await this.#reference?.release();
  }

  #onTransition(from: BreakerState, to: BreakerState): void {
    publish('clickhouse-ssot:breaker:transition', () => ({ endpoint: this.url, from: from.kind, to: to.kind }));
    if (to.kind === 'open' && this.breaker) void probeUntilHealthy(this.breaker, { ping: () => this.#ping() });
  }

  async #ping(): Promise<boolean> {
    try {
      return (await this.#client?.ping({ select: false, abort_signal: AbortSignal.timeout(pingTimeoutMs) }))?.success ?? false;
    } catch {
      // The official client resolves with the error of a ping. Another implementation may throw it.
      return false;
    }
  }

  /** Creates the client. After a failure it pauses first, since a failing hook must not run in a loop. */
  async #create(entryPoints: EntryPoints): Promise<ClickHouseClient> {
    if (this.#failures > 0) {
      const pauseMs = Math.min(initialPauseMs * 2 ** (this.#failures - 1), maxPauseMs);
      await sleep(Math.max(0, this.#failedAt + pauseMs - performance.now()), undefined, { signal: this.#closed.signal }).catch(
        () => undefined,
      );
    }
    this.#assertOpen();
    try {
      this.#reference = this.factory.retain(this.config, entryPoints);
      const client = await this.#reference.client;
      this.#assertOpen();
      this.#failures = 0;
      return (this.#client = client);
    } catch (error) {
      this.#failures++;
      this.#failedAt = performance.now();
      void this.#reference?.release();
      throw error;
    }
  }

  #assertOpen(): void {
    if (this.#closed.signal.aborted) throw new ManagerClosedError();
  }
}

/** Returns an endpoint for each server of the configuration. Each has a configuration with its own URL, which is its key in the factory. */
export function endpointsOf(
  config: ClickHouseConfig,
  factory: ClickHouseConnectionFactory,
  options: AttemptOptions,
): readonly [Endpoint, ...Endpoint[]] {
  const { engine } = config;
  const first = new Endpoint(config, factory, options);
  if (engine.kind === 'embedded') return [first];
  return [
    first,
    ...engine.endpoints
      .slice(1)
      .map((url) => new Endpoint(Object.freeze({ ...config, engine: Object.freeze({ ...engine, url }) }), factory, options)),
  ];
}
