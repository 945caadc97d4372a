import { subscribe } from 'node:diagnostics_channel';
import type { Agent as HttpAgent, IncomingMessage } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { type NetConnectOpts, Socket } from 'node:net';
import type { TlsFiles } from './tls.js';

/** What the official client keeps to itself of an answer that is no result. */
export interface Refusal {
  readonly httpStatus: number;
  readonly headers: IncomingMessage['headers'];
}

const ours = new WeakSet<object>();
const refusals = new Map<string, Refusal>();
/** Who goes past the manager asks for none of them. */
const mostRefusals = 1_000;
let isListening = false;

/**
 * The agent of one client, as the client would make it itself: sockets are kept alive, and none is waited for. It gives up on a connection that does
 * not come about, which is another thing than a server that is slow to answer.
 */
export function agentFor(url: string, connectTimeoutMs: number, { ca, identity }: TlsFiles): HttpAgent | HttpsAgent {
  // Not imported: to import the module of HTTP, Node 22 and later load all of undici for the sake of one name in it.
  const { Agent } = process.getBuiltinModule(url.startsWith('https:') ? 'node:https' : 'node:http');
  const agent: HttpAgent | HttpsAgent = new Agent({ keepAlive: true, ca, ...identity });
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options: NetConnectOpts, done) => {
    const socket = connect(options, done);
    if (socket instanceof Socket) giveUpAfter(connectTimeoutMs, socket);
    return socket;
  };
  ours.add(agent);
  listen();
  return agent;
}

/** What the server, or whoever stood before it, answered to the statement of this id. Told once. */
export function refusalOf(queryId: string | undefined): Refusal | undefined {
  const refusal = queryId === undefined ? undefined : refusals.get(queryId);
  if (refusal && queryId !== undefined) refusals.delete(queryId);
  return refusal;
}

function giveUpAfter(ms: number, socket: Socket): void {
  const timer = setTimeout(
    () =>
      socket.destroy(
        Object.assign(new Error(`connect ETIMEDOUT: no connection within ${ms} ms`), { code: 'ETIMEDOUT', syscall: 'connect' }),
      ),
    ms,
  );
  // What waits for the socket keeps the process alive.
  timer.unref();
  const stop = () => clearTimeout(timer);
  socket.once('connect', stop).once('close', stop);
}

function listen(): void {
  if (isListening) return;
  isListening = true;
  const { ClientRequest, IncomingMessage: Answer } = process.getBuiltinModule('node:http');
  subscribe('http.client.response.finish', (message) => {
    const [request, response] =
      typeof message === 'object' && message !== null ? [Reflect.get(message, 'request'), Reflect.get(message, 'response')] : [];
    if (!(request instanceof ClientRequest) || !(response instanceof Answer)) return;
    const { statusCode = 200, headers } = response;
    const agent: unknown = Reflect.get(request, 'agent');
    if (statusCode < 300 || typeof agent !== 'object' || agent === null || !ours.has(agent)) return;
    const queryId = new URLSearchParams(request.path.slice(request.path.indexOf('?') + 1)).get('query_id');
    if (queryId === null) return;
    refusals.set(queryId, { httpStatus: statusCode, headers });
    const [oldest] = refusals.keys();
    if (refusals.size > mostRefusals && oldest !== undefined) refusals.delete(oldest);
  });
}
