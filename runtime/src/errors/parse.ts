import { AbortedError } from './admission.js';
import { ClickHouseSsotError } from './base.js';
import { AuthenticationError, OverloadedError, type ServerAnswer, type ServerError } from './server.js';
import { meaningOf } from './server-codes.js';
import { findInBandException, parseServerText } from './parse-server-exception.js';
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

/** What whoever sent the statement knows beside the error. All of it is optional: the official client tells little. */
export interface FailureContext extends StatementFacts {
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined;
  /** The headers of a good answer were there already: what fails now is the result. */
  readonly isStreaming?: boolean;
  readonly rowsDelivered?: number | undefined;
  /** The caller's own, for its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Any failure of a statement as one of ours, with the original as `cause`. One of ours stays as it is. */
export function parseFailure(error: unknown, context: FailureContext = {}): ClickHouseSsotError {
  const failure = error instanceof ClickHouseSsotError ? error : classify(error, context);
  return context.isStreaming === true && failure instanceof StatementError && !(failure instanceof StreamError)
    ? new StreamError(failure, context.rowsDelivered)
    : failure;
}

/**
 * The failure that a server put behind the rows of a result that began well, or undefined. Give the end of the body, 64 KiB at most,
 * and the headers, one of which marks such failures on servers since 25.11.
 */
export function parseResultTail(tail: string, context: FailureContext = {}): StreamError | undefined {
  const answer = findInBandException(tail, first(context.headers?.['x-clickhouse-exception-tag']));
  return answer && new StreamError(serverError(answer, facts(context)), context.rowsDelivered);
}

function classify(error: unknown, context: FailureContext): ClickHouseSsotError {
  const options: StatementErrorOptions = { ...facts(context), cause: error };
  const message = error instanceof Error ? error.message : String(error);
  const { signal } = context;
  // The whole message, never a part of it: whoever answers may quote SQL.
  if (isNamed(error, 'AbortError') || message === 'The user aborted a request.')
    return new AbortedError(signal?.aborted === true ? signal.reason : error, 'while it ran');
  if (isNamed(error, 'TimeoutError') || message === 'Timeout error.') return new TimeoutError(options);
  const answer = answerOf(error, message, context);
  if (answer) return serverError(answer, options);
  const code = textOf(error, 'code');
  return (
    (code === undefined ? undefined : networkError(code, message, error, options)) ??
    invalidCall(error, message, options) ??
    foreignAnswer(message, options) ??
    new UnclassifiedError(error, options)
  );
}

/**
 * The number, which the client finds in the header or the text, is all of its errors that can be trusted: chDB has its own copy of the
 * class, the type may be any word in parentheses, and the message may end there. chDB keeps the whole of it as a cause.
 */
function answerOf(error: unknown, message: string, { headers }: FailureContext): ServerAnswer | undefined {
  const code = [textOf(error, 'code'), textOf(error, 'clickhouseCode'), first(headers?.['x-clickhouse-exception-code'])].find(
    (text) => text !== undefined && /^\d+$/.test(text),
  );
  const cause =
    error instanceof Error && error.cause instanceof Error && code !== undefined ? parseServerText(error.cause.message) : undefined;
  return (
    parseServerText(message) ?? cause ?? (code === undefined ? undefined : { clickhouseCode: Number(code), type: undefined, text: message })
  );
}

function serverError({ clickhouseCode, type, text }: ServerAnswer, options: StatementErrorOptions): ServerError {
  const meaning = meaningOf(clickhouseCode ?? 0);
  return new meaning.type({ clickhouseCode, type: type ?? meaning.name, text }, options);
}

const certificate = /^(?:CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH)/;
const handshake = /wrong version number|handshake failure|unsupported protocol|protocol version|unknown ca|certificate/i;
const unreachable = /^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|EADDRNOTAVAIL|ERR_SOCKET_CONNECTION_TIMEOUT)$/;
/** The same, unless Node says that it was reading or writing. */
const perhapsUnreachable = /^(?:EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|ETIMEDOUT)$/;
const ofTheWire =
  /^(?:E(?:CONNRESET|CONNABORTED|PIPE|PROTO|NOTCONN|NETRESET|SHUTDOWN|HOSTUNREACH|NETUNREACH|HOSTDOWN|NETDOWN)|HPE_\w+|Z_\w+|ERR_(?:STREAM|SSL|BROTLI|ZLIB|ZSTD)_\w+)$/;

function networkError(code: string, message: string, error: unknown, options: StatementErrorOptions): StatementError | undefined {
  const detail = message.includes(code) ? message : `${code}${message === '' ? '' : `: ${message}`}`;
  const syscall = textOf(error, 'syscall');
  if (isOfTls(code, message)) return new ConnectError(code, true, detail, options);
  if (syscall === 'connect' || unreachable.test(code) || (syscall === undefined && perhapsUnreachable.test(code)))
    return new ConnectError(code, false, detail, options);
  if (code === 'ETIMEDOUT') return new TimeoutError(options);
  return ofTheWire.test(code) ? new ConnectionLostError(code, detail, options) : undefined;
}

function isOfTls(code: string, message: string): boolean {
  return (
    certificate.test(code) ||
    message === 'Client network socket disconnected before secure TLS connection was established' ||
    (/^(?:EPROTO|ERR_SSL_)/.test(code) && handshake.test(message))
  );
}

/** What did not come from ClickHouse. The official client makes an error without status of it, with the whole body for a message. */
function foreignAnswer(body: string, options: StatementErrorOptions): StatementError | undefined {
  const { httpStatus } = options;
  const answer = { clickhouseCode: undefined, type: undefined, text: "in no words of ClickHouse's own." };
  if (httpStatus === 429 || httpStatus === 503) return new OverloadedError(answer, options);
  if (httpStatus === 401 || httpStatus === 403) return new AuthenticationError(answer, options);
  return (httpStatus !== undefined && httpStatus !== 200) || /^\s*(?:<|$)/.test(body) ? new GatewayError(body, options) : undefined;
}

/**
 * How the official client, or Node for it, begins when it finds fault with a call. Any other error may come from a stream that the caller
 * inserts, when half of it is sent.
 */
const complaint =
  /^(?:Insert (?:expected|for) |Cannot encode |The client does not support JSON encoding in |Unsupported value in query |Do not know how to serialize a BigInt|Converting circular structure to JSON)/;

function invalidCall(error: unknown, message: string, options: StatementErrorOptions): StatementError | undefined {
  return error instanceof Error && complaint.test(message) ? new InvalidArgumentError(error, options) : undefined;
}

function facts({ endpoint, queryId, httpStatus, sql, retryAfterMs, headers }: FailureContext): StatementFacts {
  return {
    endpoint,
    queryId: queryId ?? first(headers?.['x-clickhouse-query-id']),
    httpStatus,
    sql,
    retryAfterMs: retryAfterMs ?? retryAfter(first(headers?.['retry-after'])),
  };
}

/** Seconds, or a date. */
function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

function first(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'object' ? header[0] : header;
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function textOf(error: unknown, key: string): string | undefined {
  const value: unknown = error instanceof Error ? Reflect.get(error, key) : undefined;
  return typeof value === 'string' || (typeof value === 'number' && key === 'clickhouseCode') ? String(value) : undefined;
}
