import { factsOf, StatementError, type StatementErrorOptions } from './statement.js';

/** No connection came about, so the statement was not sent. `systemCode` is Node's, `ECONNREFUSED` say. */
export class ConnectError extends StatementError {
  static override readonly kind = 'ConnectError';

  /** `isTls`: the server was there, and the two could not agree on encryption. Repeating does not help. */
  constructor(
    readonly systemCode: string | undefined,
    readonly isTls: boolean,
    detail: string,
    options: StatementErrorOptions = {},
  ) {
    const loggable = `No connection to ${options.endpoint ?? 'ClickHouse'}, so the statement was not sent`;
    super('CONNECT_FAILED', `${loggable}: ${detail}`, { retryable: !isTls, loggable: `${loggable}.`, ...options });
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), systemCode: this.systemCode };
  }
}

/** The connection broke after the statement may have been sent: what the server did is unknown. */
export class ConnectionLostError extends StatementError {
  static override readonly kind = 'ConnectionLostError';

  constructor(
    readonly systemCode: string | undefined,
    detail: string,
    options: StatementErrorOptions = {},
  ) {
    const loggable = `The connection to ${options.endpoint ?? 'ClickHouse'} broke, and what the server did is unknown`;
    super('CONNECTION_LOST', `${loggable}: ${detail}`, { retryable: true, loggable: `${loggable}.`, ...options });
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), systemCode: this.systemCode };
  }
}

/** No byte came for as long as the client waits (`requestTimeoutMs`): what the server did, or still does, is unknown. */
export class TimeoutError extends StatementError {
  static override readonly kind = 'TimeoutError';

  constructor(options: StatementErrorOptions = {}) {
    super('TIMED_OUT', `${options.endpoint ?? 'ClickHouse'} did not answer within the request timeout, and what it did is unknown.`, {
      retryable: true,
      ...options,
    });
  }
}

/** The answer did not come from ClickHouse: a proxy, a load balancer or another server stood in between. */
export class GatewayError extends StatementError {
  static override readonly kind = 'GatewayError';
  readonly #body: string;

  /** `body` is kept to its first 2,000 characters. */
  constructor(body: string, options: StatementErrorOptions = {}) {
    const status = options.httpStatus === undefined ? '' : `HTTP ${options.httpStatus}, `;
    const shape = body.trim() === '' ? 'an empty body' : /^\s*</.test(body) ? 'a page of HTML' : 'a foreign text';
    super(
      'GATEWAY_FAILED',
      `The answer of ${options.endpoint ?? 'the endpoint'} is not ClickHouse's (${status}${shape}). Look at what stands between this process and the server.`,
      { retryable: true, ...options },
    );
    this.#body = body.slice(0, 2000);
  }

  /** What came instead: for a human who asks, and for no log. */
  revealBody(): string {
    return this.#body;
  }
}

/** The result broke off after its first part was delivered. `cause` says why. Never repeated by itself: the rows are with the caller. */
export class StreamError extends StatementError {
  static override readonly kind = 'StreamError';

  constructor(
    cause: StatementError,
    /** Undefined where nobody counted. */
    readonly rowsDelivered: number | undefined,
  ) {
    super('STREAM_FAILED', `The result broke off${rowsDelivered === undefined ? '' : ` after ${rowsDelivered} rows`}: ${cause.message}`, {
      loggable: 'The result broke off.',
      ...factsOf(cause),
      cause,
    });
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), rowsDelivered: this.rowsDelivered };
  }
}

/** A write was sent, and whether it happened is unknown. `cause` says why. Look before you repeat it. */
export class AmbiguousWriteError extends StatementError {
  static override readonly kind = 'AmbiguousWriteError';

  constructor(cause: StatementError) {
    super(
      'AMBIGUOUS_WRITE',
      `The write may or may not have happened, and is not repeated (an insert with an insert_deduplication_token may be): ${cause.message}`,
      { loggable: 'The write may or may not have happened, and is not repeated.', ...factsOf(cause), cause },
    );
  }
}

/** The client refused the call itself: a wrong format, a wrong value. Nothing was sent; `cause` is what it threw. */
export class InvalidArgumentError extends StatementError {
  static override readonly kind = 'InvalidArgumentError';

  constructor(cause: Error, options: StatementErrorOptions = {}) {
    super('INVALID_ARGUMENT', `The client refused this call, and nothing was sent: ${cause.message}`, {
      loggable: 'The client refused this call, and nothing was sent.',
      ...options,
      cause,
    });
  }
}

/** A failure of which nothing is known but what it says. */
export class UnclassifiedError extends StatementError {
  static override readonly kind = 'UnclassifiedError';

  constructor(cause: unknown, options: StatementErrorOptions = {}) {
    super('UNCLASSIFIED', `The statement failed for an unknown reason: ${cause instanceof Error ? cause.message : String(cause)}`, {
      loggable: 'The statement failed for an unknown reason.',
      ...options,
      cause,
    });
  }
}
