import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { takeErrorResponse } from '../client/agent.js';
import { CircuitBreaker, type BreakerLimits, type BreakerState } from '../resilience/circuit-breaker.js';
import type { ClickHouseConfig } from '../config/config.js';
import { ManagerClosedError, parseFailure } from '../errors/index.js';
import { type ClickHouseConnectionFactory, configKey, type ClientReference } from '../client/factory.js';
import { raceWithSignal } from '../concurrency/wait.js';
import { probeUntilHealthy } from '../resilience/recovery-probe.js';
import { assertNotRecursive } from '../concurrency/recursion-guard.js';
import { type RetryPolicy, RetryBudget } from '../resilience/retry.js';
import type { AttemptTarget } from '../statement/routing.js';
import { publish } from '../telemetry/telemetry.js';

/** How attempts are made. */
export interface AttemptOptions {
  /** How often, and after what pauses, a statement is sent again where that is safe; `false` for once. */
  readonly retry?: Partial<RetryPolicy> | false;
  /** When an endpoint that fails is left alone; `false` for never. */
  readonly breaker?: Partial<BreakerLimits> | false;
}

const firstPauseMs = 10;
const longestPauseMs = 5_000;
/** So long a server that is back has time to say so. */
const pingTimeoutMs = 2_000;

/** One server: its client, made when it is first needed, and what is known of its health. */
export class Endpoint {
  /** Origin, without credentials. */
  readonly url: string;
  /** None for the engine inside this process, which is not reached over anything. */
  readonly breaker: CircuitBreaker | undefined;
  readonly budget = new RetryBudget();
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
    this.url = engine.kind === 'server' ? engine.url : 'the embedded engine';
    if (engine.kind === 'server' && breaker !== false)
      this.breaker = new CircuitBreaker({
        endpoint: this.url,
        ...(breaker && { limits: breaker }),
        onTransition: (from, to) => this.#onTransition(from, to),
      });
  }

  /** Undefined until it is connected. */
  get client(): ClickHouseClient | undefined {
    return this.#client;
  }

  get isReady(): boolean {
    return this.breaker?.isReady ?? true;
  }

  /** The same without its breaker, for what says nothing of its health. */
  get withoutBreaker(): AttemptTarget {
    return {
      config: this.config,
      url: this.url,
      client: this.#client,
      connect: (interrupted) => this.connect(interrupted),
      breaker: undefined,
      budget: this.budget,
    };
  }

  /** One creation for all who wait, and each waits no longer than it likes. @throws what the creation throws, or what interrupted it */
  async connect(interrupted: AbortSignal): Promise<ClickHouseClient> {
    interrupted.throwIfAborted();
    // Who is part of a creation would wait for himself.
    assertNotRecursive(() => configKey(this.config), 'a statement of the managed service');
    this.#creation ??= this.#create().finally(() => (this.#creation = undefined));
    return raceWithSignal(interrupted, this.#creation);
  }

  /** Connects, and has the server say that it would run a statement, with these credentials. @throws what keeps it from that */
  async verify(): Promise<void> {
    const client = await this.connect(this.#closed.signal);
    const query_id = randomUUID();
    const answer = await client.ping({ select: true, query_id });
    if (!answer.success) throw parseFailure(answer.error, { endpoint: this.url, queryId: query_id, ...takeErrorResponse(query_id) });
  }

  /** Makes room for another one, of the same configuration perhaps, and goes on serving. */
  async evictClient(): Promise<void> {
    if (this.#creation) await raceWithSignal(this.#closed.signal, this.#creation).catch(() => undefined);
    this.factory.evict(this.config);
  }

  /** No creation begins from now on. */
  stopConnecting(): void {
    this.#closed.abort(new ManagerClosedError());
  }

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
      // The vendor's client reports what a ping meets, and another one may throw it.
      return false;
    }
  }

  /** After a failure there is a pause, longer from one to the next: a broken hook must not turn into a loop. */
  async #create(): Promise<ClickHouseClient> {
    if (this.#failures > 0) {
      const pauseMs = Math.min(firstPauseMs * 2 ** (this.#failures - 1), longestPauseMs);
      await sleep(Math.max(0, this.#failedAt + pauseMs - performance.now()), undefined, { signal: this.#closed.signal }).catch(
        () => undefined,
      );
    }
    this.#mustBeOpen();
    try {
      this.#reference = this.factory.retain(this.config);
      const client = await this.#reference.client;
      this.#mustBeOpen();
      this.#failures = 0;
      return (this.#client = client);
    } catch (error) {
      this.#failures++;
      this.#failedAt = performance.now();
      void this.#reference?.release();
      throw error;
    }
  }

  #mustBeOpen(): void {
    if (this.#closed.signal.aborted) throw new ManagerClosedError();
  }
}

/** One for each server that the configuration names; the factory knows each by a configuration of its own. */
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
