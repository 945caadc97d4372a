/** What an option of `createClient()` of the official client is in the runtime. */
export type OptionTarget =
  /** A key of the configuration, with the same kind of value. */
  | { readonly kind: 'key'; readonly name: string }
  /** An option under the key `client`. */
  | { readonly kind: 'client'; readonly name: string }
  /** Its value has another form. */
  | { readonly kind: 'url' | 'compression' | 'tls' | 'headers' }
  /** There is none. `reason` is a sentence. */
  | { readonly kind: 'none'; readonly reason: string };

const key = (name: string): OptionTarget => ({ kind: 'key', name });
const client = (name: string): OptionTarget => ({ kind: 'client', name });
const none = (reason: string): OptionTarget => ({ kind: 'none', reason });

/** Each option of `createClient()` of `@clickhouse/client` 1.23, by its name. The README of the runtime has the same table. */
export const optionTargets: ReadonlyMap<string, OptionTarget> = new Map([
  ['url', { kind: 'url' }],
  ['host', { kind: 'url' }],
  ['pathname', key('pathname')],
  ['username', key('username')],
  ['password', key('password')],
  ['access_token', key('accessToken')],
  ['role', key('role')],
  ['database', key('database')],
  ['application', key('application')],
  ['request_timeout', key('requestTimeoutMs')],
  ['max_open_connections', key('maxConcurrentStatements')],
  ['clickhouse_settings', key('settings')],
  ['tracer', key('tracer')],
  ['tls', { kind: 'tls' }],
  ['compression', { kind: 'compression' }],
  ['http_headers', { kind: 'headers' }],
  ['additional_headers', { kind: 'headers' }],
  ['json', client('json')],
  ['log', client('log')],
  ['keep_alive', client('keep_alive')],
  ['http_agent', client('http_agent')],
  ['max_response_headers_size', client('max_response_headers_size')],
  ['use_multipart_params', client('use_multipart_params')],
  ['use_multipart_params_auto', client('use_multipart_params_auto')],
  ['set_basic_auth_header', client('set_basic_auth_header')],
  ['capture_enhanced_stack_trace', client('capture_enhanced_stack_trace')],
  ['session_id', none('`session_id` of a client has no equivalent: lease a session with `manager.session()`.')],
  ['connection', none('`connection` of the official client has no equivalent: the embedded engine is the only other backend.')],
  ['impl', none('`impl` has no equivalent: it replaces the official client itself.')],
]);

/** Headers that the runtime refuses, in lower case: each has a key, or the client sets it. */
export const refusedHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'x-clickhouse-user',
  'x-clickhouse-key',
  'x-clickhouse-ssl-certificate-auth',
  'x-clickhouse-database',
  'user-agent',
  'connection',
  'accept-encoding',
  'content-encoding',
  'content-length',
  'content-type',
  'transfer-encoding',
]);

/** The server of the official client if no `url` is given. */
export const defaultUrl = 'http://localhost:8123';

/** Options that name the server and the user of a client. */
export const identityOptions: ReadonlySet<string> = new Set(['url', 'host', 'username', 'password', 'access_token']);
