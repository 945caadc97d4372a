import { ClickHouseSsotError } from './index.js';

/**
 * The statement did not finish within its deadline. The time includes the wait for a permit, all attempts and the reading of the result.
 * Outcome: `never-sent` in phase `waiting`, `unknown` in phase `running`. Retryable: only in phase `waiting`.
 */
export class DeadlineExceededError extends ClickHouseSsotError {
  static override readonly kind = 'DeadlineExceededError';

  constructor(
    /** The deadline, in milliseconds from the call of the statement. */
    readonly deadlineMs: number,
    /** `waiting`: the statement was not sent. `running`: it was sent, so a write may have happened. */
    readonly phase: 'waiting' | 'running',
  ) {
    super(
      'DEADLINE_EXCEEDED',
      `The statement did not finish within its deadline of ${deadlineMs} ms. ${phase === 'waiting' ? 'It was waiting and was not sent.' : 'It was running: a write may have happened.'}`,
      { retryable: phase === 'waiting' },
    );
  }
}

const terminations = {
  drain: { subject: 'drain', remedy: 'Raise the timeoutMs of the drain' },
  rotation: { subject: 'rotation', remedy: 'Raise the timeoutMs of the rotation' },
  'session-release': { subject: 'release of its session', remedy: 'Release the session after its statements' },
} as const;

/**
 * A drain, a rotation or the release of a session closed the connection while the statement ran or its result was unread.
 * Outcome: `unknown`. Retryable: no.
 */
export class StatementTerminatedError extends ClickHouseSsotError {
  static override readonly kind = 'StatementTerminatedError';

  constructor(
    /** The operation that closed the connection. */
    readonly by: keyof typeof terminations,
  ) {
    const { subject, remedy } = terminations[by];
    super(
      'STATEMENT_TERMINATED',
      `The ${subject} terminated this statement while it ran: a write may have happened. ${remedy}, or read results to their end sooner.`,
    );
  }
}

/**
 * An earlier statement of the session ended without an answer, so the session on the server may be locked, incomplete or gone. Or the
 * session's `abort_signal` was aborted, or a drain or rotation terminated the session. It runs no further statements. `cause` is the reason.
 * This statement was not sent. Retryable: no.
 */
export class SessionLostError extends ClickHouseSsotError {
  static override readonly kind = 'SessionLostError';

  constructor(
    /** The `session_id` on the server. */
    readonly sessionId: string,
    cause: unknown,
  ) {
    super(
      'SESSION_LOST',
      `The session ${sessionId} is lost, with its temporary tables and settings; its cause is in the property "cause". Lease a new session with manager.session() and start over.`,
      { cause },
    );
  }
}

/**
 * The session was used or released after its release.
 * The statement was not sent. Retryable: no.
 */
export class SessionReleasedError extends ClickHouseSsotError {
  static override readonly kind = 'SessionReleasedError';

  constructor(
    /** The `session_id` on the server. */
    readonly sessionId: string,
  ) {
    super('SESSION_RELEASED', `The session ${sessionId} is already released. Release each session once, and do not use it afterwards.`);
  }
}

/**
 * The manager has no bulkhead of this name.
 * The statement was not sent. Retryable: no.
 */
export class UnknownBulkheadError extends ClickHouseSsotError {
  static override readonly kind = 'UnknownBulkheadError';

  constructor(
    /** The requested name. */
    readonly bulkhead: string,
    /** The names of all configured bulkheads. */
    readonly known: readonly string[],
  ) {
    super(
      'UNKNOWN_BULKHEAD',
      `The bulkhead "${bulkhead}" is not configured: found ${known.length === 0 ? 'none' : known.map((name) => `"${name}"`).join(', ')}. Add it to the bulkheads of the manager.`,
    );
  }
}
