import type { ClickHouseErrorCode } from './base.js';
import { StatementError, type StatementErrorOptions } from './statement.js';

/** What a server said, in its own terms. */
export interface ServerAnswer {
  /** As in `system.errors`; undefined where a proxy answered, or the server without one. */
  readonly clickhouseCode: number | undefined;
  /** The name of the code, `SYNTAX_ERROR` say. */
  readonly type: string | undefined;
  /** The server's words. They quote SQL. */
  readonly text: string;
}

/** The server answered with an error. Branch on `clickhouseCode`; the classes below are what the codes mean to a caller. */
export class ServerError extends StatementError {
  static override readonly kind: string = 'ServerError';
  protected static readonly code: ClickHouseErrorCode = 'SERVER_ERROR';
  protected static readonly isTransient: boolean = false;

  readonly clickhouseCode: number | undefined;
  readonly type: string | undefined;

  constructor({ clickhouseCode, type, text }: ServerAnswer, options: StatementErrorOptions = {}) {
    const { endpoint = 'ClickHouse', httpStatus } = options;
    // Without a code it is not the server who speaks.
    const isForeign = clickhouseCode === undefined;
    const said = isForeign
      ? `Something before ${endpoint}, a proxy or a load balancer, answered ${httpStatus === undefined ? 'with an error' : `HTTP ${httpStatus}`}`
      : `ClickHouse answered code ${clickhouseCode}${type === undefined ? '' : ` (${type})`}`;
    super(new.target.code, `${said}${isForeign ? ',' : ':'} ${text}`, {
      retryable: new.target.isTransient,
      loggable: `${said}.`,
      ...options,
    });
    this.clickhouseCode = clickhouseCode;
    this.type = type;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), clickhouseCode: this.clickhouseCode, type: this.type };
  }
}

/** Unknown user, wrong password, refused token. A fresh secret may help; repeating does not. */
export class AuthenticationError extends ServerError {
  static override readonly kind = 'AuthenticationError';
  protected static override readonly code = 'AUTHENTICATION_FAILED';
}

/** The user may not do this, or may only read. */
export class PermissionError extends ServerError {
  static override readonly kind = 'PermissionError';
  protected static override readonly code = 'PERMISSION_DENIED';
}

/** Too much at once, for the server or for a proxy before it. */
export class OverloadedError extends ServerError {
  static override readonly kind = 'OverloadedError';
  protected static override readonly code = 'OVERLOADED';
  protected static override readonly isTransient = true;
}

/** This statement wants more memory, rows, bytes or quota than it may have. */
export class ResourceLimitError extends ServerError {
  static override readonly kind = 'ResourceLimitError';
  protected static override readonly code = 'RESOURCE_LIMIT';
}

/** The server stopped the statement, since it took too long. */
export class ServerTimeoutError extends ServerError {
  static override readonly kind = 'ServerTimeoutError';
  protected static override readonly code = 'SERVER_TIMEOUT';
}

/** The session is locked by a running statement, or is not there (any more). */
export class SessionError extends ServerError {
  static override readonly kind = 'SessionError';
  protected static override readonly code = 'SESSION_UNAVAILABLE';
}

/** This replica lacks its coordination, its peers or its right to write: another one may do. */
export class ReplicaError extends ServerError {
  static override readonly kind = 'ReplicaError';
  protected static override readonly code = 'REPLICA_UNAVAILABLE';
  protected static override readonly isTransient = true;
}

/** Somebody killed the statement on the server. */
export class StatementCancelledError extends ServerError {
  static override readonly kind = 'StatementCancelledError';
  protected static override readonly code = 'STATEMENT_CANCELLED';
}

/** The server itself does not know whether this write or transaction happened. */
export class UnknownStatusError extends ServerError {
  static override readonly kind = 'UnknownStatusError';
  protected static override readonly code = 'STATUS_UNKNOWN';
  protected static override readonly isTransient = true;
}
