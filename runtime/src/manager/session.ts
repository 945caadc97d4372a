import { randomUUID } from 'node:crypto';
import type { ClickHouseSettings } from '@clickhouse/client';
import { executeStatement, type ExecutorOptions, isServerDone } from '../statement/execute.js';
import type { ExecuteStatement, StatementParams } from '../statement/request.js';
import type { Endpoint } from '../endpoint/endpoint.js';
import { parseFailure } from '../errors/index.js';
import type { EndpointSelector } from '../statement/routing.js';
import type { NestedAcquires } from '../concurrency/nested-acquires.js';
import { noRetry } from '../resilience/retry.js';
import { SessionLostError, SessionReleasedError } from '../errors/interruption.js';
import { isServerError } from '../errors/predicates.js';
import { type PermitLimits, Semaphore } from '../concurrency/semaphore.js';
import { ManagedService } from '../statement/service.js';
import type { Statement, StatementOwner } from '../statement/statement.js';

export interface SessionOptions {
  /** Whose share of the permits it takes its own from. */
  readonly bulkhead?: string;
  /** How long each of its statements may take. */
  readonly deadlineMs?: number | undefined;
  /** For how long the server keeps it between two statements. */
  readonly idleTimeoutSeconds?: number;
  /** Ends the wait for the lease, and the lease. */
  readonly abort_signal?: AbortSignal;
}

const sessionNotFound = 372;

export type SessionState = 'leased' | 'lost' | 'released';

/**
 * A server-side session, leased to one caller: temporary tables and `SET` live as long as it does. Its statements run one after
 * the other, all on one connection, under one permit.
 */
export class Session extends ManagedService implements AsyncDisposable {
  constructor(
    private readonly lease: Lease,
    run = lease.run,
    settings: Readonly<ClickHouseSettings> = {},
  ) {
    super(run, () => lease.close(), settings);
  }

  get id(): string {
    return this.lease.id;
  }

  get state(): SessionState {
    return this.lease.state;
  }

  /** Gives the permit back; what still runs or is unread is cut. @throws SessionReleasedError the second time */
  release(): void {
    this.lease.release();
  }
}

/** A session is never recycled: the server may keep it locked after its caller gave up, and nobody can tell for how long. */
export class Lease implements EndpointSelector, StatementOwner {
  readonly id = randomUUID();
  readonly run: ExecuteStatement;
  readonly #turns: Semaphore;
  readonly #settings: { session_timeout: string; session_check: 0 | 1 };
  #state: SessionState = 'leased';
  #loss: unknown;
  #running: Statement | undefined;

  /** `holding`: the statement whose permit this lease lives on, and which is cut when the connection goes. */
  constructor(
    private readonly endpoint: Endpoint,
    private readonly holding: Statement,
    limits: PermitLimits,
    { deadlineMs, idleTimeoutSeconds = 60 }: SessionOptions,
    nested: NestedAcquires | undefined,
  ) {
    this.#turns = new Semaphore({ ...limits, max: 1 });
    this.#settings = { session_timeout: String(idleTimeoutSeconds), session_check: 0 };
    const options: ExecutorOptions = {
      permits: this.#turns,
      currentEndpoints: () => this,
      retry: noRetry,
      deadlineMs,
      leaks: undefined,
      nested,
    };
    this.run = (request) =>
      executeStatement(
        {
          ...request,
          send: (client, params, statement) =>
            this.#send(params, () => {
              const clickhouse_settings = { ...params.clickhouse_settings, ...this.#settings };
              return request.send(client, { ...params, session_id: this.id, clickhouse_settings }, statement);
            }),
        },
        options,
      );
    holding.signal.addEventListener('abort', () => this.#lose(holding.failure), { once: true });
  }

  get state(): SessionState {
    return this.#state;
  }

  /** A session lives on one server. */
  next(): Endpoint {
    return this.endpoint;
  }

  assertNotRecursive(): void {
    this.#mustBeLeased();
  }

  admit(statement: Statement): void {
    this.#mustBeLeased();
    // Made by being asked for: whatever becomes of the session, its statement must hear of it.
    statement.signal.throwIfAborted();
    statement.setOwner(this);
    this.#running = statement;
  }

  ended(statement: Statement): void {
    this.#running = undefined;
    if (statement.isOutcomeUnknown) this.#lose(statement.failure ?? new Error('Its answer was not read to the end.'));
  }

  release(): void {
    if (this.#state === 'released') throw new SessionReleasedError(this.id);
    this.#end('released', () => new SessionReleasedError(this.id));
    this.#running?.terminate('session-release');
  }

  close(): Promise<void> {
    if (this.#state !== 'released') this.release();
    return Promise.resolve();
  }

  async #send<Result>(given: StatementParams, send: () => Promise<Result>): Promise<Result> {
    try {
      const result = await send();
      // From now on the server knows it: one that has forgotten it, after a restart say, must not silently begin another.
      if (given.query !== undefined || given.values !== undefined) this.#settings.session_check = 1;
      return result;
    } catch (error) {
      const failure = parseFailure(error);
      if (isServerError(failure, sessionNotFound) || !isServerDone(failure)) this.#lose(this.#running?.failure ?? error);
      throw error;
    }
  }

  #lose(cause: unknown): void {
    if (this.#state !== 'leased') return;
    this.#loss = cause;
    this.#end('lost', () => new SessionLostError(this.id, cause));
    const by = this.holding.failure;
    if (by) this.#running?.fail(by);
  }

  #end(state: 'lost' | 'released', refusal: () => Error): void {
    this.#state = state;
    this.#turns.close(refusal);
    this.holding.end(true);
  }

  #mustBeLeased(): void {
    if (this.#state === 'released') throw new SessionReleasedError(this.id);
    if (this.#state === 'lost') throw new SessionLostError(this.id, this.#loss);
  }
}
