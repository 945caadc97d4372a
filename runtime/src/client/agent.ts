import { subscribe } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import type { Agent as HttpAgent, IncomingMessage } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { type NetConnectOpts, Socket } from 'node:net';
import type { ClickHouseConfig } from '../config/config.js';
import { ConnectError, parseFailure } from '../errors/index.js';
import { processWideValue } from '../process/process-wide-value.js';
import { publish } from '../telemetry/telemetry.js';
import { queryIdIn } from './query-id.js';
import { watchRequests } from './request-watch.js';
import type { TlsFiles } from './tls.js';
import { captureUnobserved } from './write-response.js';

/** Status and headers of an HTTP response that is an error. The official client does not expose them. */
export interface ErrorResponse {
  /** HTTP status code, 300 or more. */
  readonly httpStatus: number;
  readonly headers: IncomingMessage['headers'];
}

/** Number of open sockets, counted in the HTTP agents. */
export interface SocketCounts {
  /** Sockets that carry a statement or connect for one. */
  readonly busy: number;
  /** Sockets that are kept alive for a later statement. */
  readonly idle: number;
}

/** Default time after which the official client destroys an idle socket of any agent, in milliseconds. 0: never. */
const defaultIdleMs = 2_500;
/**
 * Safety margin, in milliseconds: idle sockets are closed this long before the server's keep-alive timeout, since a statement may be on its
 * way. Node has the same margin, but applies it only if its agent has a timeout.
 */
const keepAliveThresholdMs = 1_000;
const warnedEndpoints = new Set<string>();

/** The agents and error responses of all copies of this package. The manager of one copy may use the factory of another. */
interface AgentRegistry {
  /** The agents of all factories. */
  readonly agents: WeakSet<object>;
  /** Keyed by query id. */
  readonly errorResponses: Map<string, ErrorResponse>;
  /** Whether a copy records the error responses. */
  isListening: boolean;
}

const isAgentRegistry = (value: object): value is AgentRegistry => 'agents' in value && 'errorResponses' in value && 'isListening' in value;

const registry = processWideValue<AgentRegistry>('agents@1', isAgentRegistry, () => ({
  agents: new WeakSet(),
  errorResponses: new Map(),
  isListening: false,
}));

/** Responses to statements that bypass the manager are never taken, so the number of entries is limited. */
const maxErrorResponses = 1_000;

/**
 * Creates the HTTP agent of one client. It keeps sockets alive, and does not limit their number: permits are the limit, and the queue of an
 * agent has no bound and no timeout. In addition, it applies `connectTimeoutMs`, keeps the margin before the server's keep-alive timeout, and
 * records error responses.
 */
export function agentFor(url: string, config: ClickHouseConfig, { ca, identity }: TlsFiles): HttpAgent {
  const isTls = url.startsWith('https:');
  // Not imported: an import of a named export of `node:http` makes Node 22 and later load all of undici.
  const { Agent } = process.getBuiltinModule(isTls ? 'node:https' : 'node:http');
  const { enabled = true, idle_socket_ttl = defaultIdleMs } = config.client.keep_alive ?? {};
  const clientIdleMs = idle_socket_ttl === 0 ? Infinity : idle_socket_ttl;
  const agent: HttpAgent | HttpsAgent = new Agent({ keepAlive: enabled, ca, ...identity });
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options: NetConnectOpts, done) => {
    const since = performance.now();
    const socket = connect(options, done);
    if (socket instanceof Socket) watchConnect(socket, since, url, config, isTls ? 'secureConnect' : 'connect');
    return socket;
  };
  const keep = agent.keepSocketAlive.bind(agent);
  agent.keepSocketAlive = (socket): unknown => {
    const ms = keepAliveMs(socket);
    if (ms !== undefined && ms <= keepAliveThresholdMs) {
      warnShortKeepAlive(url, ms);
      return false;
    }
    const isKept: unknown = keep(socket);
    if (ms !== undefined && ms - keepAliveThresholdMs < clientIdleMs && socket instanceof Socket)
      socket.setTimeout(ms - keepAliveThresholdMs);
    return isKept;
  };
  return agent;
}

/**
 * Records the error responses of this agent, and reports its requests to their deliveries. Returns whether it can report them. Several clients
 * may share an agent of the caller.
 */
export function observeRequests(agent: HttpAgent): boolean {
  const { agents } = registry();
  if (agents.has(agent)) return true;
  agents.add(agent);
  subscribeResponses();
  return watchRequests(agent);
}

/** Returns the number of sockets of all agents. */
export function socketsOf(agents: Iterable<HttpAgent>): SocketCounts {
  const counts = { busy: 0, idle: 0 };
  for (const { sockets, freeSockets } of agents) {
    for (const group of Object.values(sockets)) counts.busy += group?.length ?? 0;
    for (const group of Object.values(freeSockets)) counts.idle += group?.length ?? 0;
  }
  return counts;
}

/** Returns the error response of the server or of a proxy to the statement with this id, and removes it. */
export function takeErrorResponse(queryId: string | undefined): ErrorResponse | undefined {
  const { errorResponses } = registry();
  const response = queryId === undefined ? undefined : errorResponses.get(queryId);
  if (response && queryId !== undefined) errorResponses.delete(queryId);
  return response;
}

/**
 * Watches a socket until it can carry a statement, over TLS after the handshake, or closes. Destroys it after the connect timeout: at that
 * point no statement was sent over it.
 */
function watchConnect(socket: Socket, since: number, endpoint: string, config: ClickHouseConfig, ready: 'connect' | 'secureConnect'): void {
  // Never exceeds `requestTimeoutMs`: the client would time out first and treat the statement as sent.
  const ms = Math.min(config.connectTimeoutMs, config.requestTimeoutMs);
  const timer = setTimeout(
    () =>
      socket.destroy(
        Object.assign(new Error(`connect ETIMEDOUT: no connection within ${ms} ms`), { code: 'ETIMEDOUT', syscall: 'connect' }),
      ),
    ms,
  );
  // The request that waits for the socket keeps the process alive.
  timer.unref();
  const onSettled = (): void => {
    clearTimeout(timer);
    socket.off(ready, onSettled).off('close', onSettled);
    publish('clickhouse-ssot:connection:open', () => ({
      endpoint,
      config,
      durationMs: performance.now() - since,
      failure: socket.destroyed ? failureOf(socket, endpoint) : undefined,
    }));
  };
  socket.once(ready, onSettled).once('close', onSettled);
  socket.on('timeout', () => failIdleResponse(socket));
}

/** A socket is also destroyed, without an error, if its statement was aborted: the connection has failed then, too. */
function failureOf({ errored }: Socket, endpoint: string): Error {
  const failure = errored && parseFailure(errored, { endpoint });
  return failure instanceof ConnectError
    ? failure
    : new ConnectError(undefined, false, failure?.message ?? 'the statement that needed it was aborted', { endpoint });
}

/** Returns the server's keep-alive timeout for this socket in milliseconds, from the headers of the response that has just ended. */
function keepAliveMs(socket: object): number | undefined {
  const header = responseOn(socket)?.headers['keep-alive'];
  const seconds = header === undefined ? undefined : /\btimeout=(\d+)/i.exec(String(header))?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

/**
 * Fails a response body that has received no bytes within the request timeout. The client destroys such a response without an error, and
 * its reader would report a broken connection.
 */
function failIdleResponse(socket: Socket): void {
  const response = responseOn(socket);
  if (!response || response.complete) return;
  // The request emits the error as well. The client may have removed its listener, and an error without a listener ends the process.
  const request: unknown = Reflect.get(response, 'req');
  if (request instanceof EventEmitter) request.on('error', () => undefined);
  response.destroy(new Error('Timeout error.'));
}

/** Returns the current response on this socket, once its headers have arrived. Reads undocumented properties, as Node itself does. */
function responseOn(socket: object): IncomingMessage | undefined {
  const request: unknown = Reflect.get(socket, '_httpMessage');
  const response: unknown = typeof request === 'object' && request !== null ? Reflect.get(request, 'res') : undefined;
  // Each response is looked at when its socket is kept, and a look-up of a built-in module takes a microsecond.
  responseClass ??= process.getBuiltinModule('node:http').IncomingMessage;
  return response instanceof responseClass ? response : undefined;
}

let responseClass: typeof IncomingMessage | undefined;

/** Warns once for each endpoint. */
function warnShortKeepAlive(endpoint: string, ms: number): void {
  if (warnedEndpoints.has(endpoint)) return;
  warnedEndpoints.add(endpoint);
  process.emitWarning(
    `${endpoint} closes idle connections after ${ms} ms. No connection is kept, since a statement could be sent into one that is closing. Set keep_alive_timeout of the server, or of the proxy in front of it, to 3 seconds or more.`,
    'ClickHouseSsotWarning',
  );
}

/** Subscribes to the responses of the process, once for each process. */
function subscribeResponses(): void {
  const all = registry();
  if (all.isListening) return;
  all.isListening = true;
  const { agents, errorResponses } = all;
  const { ClientRequest, IncomingMessage: Response } = process.getBuiltinModule('node:http');
  subscribe('http.client.response.finish', (message) => {
    const [request, response] =
      typeof message === 'object' && message !== null ? [Reflect.get(message, 'request'), Reflect.get(message, 'response')] : [];
    if (!(request instanceof ClientRequest) || !(response instanceof Response)) return;
    const { statusCode = 200, headers } = response;
    const agent: unknown = Reflect.get(request, 'agent');
    if (typeof agent !== 'object' || agent === null || !agents.has(agent)) return;
    const queryIdOf = () => queryIdIn(request.path);
    if (statusCode < 300) return captureUnobserved(response, queryIdOf);
    const queryId = queryIdOf();
    if (queryId === undefined) return;
    errorResponses.set(queryId, { httpStatus: statusCode, headers });
    const [oldest] = errorResponses.keys();
    if (errorResponses.size > maxErrorResponses && oldest !== undefined) errorResponses.delete(oldest);
  });
}
