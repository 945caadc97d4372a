import { type ClickHouseErrorCode, ClickHouseSsotError } from './base.js';

/** What is known about a statement beside its failure. */
export interface StatementFacts {
  /** Origin of the server, without credentials. */
  readonly endpoint?: string | undefined;
  readonly queryId?: string | undefined;
  readonly httpStatus?: number | undefined;
  /** What the server or a proxy before it asked for. */
  readonly retryAfterMs?: number | undefined;
  readonly sql?: string | undefined;
}

export interface StatementErrorOptions extends StatementFacts {
  readonly retryable?: boolean;
  readonly cause?: unknown;
  /** What a log may have in place of a message that quotes the server, and the server quotes SQL. */
  readonly loggable?: string;
}

/** Servers list what they had expected, and proxies send pages. */
const longestMessage = 4_000;

/** A statement that was, or may have been, on its way to a server and failed. */
export class StatementError extends ClickHouseSsotError {
  static override readonly kind: string = 'StatementError';

  readonly endpoint: string | undefined;
  readonly queryId: string | undefined;
  readonly httpStatus: number | undefined;
  readonly retryAfterMs: number | undefined;
  /** How often the statement was tried. */
  attempts = 1;
  /** Until it was first sent: for a permit, and for a client to be made. Undefined where nobody measured. */
  waitedMs: number | undefined;
  /** From when it was first sent to its failure, with all attempts and the pauses between them. */
  ranMs: number | undefined;
  readonly #sql: string | undefined;
  readonly #loggable: string;

  constructor(
    code: ClickHouseErrorCode,
    message: string,
    { endpoint, queryId, httpStatus, retryAfterMs, sql, loggable = message, ...options }: StatementErrorOptions,
  ) {
    super(code, message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message, options);
    this.endpoint = endpoint;
    this.queryId = queryId;
    this.httpStatus = httpStatus;
    this.retryAfterMs = retryAfterMs;
    this.#sql = sql;
    this.#loggable = loggable;
  }

  /** The statement's text, where it is known: for a human who asks, and for no log. */
  revealSql(): string | undefined {
    return this.#sql;
  }

  override toJSON(): Record<string, unknown> {
    const { endpoint, queryId, httpStatus, retryAfterMs, attempts, waitedMs, ranMs, cause } = this;
    const known = Object.entries({ endpoint, queryId, httpStatus, retryAfterMs, waitedMs, ranMs }).filter(
      ([, value]) => value !== undefined,
    );
    return {
      ...super.toJSON(),
      message: this.#loggable,
      ...Object.fromEntries(known),
      attempts,
      ...(cause instanceof ClickHouseSsotError && { cause: cause.toJSON() }),
    };
  }
}

export function factsOf(error: StatementError): StatementFacts {
  const { endpoint, queryId, httpStatus, retryAfterMs } = error;
  return { endpoint, queryId, httpStatus, retryAfterMs, sql: error.revealSql() };
}
