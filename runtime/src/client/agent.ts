import { subscribe } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import type { Agent as HttpAgent, IncomingMessage } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { type NetConnectOpts, Socket } from 'node:net';
import type { ClickHouseConfig } from '../config/config.js';
import { ConnectError, parseFailure } from '../errors/index.js';
import { publish } from '../telemetry/telemetry.js';
import type { TlsFiles } from './tls.js';

/** What the official client keeps to itself of an answer that is no result. */
export interface ErrorResponse {
  readonly httpStatus: number;
  readonly headers: IncomingMessage['headers'];
}

/** What the agents themselves know of their sockets. */
export interface SocketCounts {
  /** They carry a statement, or are about to. */
  readonly busy: number;
  /** They are kept for the next one. */
  readonly idle: number;
}

/** The client gives up what has been idle for so long, whoever's the agent is. */
const clientIdleMs = 2_500;
/** So long before a server does we give up an idle socket: a statement may be on its way. Node's own, which it heeds only where its agent has a timeout. */
const keepAliveThresholdMs = 1_000;
const warnedEndpoints = new Set<string>();

const ownAgents = new WeakSet<object>();
const errorResponses = new Map<string, ErrorResponse>();
/** Who goes past the manager asks for none of them. */
const maxErrorResponses = 1_000;
let isListening = false;

/**
 * The agent of one client, as the client would make it itself: sockets are kept alive, and none is waited for. It gives up on a connection that does
 * not come about, which is another thing than a server that is slow to answer.
 */
export function agentFor(url: string, config: ClickHouseConfig, { ca, identity }: TlsFiles): HttpAgent {
  const isTls = url.startsWith('https:');
  // Not imported: to import the module of HTTP, Node 22 and later load all of undici for the sake of one name in it.
  const { Agent } = process.getBuiltinModule(isTls ? 'node:https' : 'node:http');
  const agent: HttpAgent | HttpsAgent = new Agent({ keepAlive: true, ca, ...identity });
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
  ownAgents.add(agent);
  subscribeResponses();
  return agent;
}

export function socketsOf(agents: Iterable<HttpAgent>): SocketCounts {
  const counts = { busy: 0, idle: 0 };
  for (const { sockets, freeSockets } of agents) {
    for (const those of Object.values(sockets)) counts.busy += those?.length ?? 0;
    for (const those of Object.values(freeSockets)) counts.idle += those?.length ?? 0;
  }
  return counts;
}

/** What the server, or whoever stood before it, answered to the statement of this id. Told once. */
export function takeErrorResponse(queryId: string | undefined): ErrorResponse | undefined {
  const refusal = queryId === undefined ? undefined : errorResponses.get(queryId);
  if (refusal && queryId !== undefined) errorResponses.delete(queryId);
  return refusal;
}

/** Until it can carry a statement, which over TLS is when both sides agree, or is given up: no statement has gone over it then. */
function watchConnect(socket: Socket, since: number, endpoint: string, config: ClickHouseConfig, ready: 'connect' | 'secureConnect'): void {
  // Nobody may be silent for longer than an answer may take: the client would give up before us, and take the statement for sent.
  const ms = Math.min(config.connectTimeoutMs, config.requestTimeoutMs);
  const timer = setTimeout(
    () =>
      socket.destroy(
        Object.assign(new Error(`connect ETIMEDOUT: no connection within ${ms} ms`), { code: 'ETIMEDOUT', syscall: 'connect' }),
      ),
    ms,
  );
  // What waits for the socket keeps the process alive.
  timer.unref();
  const over = (): void => {
    clearTimeout(timer);
    socket.off(ready, over).off('close', over);
    publish('clickhouse-ssot:connection:open', () => ({
      endpoint,
      config,
      durationMs: performance.now() - since,
      failure: socket.destroyed ? failureOf(socket, endpoint) : undefined,
    }));
  };
  socket.once(ready, over).once('close', over);
  socket.on('timeout', () => failIdleResponse(socket));
}

/** Also where its statement was aborted meanwhile, which is a failure of that one. */
function failureOf({ errored }: Socket, endpoint: string): Error {
  const failure = errored && parseFailure(errored, { endpoint });
  return failure instanceof ConnectError
    ? failure
    : new ConnectError(undefined, false, failure?.message ?? 'nobody waits for it any more', { endpoint });
}

/** How long the server says that it keeps this socket, on which an answer has just ended. */
function keepAliveMs(socket: object): number | undefined {
  const seconds = /\btimeout=(\d+)/i.exec(String(responseOn(socket)?.headers['keep-alive']))?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

/**
 * The client gives up a result that has fallen silent without a word, so that its reader would take the connection for broken. He hears why before that.
 */
function failIdleResponse(socket: Socket): void {
  const answer = responseOn(socket);
  if (!answer || answer.complete) return;
  // It hears of it as well, when the client does not listen any more.
  const request: unknown = Reflect.get(answer, 'req');
  if (request instanceof EventEmitter) request.on('error', () => undefined);
  answer.destroy(new Error('Timeout error.'));
}

/** What is being answered on this socket, once its headers are there. Undocumented, and where Node itself looks for it. */
function responseOn(socket: object): IncomingMessage | undefined {
  const request: unknown = Reflect.get(socket, '_httpMessage');
  const answer: unknown = typeof request === 'object' && request !== null ? Reflect.get(request, 'res') : undefined;
  return answer instanceof process.getBuiltinModule('node:http').IncomingMessage ? answer : undefined;
}

function warnShortKeepAlive(endpoint: string, ms: number): void {
  if (warnedEndpoints.has(endpoint)) return;
  warnedEndpoints.add(endpoint);
  process.emitWarning(
    `${endpoint} closes idle connections after ${ms} ms, so none is kept, lest a statement be sent into one that closes. Set its keep_alive_timeout, or that of the proxy before it, to 3 seconds or more.`,
    'ClickHouseSsotWarning',
  );
}

function subscribeResponses(): void {
  if (isListening) return;
  isListening = true;
  const { ClientRequest, IncomingMessage: Answer } = process.getBuiltinModule('node:http');
  subscribe('http.client.response.finish', (message) => {
    const [request, response] =
      typeof message === 'object' && message !== null ? [Reflect.get(message, 'request'), Reflect.get(message, 'response')] : [];
    if (!(request instanceof ClientRequest) || !(response instanceof Answer)) return;
    const { statusCode = 200, headers } = response;
    const agent: unknown = Reflect.get(request, 'agent');
    if (statusCode < 300 || typeof agent !== 'object' || agent === null || !ownAgents.has(agent)) return;
    const queryId = new URLSearchParams(request.path.slice(request.path.indexOf('?') + 1)).get('query_id');
    if (queryId === null) return;
    errorResponses.set(queryId, { httpStatus: statusCode, headers });
    const [oldest] = errorResponses.keys();
    if (errorResponses.size > maxErrorResponses && oldest !== undefined) errorResponses.delete(oldest);
  });
}
