import { isError } from './is-error.js';
import { isRequestRefusal } from './request-refusal.js';
import { factsOf, StatementError, type StatementErrorOptions } from './statement.js';

/**
 * The connection to the server could not be established: refused, unreachable, host not found, timeout or no agreement on TLS.
 * Outcome: `never-sent`. Retryable: yes, except for TLS failures.
 */
export class ConnectError extends StatementError {
  static override readonly kind = 'ConnectError';

  constructor(
    /** Error code of Node.js, such as `ECONNREFUSED`. Undefined if there is none. */
    readonly systemCode: string | undefined,
    /** Whether the TLS handshake or the verification of the certificate failed. Such a failure is not retryable. */
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

/**
 * The connection was lost after the statement may have been sent.
 * Outcome: `unknown`. Retryable: yes.
 */
export class ConnectionLostError extends StatementError {
  static override readonly kind = 'ConnectionLostError';

  constructor(
    /** Error code of Node.js, such as `ECONNRESET`. Undefined if there is none. */
    readonly systemCode: string | undefined,
    detail: string,
    options: StatementErrorOptions = {},
  ) {
    const loggable = `The connection to ${options.endpoint ?? 'ClickHouse'} was lost, and the server may have run the statement`;
    super('CONNECTION_LOST', `${loggable}: ${detail}`, { retryable: true, loggable: `${loggable}.`, ...options });
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), systemCode: this.systemCode };
  }
}

/**
 * No byte arrived within `requestTimeoutMs`.
 * Outcome: `unknown`; the server may still run the statement. Retryable: yes.
 */
export class TimeoutError extends StatementError {
  static override readonly kind = 'TimeoutError';

  constructor(options: StatementErrorOptions = {}) {
    super(
      'TIMED_OUT',
      `${options.endpoint ?? 'ClickHouse'} did not answer within the request timeout. It may have run the statement, or may still run it.`,
      { retryable: true, ...options },
    );
  }
}

/** Advice about a refused request, by HTTP status. ClickHouse itself answers a URL that is too long with 400 and an empty body. */
const refusalAdvice = new Map([
  [400, 'The URL may be too long: pass fewer or smaller query_params, or set use_multipart_params.'],
  [404, 'Check the path and the port of the URL.'],
  [407, 'Check the credentials of the proxy.'],
  [411, 'The proxy accepts no streamed body: insert an array, or set the proxy up for chunked requests.'],
  [413, 'The body is too large: insert in smaller pieces, or raise the limit of the proxy.'],
  [414, 'The URL is too long: pass fewer or smaller query_params, or set use_multipart_params.'],
  [431, 'The headers are too large: send fewer or smaller http_headers.'],
]);

/**
 * The response does not come from ClickHouse, but from a proxy, a load balancer or another server.
 * Outcome: `refused` with HTTP 2xx, 3xx or 4xx, except for 408, 425 and 499; else `unknown`. A proxy that answers with 2xx has not forwarded the
 * statement. Retryable: yes, unless refused with 3xx or 4xx.
 */
export class GatewayError extends StatementError {
  static override readonly kind = 'GatewayError';
  readonly #body: string;

  /** @param body the body of the response. Its first 2,000 characters are kept. */
  constructor(body: string, options: StatementErrorOptions = {}) {
    const status = options.httpStatus === undefined ? '' : `HTTP ${options.httpStatus}, `;
    const isRefused = isRequestRefusal(options.httpStatus);
    const shape = body.trim() === '' ? 'an empty body' : /^\s*</.test(body) ? 'an HTML page' : 'an unknown text';
    super(
      'GATEWAY_FAILED',
      isRefused
        ? `${options.endpoint ?? 'The endpoint'}, or a proxy in front of it, refused the request before ClickHouse ran the statement (${status}${shape}). ${refusalAdvice.get(options.httpStatus ?? 0) ?? 'Check the URL, and the proxies and load balancers between this process and the server.'}`
        : `The response of ${options.endpoint ?? 'the endpoint'} does not come from ClickHouse (${status}${shape}). Check the proxies and load balancers between this process and the server.`,
      { retryable: !isRefused, ...options },
    );
    this.#body = body.slice(0, 2000);
  }

  /** Returns the first 2,000 characters of the body. They may contain secrets: do not log them. */
  revealBody(): string {
    return this.#body;
  }
}

/**
 * The result ended early, after its headers or first rows had arrived. `cause` is the failure.
 * Outcome: `failed-mid-stream`. Retryable: no, since the caller already has rows.
 */
export class StreamError extends StatementError {
  static override readonly kind = 'StreamError';

  constructor(
    cause: StatementError,
    /** Number of rows that the caller received. Undefined if they were not counted. */
    readonly rowsDelivered: number | undefined,
  ) {
    super(
      'STREAM_FAILED',
      `The result ended early${rowsDelivered === undefined ? '' : `, after ${rowsDelivered} rows`}: ${cause.message}`,
      { loggable: 'The result ended early.', ...factsOf(cause), cause },
    );
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), rowsDelivered: this.rowsDelivered };
  }
}

/**
 * A write was sent, and it is unknown whether it happened. `cause` is the failure. Check the data before you repeat the write.
 * Outcome: `unknown`. Retryable: no.
 */
export class AmbiguousWriteError extends StatementError {
  static override readonly kind = 'AmbiguousWriteError';

  constructor(cause: StatementError) {
    const loggable = 'The write may or may not have happened, so it is not retried.';
    super(
      'AMBIGUOUS_WRITE',
      `${loggable} Check the data before you repeat it; inserts with an insert_deduplication_token are retried. Cause: ${cause.message}`,
      { loggable, ...factsOf(cause), cause },
    );
  }
}

/**
 * The client made no request of the arguments: an unsupported format, a value or parameter that it cannot encode, a header that HTTP does
 * not allow. Or the caller's stream failed before its first byte was sent. `cause` is the original error.
 * Outcome: `never-sent`. Retryable: no.
 */
export class InvalidArgumentError extends StatementError {
  static override readonly kind = 'InvalidArgumentError';

  constructor(cause: unknown, options: StatementErrorOptions = {}) {
    const loggable = 'The client rejected this call, and nothing was sent';
    super('INVALID_ARGUMENT', `${loggable}: ${isError(cause) ? cause.message : String(cause)}`, {
      loggable: `${loggable}.`,
      ...options,
      cause,
    });
  }
}

/**
 * The statement failed with an error that this package does not recognise, or the caller's stream failed after a part of it was sent.
 * `cause` is that error.
 * Outcome: `unknown`. Retryable: no.
 */
export class UnclassifiedError extends StatementError {
  static override readonly kind = 'UnclassifiedError';

  /** @param what the part of the statement that failed, as a sentence without its end */
  constructor(cause: unknown, options: StatementErrorOptions = {}, what = 'The statement failed for an unknown reason') {
    super('UNCLASSIFIED', `${what}: ${isError(cause) ? cause.message : String(cause)}`, { loggable: `${what}.`, ...options, cause });
  }
}
