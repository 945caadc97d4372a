import { ClickHouseSsotError } from './base.js';

/**
 * No permit came free within `acquireTimeoutMs`.
 * Outcome: `never-sent`. Retryable: yes.
 */
export class AcquireTimeoutError extends ClickHouseSsotError {
  static override readonly kind = 'AcquireTimeoutError';

  constructor(
    /** Time in the queue, in milliseconds. */
    readonly waitedMs: number,
    /** Number of permits in use when the wait ended. */
    readonly inUse: number,
    /** The reason and what to do, if permits are not those of a manager. */
    reason = `all ${inUse} permits are in use. Read every result to its end or close it, or raise maxConcurrentStatements.`,
  ) {
    super('ACQUIRE_TIMEOUT', `No permit came free within ${waitedMs} ms: ${reason}`, { retryable: true });
  }
}

/**
 * `onCreate` of the factory did not finish in time. The client that it prepared is closed, and the next call starts a new creation.
 * Outcome: `never-sent`. Retryable: yes.
 */
export class CreateTimeoutError extends ClickHouseSsotError {
  static override readonly kind = 'CreateTimeoutError';

  constructor(
    /** The limit, in milliseconds. */
    readonly timeoutMs: number,
  ) {
    super(
      'CREATE_TIMEOUT',
      `onCreate did not finish within ${timeoutMs} ms, so the client was closed and no statement was sent. Find out what onCreate waits for, or raise onCreateTimeoutMs of the factory.`,
      { retryable: true },
    );
  }
}

/**
 * Every holder of a permit waits for another permit, and so would this caller: a deadlock. Thrown if `detectNestedAcquires` is on.
 * Outcome: `never-sent`. Retryable: no.
 */
export class NestedAcquireError extends ClickHouseSsotError {
  static override readonly kind = 'NestedAcquireError';

  constructor(
    /** Number of permits in use. */
    readonly inUse: number,
    /** The call of this caller that holds a permit, as in ` at main (/app/src/main.ts:12:3)`. Empty if it is unknown. */
    readonly heldBy: string,
  ) {
    super(
      'NESTED_ACQUIRE',
      `This statement would wait for a permit forever: its caller already holds one${heldBy === '' ? '' : `, acquired${heldBy}`}, and all ${inUse} permits are held by callers that wait for another one. Read the first result to its end before the next statement, run the statement in the open session, or give the inner statements a bulkhead of their own.`,
    );
  }
}

/**
 * The queue for permits has `maxWaitingStatements` entries.
 * Outcome: `never-sent`. Retryable: yes.
 */
export class QueueFullError extends ClickHouseSsotError {
  static override readonly kind = 'QueueFullError';

  constructor(
    /** Number of statements in the queue. */
    readonly waiting: number,
    limit = 'maxWaitingStatements',
  ) {
    super(
      'QUEUE_FULL',
      `${waiting === 0 ? 'No permit is free' : `${waiting} statements already wait for a permit`}, and ${limit} lets no further statement wait. Start fewer statements at once, or raise ${limit}.`,
      { retryable: true },
    );
  }
}

/**
 * The manager was drained or closed before the statement could run.
 * Outcome: `never-sent`. Retryable: no.
 */
export class ManagerClosedError extends ClickHouseSsotError {
  static override readonly kind = 'ManagerClosedError';

  /** @param closed what is closed, and the remedy, as sentences. Default: those of a connection manager. */
  constructor(
    closed = 'The ClickHouse connection manager is closed and accepts no statements. After the drain, getClickHouseClient() returns the service of a new manager.',
  ) {
    super('MANAGER_CLOSED', `${closed} This statement was not sent.`);
  }
}

/**
 * `release()` was called twice on one permit. It concerns a permit and no statement.
 * Retryable: no.
 */
export class DoubleReleaseError extends ClickHouseSsotError {
  static override readonly kind = 'DoubleReleaseError';

  constructor() {
    super('DOUBLE_RELEASE', 'This permit is already released. Release each permit exactly once.');
  }
}

const abortMoments = { waiting: 'before it was sent', running: 'while it ran', 'between-attempts': 'between two attempts' } as const;

/**
 * The caller's signal was aborted. Its `name` is `AbortError`, as for every abort in Node.js. `cause` is the reason of the signal.
 * Outcome: `never-sent` in phase `waiting`, `unknown` in phase `running`. Retryable: no.
 */
export class AbortedError extends ClickHouseSsotError {
  static override readonly kind = 'AbortedError';
  /** `waiting`: the statement was not sent. `running`: at least one attempt was sent, so a write may have happened. */
  readonly phase: 'waiting' | 'running';
  /** For `add()` of an ingest: number of rows of the call that were accepted before. Undefined for a statement. */
  acceptedRows: number | undefined;

  /**
   * @param reason the reason of the signal
   * @param moment when the signal was aborted. `between-attempts`: in the pause before a retry; it counts as `running`.
   */
  constructor(reason: unknown, moment: keyof typeof abortMoments = 'waiting') {
    super('ABORTED', `The statement was aborted ${abortMoments[moment]}.`, { cause: reason });
    this.name = 'AbortError';
    this.phase = moment === 'waiting' ? 'waiting' : 'running';
  }

  override toJSON(): Record<string, unknown> {
    const { acceptedRows } = this;
    return { ...super.toJSON(), ...(acceptedRows !== undefined && { acceptedRows }) };
  }
}

/**
 * The circuit breaker of the endpoint is open after too many failures, or the endpoint is isolated. `cause` is the latest failure there.
 * Outcome: `never-sent`. Retryable: no.
 */
export class BreakerOpenError extends ClickHouseSsotError {
  static override readonly kind = 'BreakerOpenError';

  constructor(
    /** URL of the endpoint, without credentials. */
    readonly endpoint: string,
    /** Milliseconds until the breaker admits a probe. Undefined if the endpoint is isolated with `manager.isolate()`. */
    readonly retryAfterMs: number | undefined,
    cause?: unknown,
  ) {
    const until =
      retryAfterMs === undefined
        ? 'The endpoint is isolated until the handle of manager.isolate() is disposed.'
        : `The endpoint is tried again in ${Math.ceil(retryAfterMs)} ms.`;
    super('BREAKER_OPEN', `The circuit breaker of ${endpoint} is open: the statement was not sent. ${until}`, { cause });
  }

  override toJSON(): Record<string, unknown> {
    return {
      ...super.toJSON(),
      endpoint: this.endpoint,
      retryAfterMs: this.retryAfterMs,
      ...(this.cause instanceof ClickHouseSsotError && { cause: this.cause.toJSON() }),
    };
  }
}
