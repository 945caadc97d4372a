import {
  AbortedError,
  type ClickHouseSsotError,
  InvalidArgumentError,
  parseFailure,
  TimeoutError,
  UnclassifiedError,
} from '../errors/index.js';
import { parseUnsentFailure } from '../errors/parse.js';
import { DeadlineExceededError, StatementTerminatedError } from '../errors/interruption.js';
import { endpointSignal, outcomeOf, type Phase } from '../errors/outcome.js';
import type { BreakerCall } from '../resilience/circuit-breaker.js';
import type { NodePlatform, Platform } from './platform.js';
import type { StatementParams, StatementRequest } from './request.js';
import type { AttemptTarget } from './routing.js';
import type { Statement } from './statement.js';

/** One attempt of a statement: sent to one endpoint, under a query id of its own, so that the server's log distinguishes the attempts. */
export class Attempt<Params extends StatementParams, Result, On extends Platform = NodePlatform> {
  /** For `hasStalledSince`. */
  readonly #watch: number;
  #breakerCall: BreakerCall | undefined;
  #client: On['client'] | undefined;
  readonly #queryId: string;
  /** `waiting` while the client is created: a failure of the creation means that nothing was sent. */
  phase: Extract<Phase, 'waiting' | 'sending'> = 'sending';
  /** Undefined unless the attempt has failed. */
  failure: ClickHouseSsotError | undefined;

  constructor(
    readonly request: StatementRequest<Params, Result, On>,
    readonly statement: Statement,
    readonly target: AttemptTarget<On>,
    /** The failed attempt before this one. */
    private readonly previous?: Attempt<Params, Result, On>,
  ) {
    this.#watch = target.reports.beginWatch();
    this.#queryId = queryIdOf(request.params.query_id, ++statement.attempts);
  }

  /**
   * Resolves with the result of the request's `send`. It creates no promise of its own if the endpoint is connected.
   * @throws BreakerOpenError or the failure of `previous` if the breaker rejects it; the error of the creation of the client; the error of `send`
   */
  send(): Promise<Result> {
    this.#breakerCall = this.#admitToBreaker();
    const { client } = this.target;
    return client ? this.#sendBy(client) : this.#connectAndSend();
  }

  /** Reports a success to the breaker and the health of the endpoint. Returns the result. */
  succeed(result: Result): Result {
    const { delivery } = this.statement;
    if (delivery) {
      if (delivery.stage === 'not-made' && this.#client && needsRequest(this.request.params))
        this.target.reports.markUnwatched(this.#client);
      this.statement.ignoreDelivery();
    }
    this.#breakerCall?.succeeded();
    if (this.#hasRun()) this.target.contact?.succeeded();
    return result;
  }

  /** Reports a failure to the breaker and the statement, and stops the statement on the server. Returns an error of this package. */
  fail(error: unknown): ClickHouseSsotError {
    const failure = this.#toFailure(error);
    this.failure = failure;
    this.statement.ignoreDelivery();
    this.#recordAtEndpoint(failure);
    this.statement.attemptFailed(outcomeOf(failure, this.phase));
    // The embedded engine stops its statements itself.
    if (this.#client && shouldKill(failure, this.phase) && this.target.config.engine.kind === 'server')
      this.target.reports.killQuery(this.#client, this.#queryId);
    return failure;
  }

  /**
   * Whether the success proves that statements run. The path `/ping` of a server needs no credentials, and an insert without rows is not
   * sent. The embedded engine runs a query for a ping.
   */
  #hasRun(): boolean {
    const { params } = this.request;
    return needsRequest(params) || params.select === true || (params.values === undefined && this.target.config.engine.kind === 'embedded');
  }

  #admitToBreaker(): BreakerCall | undefined {
    try {
      return this.target.breaker?.admit();
    } catch (error) {
      if (!this.previous?.failure) throw error;
      // The earlier attempt may have reached a server. `BreakerOpenError` would claim that nothing was sent.
      this.phase = this.previous.phase;
      throw this.previous.failure;
    }
  }

  async #connectAndSend(): Promise<Result> {
    this.statement.markQueued();
    this.phase = 'waiting';
    const client = await this.target.connect(this.statement.signal, this.request.entryPoints);
    this.phase = 'sending';
    return this.#sendBy(client);
  }

  #sendBy(client: On['client']): Promise<Result> {
    const { statement } = this;
    const queryId = this.#queryId;
    const { params, send } = this.request;
    this.#client = client;
    const { url, reports } = this.target;
    statement.markSent({ endpoint: url, queryId, sql: params.query }, reports.trackDelivery(client, queryId));
    const ownParams = statement.isInterruptible ? { query_id: queryId, abort_signal: statement.signal } : { query_id: queryId };
    // `Object.assign` is ten times as fast as a spread that more properties follow.
    return send(client, Object.assign({}, params, ownParams), statement);
  }

  #toFailure(error: unknown): ClickHouseSsotError {
    const { failure, delivery } = this.statement;
    // Without a client, the facts are those of an earlier attempt.
    if (this.phase === 'waiting') return parseFailure(failure ?? error);
    const facts = { ...this.statement.facts, ...this.target.reports.takeErrorResponse(this.#queryId) };
    if (failure) return parseFailure(failure, facts);
    const stage = delivery?.stage ?? 'sent';
    const inputFailure = this.request.input?.failureBehind(error);
    if (inputFailure && facts.httpStatus === undefined)
      return stage === 'sent' ? new UnclassifiedError(inputFailure, facts, inputFailed) : new InvalidArgumentError(inputFailure, facts);
    return stage === 'sent' ? parseFailure(error, facts) : parseUnsentFailure(error, stage, facts);
  }

  /** Ignores failures that say nothing about the endpoint, and failures during an event-loop stall. */
  #recordAtEndpoint(failure: ClickHouseSsotError): void {
    const signal = endpointSignal(failure);
    if (signal === 'failing' && this.target.reports.hasStalledSince(this.#watch)) return this.#breakerCall?.ignored();
    this.target.contact?.failed(failure);
    if (signal === 'failing') this.#breakerCall?.failed(failure);
    else if (signal === 'healthy') this.#breakerCall?.succeeded();
    else this.#breakerCall?.ignored();
  }
}

/** Returns a new id, or the caller's id with the number of the attempt from the second one on. An empty id counts as none, as on the server. */
function queryIdOf(callerId: string | undefined, number: number): string {
  if (callerId === undefined || callerId === '') return crypto.randomUUID();
  return number === 1 ? callerId : `${callerId}.${number}`;
}

/** Whether success is impossible without a request. The client sends none for an empty array, and the lease of a session has no statement. */
function needsRequest({ query, values }: StatementParams): boolean {
  return query !== undefined || (values !== undefined && !(Array.isArray(values) && values.length === 0));
}

const inputFailed = 'The stream of the values failed';

/** Whether the server may still run the statement although its result is not needed. */
function shouldKill(failure: ClickHouseSsotError, phase: Phase): boolean {
  if (outcomeOf(failure, phase) === 'never-sent') return false;
  return [AbortedError, DeadlineExceededError, StatementTerminatedError, TimeoutError].some((type) => failure instanceof type);
}
