import { whenKillsSettled } from '../statement/kill-query.js';
import type { ClickHouseConfig } from '../config/config.js';
import { parseFailure } from '../errors/index.js';
import { endpointSignal } from '../errors/outcome.js';
import { type AttemptOptions, type Endpoint, endpointsOf } from './endpoint.js';
import type { EndpointSelector, AttemptTarget } from '../statement/routing.js';
import { type ClickHouseConnectionFactory, configKey } from '../client/factory.js';
import type { StatementTerminatedError } from '../errors/interruption.js';
import { waitAtMost, shutdownGraceMs } from '../concurrency/wait.js';
import { assertNotRecursive } from '../concurrency/recursion-guard.js';
import type { Statement } from '../statement/statement.js';

/** The clients of one configuration for as long as it serves, and then until its last statement has ended. */
export class EndpointPool implements EndpointSelector {
  /** Each knows its place: a set would take as long for one as everything else that a statement passes on its way here. */
  readonly #statements: Statement[] = [];
  readonly endpoints: readonly [Endpoint, ...Endpoint[]];
  #turn = 0;
  #idle: (() => void)[] = [];

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
    if (this.#statements.length === 0 && this.#idle.length > 0) for (const settle of this.#idle.splice(0)) settle();
  }

  /** Has this server left alone until every handle is disposed of. Undefined where there is no such server, or no breaker. */
  isolate(url: string): Disposable | undefined {
    return this.#endpointAt(url)?.breaker?.isolate();
  }

  assertNotRecursive(): void {
    if (!this.endpoints[0].client) assertNotRecursive(() => configKey(this.config), 'a statement of the managed service');
  }

  /** Round and round, past those whose breaker is open and those that were tried. */
  next(tried: ReadonlySet<AttemptTarget>): Endpoint {
    const [first] = this.endpoints;
    if (this.endpoints.length === 1) return first;
    // A repetition takes nobody's turn: else some servers would only ever get the second attempts of others.
    const turn = (tried.size === 0 ? this.#turn++ : this.#turn) % this.endpoints.length;
    const inTurn = [...this.endpoints.slice(turn), ...this.endpoints.slice(0, turn)];
    return (
      inTurn.find((endpoint) => endpoint.isReady && !tried.has(endpoint)) ??
      inTurn.find((endpoint) => endpoint.isReady) ??
      inTurn[0] ??
      first
    );
  }

  /** Lets its statements end, cuts those that are still running after `timeoutMs`, and closes the clients. */
  async drainAndClose(timeoutMs: number, by: StatementTerminatedError['by']): Promise<void> {
    if (this.#statements.length > 0)
      await waitAtMost(timeoutMs, new Promise((resolve) => this.#idle.push(resolve)), { inBackground: true });
    for (const endpoint of this.endpoints) endpoint.stopConnecting();
    const running = [...this.#statements];
    for (const statement of running) statement.terminate(by);
    // By the clients that are about to be closed.
    if (running.length > 0) await waitAtMost(shutdownGraceMs, whenKillsSettled());
    await Promise.all(this.endpoints.map((endpoint) => endpoint.close()));
  }

  #endpointAt(url: string | undefined): Endpoint | undefined {
    return this.endpoints.find((endpoint) => endpoint.url === url);
  }

  /** Makes room for another generation, of the same configuration perhaps, and goes on serving. */
  async evictClients(): Promise<void> {
    await Promise.all(this.endpoints.map((endpoint) => endpoint.evictClient()));
  }

  /** One endpoint that would run a statement is enough. @throws what keeps the first of them from that */
  async verify(): Promise<void> {
    const [first] = this.endpoints;
    await Promise.any(this.endpoints.map((endpoint) => endpoint.verify())).catch((error: unknown) => {
      throw parseFailure(error instanceof AggregateError ? error.errors[0] : error, { endpoint: first.url });
    });
  }
}
