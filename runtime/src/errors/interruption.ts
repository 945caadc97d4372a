import { ClickHouseSsotError } from './index.js';

/** The statement had so much time, for its wait and its run together, and it is over. */
export class DeadlineExceededError extends ClickHouseSsotError {
  static override readonly kind = 'DeadlineExceededError';

  constructor(
    readonly deadlineMs: number,
    readonly phase: 'waiting' | 'running',
  ) {
    super(
      'DEADLINE_EXCEEDED',
      `The statement was not done within its deadline of ${deadlineMs} ms. ${phase === 'waiting' ? 'It was still waiting, and was not sent.' : 'It was running: a write may have happened.'}`,
      { retryable: phase === 'waiting' },
    );
  }
}

/** A statement was running, or its result was unread, when whoever was responsible for its connection had no more patience. */
export class StatementTerminatedError extends ClickHouseSsotError {
  static override readonly kind = 'StatementTerminatedError';

  constructor(readonly by: 'drain' | 'rotation' | 'session-release') {
    super(
      'STATEMENT_TERMINATED',
      `The ${by} cut this statement while it ran: a write may have happened. Give the ${by} more time, or read results to their end sooner.`,
    );
  }
}

/** The server-side session may be locked, half done or gone, so nothing more is run in it. `cause` says what happened to it. */
export class SessionLostError extends ClickHouseSsotError {
  static override readonly kind = 'SessionLostError';

  constructor(
    readonly sessionId: string,
    cause: unknown,
  ) {
    super(
      'SESSION_LOST',
      `The session ${sessionId} is lost, with its temporary tables and settings: one of its statements ended without an answer. Lease a new one with manager.session() and start over.`,
      { cause },
    );
  }
}

/** A session was used or released after its release. */
export class SessionReleasedError extends ClickHouseSsotError {
  static override readonly kind = 'SessionReleasedError';

  constructor(readonly sessionId: string) {
    super(
      'SESSION_RELEASED',
      `The session ${sessionId} was released already: whoever leases it releases it once and does not use it afterwards.`,
    );
  }
}

/** Nobody has configured a bulkhead of this name. */
export class UnknownBulkheadError extends ClickHouseSsotError {
  static override readonly kind = 'UnknownBulkheadError';

  constructor(
    readonly bulkhead: string,
    readonly known: readonly string[],
  ) {
    super(
      'UNKNOWN_BULKHEAD',
      `There is no bulkhead "${bulkhead}": found ${known.length === 0 ? 'none at all' : known.map((name) => `"${name}"`).join(', ')}. Add it to the bulkheads of the manager.`,
    );
  }
}
