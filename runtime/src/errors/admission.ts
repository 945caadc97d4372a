import { ClickHouseSsotError } from './base.js';

/** No permit came free in time. The statement was not sent. */
export class AcquireTimeoutError extends ClickHouseSsotError {
  static override readonly kind = 'AcquireTimeoutError';

  constructor(
    readonly waitedMs: number,
    readonly inUse: number,
  ) {
    super(
      'ACQUIRE_TIMEOUT',
      `No permit to run a statement came free within ${waitedMs} ms: all ${inUse} are in use. Look for results that nobody reads to the end, or raise maxConcurrentStatements.`,
      { retryable: true },
    );
  }
}

/** Everybody who holds a permit waits for a further one, this caller among them: nobody would ever get it. The statement was not sent. */
export class NestedAcquireError extends ClickHouseSsotError {
  static override readonly kind = 'NestedAcquireError';

  /** `heldBy`: the call of this caller's whose permit is not given back. */
  constructor(
    readonly inUse: number,
    readonly heldBy: string,
  ) {
    super(
      'NESTED_ACQUIRE',
      `This statement would wait for a permit for ever: its caller holds one himself, since${heldBy}, and all ${inUse} are held by such callers. Read the first result to its end before the next statement, run it in the session that is open, or give the inner statements a bulkhead of their own.`,
    );
  }
}

/** The queue for permits is full. The statement was not sent. */
export class QueueFullError extends ClickHouseSsotError {
  static override readonly kind = 'QueueFullError';

  constructor(readonly waiting: number) {
    super('QUEUE_FULL', `${waiting} statements wait for a permit already, and maxWaitingStatements allows no more.`, { retryable: true });
  }
}

/** The manager was drained or closed before the statement could run. */
export class ManagerClosedError extends ClickHouseSsotError {
  static override readonly kind = 'ManagerClosedError';

  constructor() {
    super(
      'MANAGER_CLOSED',
      'The ClickHouse connection manager is closed and takes no more statements: this one was not sent. Once it is drained, getClickHouseClient() gives the service of a new one.',
    );
  }
}

/** A permit was given back twice. */
export class DoubleReleaseError extends ClickHouseSsotError {
  static override readonly kind = 'DoubleReleaseError';

  constructor() {
    super('DOUBLE_RELEASE', 'This permit was released already: whoever acquires it must release it once.');
  }
}

/** The caller's signal was aborted. `cause` is the signal's reason. */
export class AbortedError extends ClickHouseSsotError {
  static override readonly kind = 'AbortedError';
  /** As of a deadline: `waiting` was not sent. */
  readonly phase: 'waiting' | 'running';

  constructor(reason: unknown, when: 'before it was sent' | 'while it ran' | 'between two attempts' = 'before it was sent') {
    super('ABORTED', `The statement was aborted ${when}.`, { cause: reason });
    this.phase = when === 'before it was sent' ? 'waiting' : 'running';
  }
}

/** So many statements failed on this endpoint that it gets no more for a while. The statement was not sent. */
export class BreakerOpenError extends ClickHouseSsotError {
  static override readonly kind = 'BreakerOpenError';

  /** `retryAfterMs`: when the endpoint will be tried again; unknown where somebody isolated it by hand. `cause`: how a statement failed there last. */
  constructor(
    readonly endpoint: string,
    readonly retryAfterMs: number | undefined,
    cause?: unknown,
  ) {
    const until = retryAfterMs === undefined ? 'It is isolated by hand.' : `It will be tried again in ${Math.ceil(retryAfterMs)} ms.`;
    super('BREAKER_OPEN', `The breaker of ${endpoint} is open: the statement was not sent. ${until}`, { cause });
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
