import type { ClickHouseClient } from '@clickhouse/client-web';
import { selectEndpoint } from '../endpoint/select-endpoint.js';
import type { StatementTerminatedError } from '../errors/interruption.js';
import { endpointSignal } from '../errors/outcome.js';
import { trackDelivery } from '../resilience/delivery.js';
import { killQuery } from '../statement/kill-query.js';
import type { ConnectionReports } from '../statement/platform.js';
import type { AttemptTarget, EndpointSelector } from '../statement/routing.js';
import type { Statement } from '../statement/statement.js';
import type { WebConfig } from './config.js';
import { createWebClient } from './create-client.js';
import { observeFetch } from './observed-fetch.js';
import type { KnownServer, ServerState } from './server-state.js';

/** `@clickhouse/client-web`. A statement holds its permit until its result is read, so no other record of results is needed. */
export interface WebPlatform {
  readonly client: ClickHouseClient;
  readonly results: undefined;
}

/** One server, with its client, which is created for the first statement. */
class WebEndpoint implements AttemptTarget<WebPlatform> {
  readonly contact = undefined;
  readonly breaker: KnownServer['breaker'];
  readonly budget: KnownServer['budget'];
  readonly reports: ConnectionReports<ClickHouseClient>;
  readonly #create: () => ClickHouseClient;
  #client: ClickHouseClient | undefined;

  constructor(
    readonly config: WebConfig,
    readonly url: string,
    { breaker, budget }: KnownServer,
    send: typeof fetch,
  ) {
    const observed = observeFetch(send, url);
    this.#create = () => createWebClient(config, url, observed.fetch);
    this.breaker = breaker;
    this.budget = budget;
    this.reports = {
      trackDelivery: (_client, queryId) => trackDelivery(queryId),
      markUnwatched: () => undefined,
      takeErrorResponse: (queryId) => observed.takeErrorResponse(queryId),
      killQuery,
      // No other code of an isolate blocks the event loop unseen for long: its run time limits that.
      beginWatch: () => 0,
      hasStalledSince: () => false,
    };
  }

  get client(): ClickHouseClient {
    return (this.#client ??= this.#create());
  }

  /** Whether the breaker would admit a call. */
  get isReady(): boolean {
    return this.breaker?.isReady ?? true;
  }

  async connect(): Promise<ClickHouseClient> {
    return this.client;
  }
}

/** The servers of a configuration, with the statements that run on them. */
export class WebEndpoints implements EndpointSelector<WebPlatform> {
  readonly #endpoints: readonly [WebEndpoint, ...WebEndpoint[]];
  readonly #statements = new Set<Statement>();
  #turn = 0;

  constructor(
    private readonly config: WebConfig,
    private readonly state: ServerState,
    send: typeof fetch,
  ) {
    const endpointAt = (url: string) => new WebEndpoint(config, url, state.serverAt(url), send);
    const { url, endpoints } = config.engine;
    this.#endpoints = [endpointAt(url), ...endpoints.slice(1).map(endpointAt)];
  }

  admit(statement: Statement): void {
    statement.makeInterruptible();
    statement.setOwner(this);
    this.#statements.add(statement);
  }

  ended(statement: Statement): void {
    this.#statements.delete(statement);
    const { streamError, facts } = statement;
    if (streamError && endpointSignal(streamError) === 'failing')
      this.#endpoints.find(({ url }) => url === facts.endpoint)?.breaker?.recordLateFailure(streamError);
  }

  /** No code of a user runs while a client is created. */
  assertNotRecursive(): void {
    return undefined;
  }

  next(tried: ReadonlySet<AttemptTarget<WebPlatform>>): WebEndpoint {
    // A retry does not advance the turn.
    if (tried.size === 0) this.#turn = this.state.nextTurn(this.config.engine.endpoints);
    return selectEndpoint(this.#endpoints, this.#turn, tried);
  }

  /** Ends all running statements early. */
  terminate(by: StatementTerminatedError['by']): void {
    for (const statement of [...this.#statements]) statement.terminate(by);
  }
}
