import type { ClickHouseClientConfigOptions } from '@clickhouse/client';
import { frozenCopy } from './clickhouse-settings.js';
import type { PassedOption } from './official-options.js';
import { overrideInspect } from './secret.js';

/** Options of the official clients for Node.js and for the Web, which every run time passes on. */
export interface PortableClientOptions {
  /**
   * Parser and encoder of JSON rows, as `{ parse, stringify }`. For integers that a number of JavaScript cannot hold, for example. Either
   * may be absent. Default: `JSON.parse` and `JSON.stringify`.
   */
  readonly json?: NonNullable<ClickHouseClientConfigOptions['json']> | undefined;
  /**
   * HTTP headers of every request, such as `{ 'X-Proxy-Token': '…' }`. Those of a statement override them. Headers with credentials of
   * ClickHouse and headers that the client sets itself are a ConfigError that names the key to use. Default: none.
   */
  readonly http_headers?: NonNullable<ClickHouseClientConfigOptions['http_headers']> | undefined;
  /** Whether the `query_params` of a query are always sent in the body. Default: `false`. */
  readonly use_multipart_params?: NonNullable<ClickHouseClientConfigOptions['use_multipart_params']> | undefined;
  /** Whether the `query_params` of a query are sent in the body if they are long. Default: `false`. */
  readonly use_multipart_params_auto?: NonNullable<ClickHouseClientConfigOptions['use_multipart_params_auto']> | undefined;
}

/** The type of an option. The declarations of the entry for the Web have the options of its client, which are fewer. */
type Official<Name extends PassedOption> = Name extends keyof ClickHouseClientConfigOptions
  ? NonNullable<ClickHouseClientConfigOptions[Name]>
  : never;

/**
 * Options of the official client that are passed to it unchanged, with its names, types and defaults. Functions and objects of classes keep
 * their identity, and everything else is copied. A configuration with other options has a client of its own. The embedded engine takes
 * `json` and `log`; each other option without a server is a ConfigError.
 */
export interface ClickHouseClientOptions extends PortableClientOptions {
  /**
   * Log of the official client, as `{ level, LoggerClass }`. Its messages quote the server, which quotes SQL. `level` is a
   * `ClickHouseLogLevel`, and `WARN` if only `LoggerClass` is given. Default: no log, since errors and telemetry report each failure.
   */
  readonly log?: Official<'log'> | undefined;
  /**
   * How sockets are kept for the next statement: `enabled`, default `true`; `idle_socket_ttl` in milliseconds, default 2,500, and 0 for no
   * limit; `eagerly_destroy_stale_sockets`, default `false`. A shorter time that the server announces always counts. Default: `{}`.
   */
  readonly keep_alive?: Official<'keep_alive'> | undefined;
  /**
   * An HTTP agent of the caller, for a proxy for example. It replaces the agent of this package, and with it `connectTimeoutMs`, the TLS
   * files, the margin before the server's keep-alive timeout, the socket counts and the event `connection:open`. It is never destroyed.
   * Default: an agent for each client.
   */
  readonly http_agent?: Official<'http_agent'> | undefined;
  /**
   * Codecs of the bodies: `request` as `{ codec: 'gzip' | 'zstd', level? }` or `{ codec: 'br', quality? }`, and `response` as `{ codec }`.
   * A codec turns compression on, as `compressRequests` and `compressResponses` do. `zstd` needs Node.js 22.15. Default: `gzip`.
   */
  readonly compression?: Official<'compression'> | undefined;
  /** Maximum size of the headers of a response, in bytes, 1 or more. Default: that of Node.js, 16 KiB. */
  readonly max_response_headers_size?: Official<'max_response_headers_size'> | undefined;
  /**
   * Whether requests carry the header `Authorization`. `false` is for a proxy that authenticates; a password is a ConfigError then, since
   * nothing would send it. Default: `true`.
   */
  readonly set_basic_auth_header?: Official<'set_basic_auth_header'> | undefined;
  /** Whether errors of the client, the `cause` of errors here, have the stack of the call. It costs time in each call. Default: `false`. */
  readonly capture_enhanced_stack_trace?: Official<'capture_enhanced_stack_trace'> | undefined;
}

/** The options of a configuration: frozen, and without keys that are undefined. */
export type ConfiguredClientOptions = {
  readonly [Name in keyof ClickHouseClientOptions]: Exclude<ClickHouseClientOptions[Name], undefined>;
};

/** Returns a frozen copy of valid options. Functions, classes and the agent are the same objects: they may have state. */
export function copyClientOptions(options: ClickHouseClientOptions): ConfiguredClientOptions {
  const { json, log, http_headers, keep_alive, http_agent, compression, max_response_headers_size } = options;
  const { use_multipart_params, use_multipart_params_auto, set_basic_auth_header, capture_enhanced_stack_trace } = options;
  return Object.freeze({
    ...(json && { json: jsonHandlingOf(json) }),
    ...(log && { log: frozenCopy(log) }),
    ...(http_headers && { http_headers: hiddenHeaders(http_headers) }),
    ...(keep_alive && { keep_alive: frozenCopy(keep_alive) }),
    ...(http_agent && { http_agent }),
    ...(compression && { compression: frozenCopy(compression) }),
    ...(max_response_headers_size !== undefined && { max_response_headers_size }),
    ...(use_multipart_params !== undefined && { use_multipart_params }),
    ...(use_multipart_params_auto !== undefined && { use_multipart_params_auto }),
    ...(set_basic_auth_header !== undefined && { set_basic_auth_header }),
    ...(capture_enhanced_stack_trace !== undefined && { capture_enhanced_stack_trace }),
  });
}

/** Returns a frozen copy whose values are not shown in logs: a header may hold a token. */
function hiddenHeaders(headers: Official<'http_headers'>): Official<'http_headers'> {
  const copy = Object.fromEntries(
    Object.entries<string | undefined>(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  overrideInspect('http_headers', copy);
  return Object.freeze(copy);
}

/** Picks the functions: those of a class or of a built-in object would be left out by a spread, as in the official client. */
function jsonHandlingOf({ parse, stringify }: Official<'json'>): Official<'json'> {
  return Object.freeze({ ...(parse && { parse }), ...(stringify && { stringify }) });
}
