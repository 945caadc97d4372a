import { AbortedError } from './admission.js';
import { ClickHouseSsotError } from './base.js';
import { isError } from './is-error.js';
import { AuthenticationError, OverloadedError, type ServerException, type ServerError } from './server.js';
import { nameOfCode } from './server-code-names.js';
import { classOfCode } from './server-codes.js';
import { ClickHouseError } from './official-error.js';
import { findInBandException } from './in-band-exception.js';
import { parseServerText } from './parse-server-exception.js';
import { isRequestRefusal } from './request-refusal.js';
import { StatementError, type StatementErrorOptions, type StatementFacts } from './statement.js';
import {
  ConnectError,
  GatewayError,
  InvalidArgumentError,
  StreamError,
  TimeoutError,
  ConnectionLostError,
  UnclassifiedError,
} from './transport.js';

/** The context of an error, from the code that sent the statement. All of it is optional, since the official client exposes little. */
export interface FailureContext extends StatementFacts {
  /** Headers of the response, with lower-case names. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined;
  /** Format of the result, such as `JSONCompactEachRow`. It decides which rows are exceptions. */
  readonly format?: string | undefined;
  /** Whether the headers of a successful response had arrived, so that the result failed. Default: `false`. */
  readonly isStreaming?: boolean | undefined;
  /** Number of rows that the caller received, for a StreamError. */
  readonly rowsDelivered?: number | undefined;
  /** The caller's signal. Its reason becomes the `cause` of an AbortedError. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Returns any failure of a statement as an error of this package, with the original error as `cause`. An error of this package is returned
 * unchanged; with `isStreaming`, a StatementError is wrapped in a StreamError.
 */
export function parseFailure(error: unknown, context: FailureContext = {}): ClickHouseSsotError {
  const failure = error instanceof ClickHouseSsotError ? error : classify(error, context);
  return context.isStreaming === true && failure instanceof StatementError && !(failure instanceof StreamError)
    ? new StreamError(failure, context.rowsDelivered)
    : failure;
}

/**
 * Returns the exception that a server appended to the rows of a result, as a StreamError, or undefined.
 * @param tail the end of the body, at most 64 KiB
 * @param context should contain the format, and the headers: servers since 25.11 send `x-clickhouse-exception-tag`
 */
export function parseResultTail(tail: string, context: FailureContext = {}): StreamError | undefined {
  const { headers, format } = context;
  const exception = findInBandException(tail, {
    tag: first(headers?.['x-clickhouse-exception-tag']),
    format: format ?? first(headers?.['x-clickhouse-format']),
    hasProgress: headers?.['x-clickhouse-progress'] !== undefined,
  });
  return exception && new StreamError(serverError(exception, factsIn(context)), context.rowsDelivered);
}

function classify(error: unknown, context: FailureContext): ClickHouseSsotError {
  const options: StatementErrorOptions = { ...factsIn(context), cause: error };
  const message = messageOf(error);
  const { signal } = context;
  // Compare the whole message: a server may quote SQL that contains such a text.
  if (isNamed(error, 'AbortError') || message === 'The user aborted a request.')
    return new AbortedError(signal?.aborted === true ? signal.reason : error, 'running');
  if (isNamed(error, 'TimeoutError') || message === 'Timeout error.') return new TimeoutError(options);
  const exception = serverExceptionOf(error, message, context);
  if (exception) return serverError(exception, options);
  // Once the status of the answer is known, it says more than how the connection ended.
  if (isRequestRefusal(options.httpStatus)) return refusal(message, options);
  const code = textOf(error, 'code');
  return (
    (code === undefined ? undefined : networkError(code, message, error, options)) ??
    foreignResponse(message, options) ??
    new UnclassifiedError(error, options)
  );
}

/**
 * Returns the server exception in an error of the official client or of chDB, or undefined.
 *
 * Only the numeric code is reliable. chDB has its own copy of the client's error class, the `type` may be any word in parentheses, and the
 * message may be cut there. chDB keeps the complete message in its cause.
 */
function serverExceptionOf(error: unknown, message: string, { headers }: FailureContext): ServerException | undefined {
  const code = [textOf(error, 'code'), textOf(error, 'clickhouseCode'), first(headers?.['x-clickhouse-exception-code'])].find(
    (text) => text !== undefined && /^\d+$/.test(text),
  );
  const cause = isError(error) && isError(error.cause) && code !== undefined ? parseServerText(error.cause.message) : undefined;
  return (
    parseServerText(message) ??
    cause ??
    (code === undefined ? undefined : { clickhouseCode: Number(code), type: textOf(error, 'type'), text: message.trim() })
  );
}

function serverError({ clickhouseCode, type, text }: ServerException, options: StatementErrorOptions): ServerError {
  const name = clickhouseCode === undefined ? undefined : nameOfCode(clickhouseCode);
  return new (classOfCode(clickhouseCode))({ clickhouseCode, type: name ?? type, text }, options);
}

/**
 * Returns the failure of an attempt of which no byte was sent. An error of the network is a ConnectError, whichever it is. Any other one
 * comes from the arguments.
 * @param stage `not-made`: the client made no request, so the network cannot have failed
 */
export function parseUnsentFailure(error: unknown, stage: 'not-made' | 'not-sent', context: FailureContext = {}): ClickHouseSsotError {
  if (error instanceof ClickHouseSsotError) return error;
  const options: StatementErrorOptions = { ...factsIn(context), cause: error };
  // The embedded engine answers some statements without running them.
  if (error instanceof ClickHouseError) return parseFailure(error, context);
  if (stage === 'not-made') return new InvalidArgumentError(error, options);
  const failure = parseFailure(error, context);
  if (failure instanceof ConnectError || failure instanceof AbortedError) return failure;
  if (failure instanceof ConnectionLostError) return new ConnectError(failure.systemCode, false, messageOf(error), options);
  return failure instanceof TimeoutError
    ? new ConnectError(undefined, false, 'no byte was sent within the request timeout', options)
    : new InvalidArgumentError(error, options);
}

const certificateCodes = /^(?:CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH)/;
const handshakeMessages =
  /wrong version number|packet length too long|handshake fail|unsupported protocol|protocol version|unknown ca|certificate/i;
const connectCodes = /^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|EADDRNOTAVAIL|ERR_SOCKET_CONNECTION_TIMEOUT)$/;
/** Codes of a failed connect, unless `syscall` is `read` or `write`. */
const ambiguousConnectCodes = /^(?:EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|ETIMEDOUT)$/;
const connectionLostCodes =
  /^(?:E(?:CONNRESET|CONNABORTED|PIPE|PROTO|NOTCONN|NETRESET|SHUTDOWN|HOSTUNREACH|NETUNREACH|HOSTDOWN|NETDOWN)|Z_\w+|ERR_(?:STREAM|SSL|BROTLI|ZLIB|ZSTD)_\w+)$/;

function networkError(code: string, message: string, error: unknown, options: StatementErrorOptions): StatementError | undefined {
  const detail = message.includes(code) ? message : `${code}${message === '' ? '' : `: ${message}`}`;
  const syscall = textOf(error, 'syscall');
  if (isTlsError(code, message)) return new ConnectError(code, true, `${detail.trim()}${tlsAdvice(message)}`, options);
  if (
    syscall === 'connect' ||
    syscall === 'getaddrinfo' ||
    connectCodes.test(code) ||
    (syscall === undefined && ambiguousConnectCodes.test(code))
  )
    return new ConnectError(code, false, detail, options);
  if (code === 'ETIMEDOUT') return new TimeoutError(options);
  // The parser fails in the same way on the same response.
  if (code.startsWith('HPE_')) return new ConnectionLostError(code, `${detail}. ${parserAdvice(code)}`, { ...options, retryable: false });
  return connectionLostCodes.test(code) ? new ConnectionLostError(code, detail, options) : undefined;
}

function parserAdvice(code: string): string {
  return code === 'HPE_HEADER_OVERFLOW'
    ? 'The headers of the response exceed the limit of the client. Raise client.max_response_headers_size, or reduce the progress headers: set send_progress_in_http_headers to 0, or raise http_headers_progress_interval_ms.'
    : 'The response is not valid HTTP, so it is not requested again. Check the port and the protocol of the URL, and the proxies in between.';
}

/** The response to the first bytes of a TLS handshake is plain HTTP. */
function tlsAdvice(message: string): string {
  return /wrong version number|packet length too long/i.test(message)
    ? '. The server does not use TLS on this port: check http:// or https://, and the port.'
    : '';
}

function isTlsError(code: string, message: string): boolean {
  return (
    certificateCodes.test(code) ||
    message === 'Client network socket disconnected before secure TLS connection was established' ||
    (/^(?:EPROTO|ERR_SSL_)/.test(code) && handshakeMessages.test(message))
  );
}

const noException = { clickhouseCode: undefined, type: undefined, text: 'without a ClickHouse error.' };

/** Classifies the refusal of a request by something else than ClickHouse. */
function refusal(body: string, options: StatementErrorOptions): StatementError {
  const { httpStatus } = options;
  return httpStatus === 401 || httpStatus === 403 ? new AuthenticationError(noException, options) : new GatewayError(body, options);
}

/** Classifies a response that does not come from ClickHouse. The official client throws an error without status, with the body as its message. */
function foreignResponse(body: string, options: StatementErrorOptions): StatementError | undefined {
  const { httpStatus } = options;
  if (httpStatus === 429 || httpStatus === 503) return new OverloadedError(noException, options);
  return (httpStatus !== undefined && httpStatus !== 200) || /^\s*(?:<|$)/.test(body) ? new GatewayError(body, options) : undefined;
}

function factsIn({ endpoint, queryId, httpStatus, sql, retryAfterMs, headers }: FailureContext): StatementFacts {
  return {
    endpoint,
    queryId: queryId ?? first(headers?.['x-clickhouse-query-id']),
    httpStatus,
    sql,
    retryAfterMs: retryAfterMs ?? parseRetryAfter(first(headers?.['retry-after'])),
  };
}

/** Returns the pause in milliseconds, or undefined. The header holds seconds or a date. */
function parseRetryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

function first(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'object' ? header[0] : header;
}

function messageOf(error: unknown): string {
  return isError(error) ? error.message : String(error);
}

function isNamed(error: unknown, name: string): boolean {
  return isError(error) && error.name === name;
}

/** Returns a string property of an error, or undefined. `clickhouseCode` may be a number. */
function textOf(error: unknown, key: string): string | undefined {
  const value: unknown = isError(error) ? Reflect.get(error, key) : undefined;
  return typeof value === 'string' || (typeof value === 'number' && key === 'clickhouseCode') ? String(value) : undefined;
}
