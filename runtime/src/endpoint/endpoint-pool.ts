import { configKey } from '../client/config-key.js';
import type { ClickHouseConnectionFactory } from '../client/factory.js';
import type { EntryPoints } from '../concurrency/call-site.js';
import { assertNotRecursive } from '../concurrency/recursion-guard.js';
import { shutdownGraceMs, waitAtMost } from '../concurrency/wait.js';
import type { ClickHouseConfig } from '../config/config.js';
import { parseFailure } from '../errors/index.js';
import type { StatementTerminatedError } from '../errors/interruption.js';
import { endpointSignal } from '../errors/outcome.js';
import { whenKillsSettled } from '../statement/kill-query.js';
import type { AttemptTarget, EndpointSelector } from '../statement/routing.js';
import type { Statement } from '../statement/statement.js';
import { type AttemptOptions, type Endpoint, endpointsOf, statementStep } from './endpoint.js';
import { selectEndpoint } from './select-endpoint.js';

/**
 * The endpoints of one configuration, with the statements that run on them. A rotation replaces the pool, which closes after its last
 * statement.
 */
export class EndpointPool implements EndpointSelector {
  /** Each statement stores its index: a swap-remove is faster than a `Set`. */
  readonly #statements: Statement[] = [];
  /** In the order of the configuration. */
  readonly endpoints: readonly [Endpoint, ...Endpoint[]];
  #turn = 0;
  #idleListeners: (() => void)[] = [];

  constructor(
    readonly config: ClickHouseConfig,
    factory: ClickHouseConnectionFactory,
    options: AttemptOptions,
  ) {
    this.endpoints = endpointsOf(config, factory, options);
  }

  admit(statement: Statement): void {
    statement.setOwner(this, this.#statements.push(statement) - 1);
  }

  ended(statement: Statement): void {
    const last = this.#statements.pop();
    if (last && last !== statement) {
      this.#statements[statement.ownerIndex] = last;
      last.ownerIndex = statement.ownerIndex;
    }
    const { streamError, facts } = statement;
    if (streamError && endpointSignal(streamError) === 'failing') this.#endpointAt(facts.endpoint)?.breaker?.recordLateFailure(streamError);
    if (this.#statements.length === 0 && this.#idleListeners.length > 0) for (const resolve of this.#idleListeners.splice(0)) resolve();
  }

  /** The statements that run, and those whose results are unread. */
  get running(): readonly Statement[] {
    return [...this.#statements];
  }

  /** Rejects all statements to this server until every handle is disposed. Returns undefined if there is no such server, or no breaker. */
  isolate(url: string): Disposable | undefined {
    return this.#endpointAt(url)?.breaker?.isolate();
  }

  assertNotRecursive(entryPoints: EntryPoints): void {
    if (!this.endpoints[0].client) assertNotRecursive(() => configKey(this.config), statementStep, entryPoints);
  }

  next(tried: ReadonlySet<AttemptTarget>): Endpoint {
    if (this.endpoints.length === 1) return this.endpoints[0];
    // A retry does not advance the turn.
    return selectEndpoint(this.endpoints, tried.size === 0 ? this.#turn++ : this.#turn, tried);
  }

  /** Waits until the statements have ended, terminates those that still run after `timeoutMs` milliseconds, and closes the clients. */
  async drainAndClose(timeoutMs: number, by: StatementTerminatedError['by']): Promise<void> {
    // Without a time to wait, an unreferenced timer would be the last handle of a process: it would exit before the end of its drain.
    if (this.#statements.length > 0 && timeoutMs > 0)
      await waitAtMost(timeoutMs, new Promise<void>((resolve) => this.#idleListeners.push(resolve)), { inBackground: true });
    for (const endpoint of this.endpoints) endpoint.stopConnecting();
    const running = [...this.#statements];
    for (const statement of running) statement.terminate(by);
    // The kills are sent by the clients, which are closed next.
    if (running.length > 0) await waitAtMost(shutdownGraceMs, whenKillsSettled());
    await Promise.all(this.endpoints.map((endpoint) => endpoint.close()));
  }

  #endpointAt(url: string | undefined): Endpoint | undefined {
    return this.endpoints.find((endpoint) => endpoint.url === url);
  }

  /**
   * Removes the clients from the factory's cache, so that another pool of the same configuration gets new ones. This pool keeps its
   * clients.
   */
  async evictClients(): Promise<void> {
    await Promise.all(this.endpoints.map((endpoint) => endpoint.evictClient()));
  }

  /** Resolves as soon as one endpoint would run a statement. @throws the failure of the first endpoint if none would */
  async verify(entryPoints: EntryPoints = []): Promise<void> {
    const [first] = this.endpoints;
    await Promise.any(this.endpoints.map((endpoint) => endpoint.verify(entryPoints))).catch((error: unknown) => {
      throw parseFailure(error instanceof AggregateError ? error.errors[0] : error, { endpoint: first.url });
    });
  }
}
