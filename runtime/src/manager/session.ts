import { randomUUID } from 'node:crypto';
import type { ClickHouseSettings } from '@clickhouse/client';
import { anyText, atLeast, countFrom, objectWith, type OptionRules } from '../config/validate-options.js';
import { executeStatement, type ExecutorOptions } from '../statement/execute.js';
import type { ExecuteStatement, StatementParams } from '../statement/request.js';
import type { Endpoint } from '../endpoint/endpoint.js';
import type { OpenResults } from '../statement/open-results.js';
import type { EndpointSelector } from '../statement/routing.js';
import type { NestedAcquires } from '../concurrency/nested-acquires.js';
import { noRetry } from '../resilience/retry.js';
import { SessionLostError, SessionReleasedError } from '../errors/interruption.js';
import { isServerError } from '../errors/predicates.js';
import { onAbort } from '../concurrency/abort-listeners.js';
import { type PermitLimits, Semaphore } from '../concurrency/semaphore.js';
import { ManagedService } from '../statement/service.js';
import type { Statement, StatementOwner } from '../statement/statement.js';

/** Options of a session. */
export interface SessionOptions {
  /** Name of the bulkhead that gives the permit. Default: a permit of no bulkhead. */
  readonly bulkhead?: string | undefined;
  /**
   * Maximum time of each statement of the session in milliseconds, 0 or more, from its call to the end of its result. After it the
   * statement fails with DeadlineExceededError. Default: `deadlineMs` of the configuration.
   */
  readonly deadlineMs?: number | undefined;
  /** Time that the server keeps the session between two statements, in seconds. Default: 60. */
  readonly idleTimeoutSeconds?: number | undefined;
  /** Ends the wait for the permit with AbortedError. After the wait, it ends the session. Default: none. */
  readonly abort_signal?: AbortSignal | undefined;
}

/** The valid values of `SessionOptions`. */
export const sessionRules: OptionRules<SessionOptions> = {
  bulkhead: anyText,
  deadlineMs: atLeast(0),
  idleTimeoutSeconds: countFrom(1),
  abort_signal: objectWith('an AbortSignal', 'addEventListener', 'throwIfAborted'),
};

/** Server code `SESSION_NOT_FOUND`. */
const sessionNotFound = 372;

/**
 * - `leased`: statements run.
 * - `lost`: the session failed, and its permit is released. Statements fail with SessionLostError.
 * - `released`: statements fail with SessionReleasedError.
 */
export type SessionState = 'leased' | 'lost' | 'released';

/**
 * A server-side session, leased to one caller. Temporary tables and the effect of `SET` last as long as the session. Its statements run one
 * after the other, on one server, under one permit.
 */
export class Session extends ManagedService implements AsyncDisposable {
  constructor(
    private readonly lease: Lease,
    run = lease.run,
    settings?: () => Readonly<ClickHouseSettings>,
  ) {
    super(run, () => lease.close(), settings);
  }

  /** The `session_id` on the server, a UUID. */
  get id(): string {
    return this.lease.id;
  }

  /** State of the session. It leaves `leased` once and never returns to it. */
  get state(): SessionState {
    return this.lease.state;
  }

  /**
   * Releases the permit. A statement that still runs or whose result is unread fails with StatementTerminatedError.
   * @throws SessionReleasedError if the session is already released
   */
  release(): void {
    this.lease.release();
  }
}

/**
 * The lease of one session. A session is never reused: after an aborted statement the server may keep it locked, for a time that the client
 * cannot know.
 */
export class Lease implements EndpointSelector, StatementOwner {
  readonly id = randomUUID();
  readonly run: ExecuteStatement;
  readonly #turns: Semaphore;
  readonly #settings: { session_timeout: string; session_check: 0 | 1 };
  #state: SessionState = 'leased';
  /** Why the session is lost. */
  #loss: unknown;
  #running: Statement | undefined;

  /** @param holding the statement that holds the permit of this lease. If it is aborted or terminated, the session is lost. */
  constructor(
    private readonly endpoint: Endpoint,
    private readonly holding: Statement,
    limits: PermitLimits,
    { deadlineMs, idleTimeoutSeconds = 60 }: SessionOptions,
    nested: NestedAcquires | undefined,
    results: OpenResults,
  ) {
    holding.label = `session ${this.id}`;
    this.#turns = new Semaphore({ ...limits, max: 1, timeoutReason: () => this.#busyReason() });
    this.#settings = { session_timeout: String(idleTimeoutSeconds), session_check: 0 };
    const options: ExecutorOptions = {
      permits: this.#turns,
      currentEndpoints: () => this,
      retry: noRetry,
      deadlineMs,
      leaks: undefined,
      nested,
      results,
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
    onAbort(holding.signal, () => this.#lose(holding.failure));
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Returns the same endpoint each time: a session exists on one server. */
  next(): Endpoint {
    return this.endpoint;
  }

  assertNotRecursive(): void {
    this.#assertLeased();
  }

  admit(statement: Statement): void {
    this.#assertLeased();
    // The first read of `signal` makes the statement abortable: it must fail when the session is lost.
    statement.signal.throwIfAborted();
    statement.setOwner(this);
    this.#running = statement;
  }

  ended(statement: Statement, failure?: unknown): void {
    this.#running = undefined;
    if (statement.isOutcomeUnknown) this.#lose(failure ?? new Error('The result of a statement was not read to its end.'));
  }

  /** Implements `Session.release()`. @throws SessionReleasedError if the session is already released */
  release(): void {
    if (this.#state === 'released') throw new SessionReleasedError(this.id);
    this.#end('released', () => new SessionReleasedError(this.id));
    this.#running?.terminate('session-release');
  }

  /** Releases the session unless it is released already. */
  close(): Promise<void> {
    if (this.#state !== 'released') this.release();
    return Promise.resolve();
  }

  async #send<Result>(params: StatementParams, send: () => Promise<Result>): Promise<Result> {
    try {
      const result = await send();
      // The session exists on the server. If the server loses it, after a restart for example, it must not start a new one silently.
      if (params.query !== undefined || params.values !== undefined) this.#settings.session_check = 1;
      return result;
    } catch (error) {
      if (isServerError(error, sessionNotFound)) this.#lose(error);
      throw error;
    }
  }

  #lose(cause: unknown): void {
    if (this.#state !== 'leased') return;
    this.#loss = cause;
    this.#end('lost', () => new SessionLostError(this.id, cause));
    const { failure } = this.holding;
    if (failure) this.#running?.fail(failure);
  }

  #busyReason(): string {
    const { body, facts } = this.#running ?? {};
    const id = facts?.queryId === undefined ? '' : ` (query id ${facts.queryId})`;
    return body
      ? `the result of the previous statement of the session${id} is unread. Read it to its end or close it: a session runs one statement at a time.`
      : `the previous statement of the session${id} still runs. A session runs one statement at a time.`;
  }

  #end(state: 'lost' | 'released', rejection: () => Error): void {
    this.#state = state;
    this.#turns.close(rejection);
    this.holding.end(true);
  }

  #assertLeased(): void {
    if (this.#state === 'released') throw new SessionReleasedError(this.id);
    if (this.#state === 'lost') throw new SessionLostError(this.id, this.#loss);
  }
}
