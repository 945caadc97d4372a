import { type ClickHouseErrorCode, type ClickHouseErrorKind, ClickHouseSsotError } from './base.js';

/** The context of a statement's failure. Each property is undefined if it is unknown. */
export interface StatementFacts {
  /** Origin of the server, without credentials, such as `https://host:8443`. `chdb:` for the embedded engine. */
  readonly endpoint?: string | undefined;
  /** The `query_id` of the attempt, as in `system.query_log`. */
  readonly queryId?: string | undefined;
  /** Status of the HTTP response. */
  readonly httpStatus?: number | undefined;
  /** Pause before the next attempt that the server or a proxy requested by `Retry-After`, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** Text of the statement. It is never logged. */
  readonly sql?: string | undefined;
}

/** The options of a StatementError. */
export interface StatementErrorOptions extends StatementFacts {
  /** Whether the same call is likely to succeed a moment later. Default: as for the class. */
  readonly retryable?: boolean | undefined;
  /** The original error. */
  readonly cause?: unknown;
  /** The message for logs. Default: the message itself. Needed if the message quotes the server, which quotes SQL. */
  readonly loggable?: string | undefined;
}

/** In characters. Servers list all expected tokens, and proxies send pages. */
const maxMessageLength = 4_000;

/**
 * The base class of the failures of one statement: an error of the server, of the connection or of the client.
 * Each subclass defines outcome and `retryable`.
 */
export class StatementError extends ClickHouseSsotError {
  static override readonly kind: ClickHouseErrorKind = 'StatementError';

  /** Origin of the server, without credentials, such as `https://host:8443`. `chdb:` for the embedded engine. Undefined if unknown. */
  readonly endpoint: string | undefined;
  /** The `query_id` of the last attempt, as in `system.query_log`. Undefined if unknown. */
  readonly queryId: string | undefined;
  /** Status of the HTTP response. Undefined without a response. */
  readonly httpStatus: number | undefined;
  /** Pause that the server or a proxy requested by `Retry-After`, in milliseconds. Undefined if it requested none. */
  readonly retryAfterMs: number | undefined;
  /** Number of attempts, 1 or more. */
  attempts = 1;
  /** Time until the first attempt, in milliseconds: the waits for a permit and for the client. Undefined if not measured. */
  waitedMs: number | undefined;
  /** Time from the first attempt to the failure, in milliseconds, with all attempts and pauses. Undefined if not measured. */
  ranMs: number | undefined;
  readonly #sql: string | undefined;
  readonly #loggable: string;

  constructor(
    code: ClickHouseErrorCode,
    message: string,
    { endpoint, queryId, httpStatus, retryAfterMs, sql, loggable = message, ...options }: StatementErrorOptions,
  ) {
    super(code, message.length > maxMessageLength ? `${message.slice(0, maxMessageLength)}…` : message, options);
    this.endpoint = endpoint;
    this.queryId = queryId;
    this.httpStatus = httpStatus;
    this.retryAfterMs = retryAfterMs;
    this.#sql = sql;
    this.#loggable = loggable;
  }

  /** Returns the text of the statement, or undefined if it is unknown. It may contain secrets: do not log it. */
  revealSql(): string | undefined {
    return this.#sql;
  }

  override toJSON(): Record<string, unknown> {
    const { endpoint, queryId, httpStatus, retryAfterMs, attempts, waitedMs, ranMs, cause } = this;
    const context = Object.entries({ endpoint, queryId, httpStatus, retryAfterMs, waitedMs, ranMs }).filter(
      ([, value]) => value !== undefined,
    );
    return {
      ...super.toJSON(),
      message: this.#loggable,
      ...Object.fromEntries(context),
      attempts,
      ...(cause instanceof ClickHouseSsotError && { cause: cause.toJSON() }),
    };
  }
}

/** Returns the context of a failure, for an error that wraps it. */
export function factsOf(error: StatementError): StatementFacts {
  const { endpoint, queryId, httpStatus, retryAfterMs } = error;
  return { endpoint, queryId, httpStatus, retryAfterMs, sql: error.revealSql() };
}
