import type { ClickHouseErrorCode, ClickHouseErrorKind } from './base.js';
import { officialErrorPrototype } from './official-error.js';
import { StatementError, type StatementErrorOptions } from './statement.js';

/** An exception of the server, or the error of a proxy in front of it. */
export interface ServerException {
  /** The code, as in `system.errors`. Undefined if a proxy answered, or if the server sent no code. */
  readonly clickhouseCode: number | undefined;
  /** The name of the code, such as `SYNTAX_ERROR`. Undefined if the server sent none and this package does not know the code. */
  readonly type: string | undefined;
  /** The message. It quotes SQL. */
  readonly text: string;
}

/**
 * The server, or a proxy in front of it, answered with an error. Branch on `clickhouseCode`, or on a subclass: each stands for a group of codes.
 * It is also an instance of `ClickHouseError` of the official client, with the same `code` and `type`.
 * Outcome: `refused`; `unknown` for the 503 of a proxy. Rows that a write inserted before the error may remain. Retryable: no, except for some subclasses.
 */
export class ServerError extends StatementError {
  static override readonly kind: ClickHouseErrorKind = 'ServerError';
  protected static readonly isTransient: boolean = false;

  static {
    // A class has one base class, and the official one knows nothing of statements. So only the prototypes are chained.
    Reflect.setPrototypeOf(this.prototype, officialErrorPrototype(StatementError.prototype));
  }

  /** The code, as in `system.errors`. Undefined if a proxy answered, or if the server sent no code. */
  readonly clickhouseCode: number | undefined;
  /** The name of the code, such as `SYNTAX_ERROR`. Undefined if it is unknown. */
  readonly type: string | undefined;

  constructor({ clickhouseCode, type, text }: ServerException, options: StatementErrorOptions = {}) {
    const { endpoint = 'ClickHouse', httpStatus } = options;
    // Without a code, the answer does not come from ClickHouse.
    const isForeign = clickhouseCode === undefined;
    const summary = isForeign
      ? `A proxy or load balancer in front of ${endpoint} answered ${httpStatus === undefined ? 'with an error' : `HTTP ${httpStatus}`}`
      : `ClickHouse answered code ${clickhouseCode}${type === undefined ? '' : ` (${type})`}`;
    super(officialCode(clickhouseCode), `${summary}${isForeign ? ',' : ':'} ${text}`, {
      retryable: new.target.isTransient,
      loggable: `${summary}.`,
      ...options,
    });
    this.clickhouseCode = clickhouseCode;
    this.type = type;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), clickhouseCode: this.clickhouseCode, type: this.type };
  }
}

/** Returns the code as the official client has it in its errors. */
function officialCode(clickhouseCode: number | undefined): ClickHouseErrorCode {
  return clickhouseCode === undefined ? 'PROXY_ERROR' : `${clickhouseCode}`;
}

/**
 * The server rejected the credentials: unknown user, wrong password or invalid token. A fresh secret may help.
 * Outcome: `refused`. Retryable: no.
 */
export class AuthenticationError extends ServerError {
  static override readonly kind = 'AuthenticationError';
}

/**
 * The user lacks the right, or may only read.
 * Outcome: `refused`. Retryable: no.
 */
export class PermissionError extends ServerError {
  static override readonly kind = 'PermissionError';
}

/**
 * The server, or a proxy in front of it, has too much load. `retryAfterMs` is the pause that it requested.
 * Outcome: `refused`; `unknown` for the 503 of a proxy. Retryable: yes.
 */
export class OverloadedError extends ServerError {
  static override readonly kind = 'OverloadedError';
  protected static override readonly isTransient = true;
}

/**
 * The statement exceeded a limit for memory, rows, bytes, disk space or quota.
 * Outcome: `refused`. Retryable: no.
 */
export class ResourceLimitError extends ServerError {
  static override readonly kind = 'ResourceLimitError';
}

/**
 * The server stopped the statement because it exceeded a time limit of the server, such as `max_execution_time`.
 * Outcome: `refused`. Retryable: no.
 */
export class ServerTimeoutError extends ServerError {
  static override readonly kind = 'ServerTimeoutError';
}

/**
 * The session on the server is locked by a running statement, or does not exist.
 * Outcome: `refused`. Retryable: no.
 */
export class SessionError extends ServerError {
  static override readonly kind = 'SessionError';
}

/**
 * This replica has lost its coordination service or its peers, or is read-only. Another replica may run the statement.
 * Outcome: `refused`. Retryable: yes.
 */
export class ReplicaError extends ServerError {
  static override readonly kind = 'ReplicaError';
  protected static override readonly isTransient = true;
}

/**
 * The statement was killed on the server.
 * Outcome: `refused`. Retryable: no.
 */
export class StatementCancelledError extends ServerError {
  static override readonly kind = 'StatementCancelledError';
}

/**
 * The server does not know whether the insert or the transaction happened.
 * Outcome: `unknown`. Retryable: yes.
 */
export class UnknownStatusError extends ServerError {
  static override readonly kind = 'UnknownStatusError';
  protected static override readonly isTransient = true;
}
