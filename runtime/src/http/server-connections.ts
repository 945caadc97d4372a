import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';

/** The part of an HTTP server of Node.js that this file uses. A server of HTTP/2 does not have the method. */
export interface WatchedServer extends EventEmitter {
  /** Closes the connections that carry no request. */
  closeIdleConnections?(): void;
}

/** The connections of one server. */
export interface ServerConnections {
  /**
   * Lets the server close: closes connections that carry no request, and each other one after its responses.
   * @param incompleteMs time after which requests are cut that have not arrived completely
   */
  end(incompleteMs: number): void;
  /** Closes all connections, also those that carry a request. */
  destroy(): void;
}

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

/** One connection of a client. */
interface Connection {
  /** The socket whose bytes are those of HTTP. */
  socket: Pick<Socket, 'bytesRead' | 'destroy'>;
  /** The session of HTTP/2. Undefined: the connection carries HTTP/1, or nothing yet. */
  session: ServerHttp2Session | undefined;
  /** The requests whose headers have arrived and whose responses are not complete. */
  readonly requests: Map<Response, Request>;
}

/** Time that a client has for the headers of a request that it has begun to send, or to close an idle connection, in milliseconds. */
const headersMs = 1_000;

/**
 * Watches the connections of a server. `server.close()` closes only those of HTTP/1 that have carried a request and are idle. It waits for a
 * client that sends the next request over the same connection, for idle sessions of HTTP/2, and for requests that clients never complete.
 */
export function watchConnections(server: WatchedServer): ServerConnections {
  const connections = new Map<string | Socket, Connection>();
  let isEnding = false;
  // Only plain HTTP/1 has the same socket in all events. Other sockets are recognised by the address of the client.
  const hasOneSocket = server.closeIdleConnections !== undefined && !('setSecureContext' in server);
  const keyOf = (socket: Socket): string | Socket | undefined => addressOf(socket) ?? (hasOneSocket ? socket : undefined);

  const watch = (socket: Socket, key = keyOf(socket)): Connection | undefined => {
    if (key === undefined) return undefined;
    const connection: Connection = connections.get(key) ?? { socket, session: undefined, requests: new Map() };
    connections.set(key, connection);
    return connection;
  };

  const watchSocket = (socket: Socket): void => {
    const key = keyOf(socket);
    const connection = watch(socket, key);
    if (key === undefined || !connection) return;
    // A socket of TLS replaces the one below it.
    connection.socket = socket;
    socket.once('close', () => {
      if (connections.get(key)?.socket === socket) connections.delete(key);
    });
  };

  const destroyIfIdle = ({ requests, socket }: Connection): void => {
    // A connection that was upgraded, such as a WebSocket, carries no request either.
    const mayBeUpgraded = server.listenerCount('upgrade') + server.listenerCount('connect') > 0;
    if (requests.size === 0 && !mayBeUpgraded) socket.destroy();
  };

  const closeIfIdle = (connection: Connection): void => {
    server.closeIdleConnections?.();
    // A browser opens connections in advance. The server does not count them as idle.
    if (connection.session === undefined && connection.socket.bytesRead === 0) connection.socket.destroy();
    later(headersMs, () => destroyIfIdle(connection));
  };

  server.on('connection', watchSocket).on('secureConnection', watchSocket);
  server.on('session', (session: ServerHttp2Session) => {
    const connection = watch(session.socket);
    if (connection) connection.session = session;
    if (isEnding) session.close();
  });
  // First of all listeners, since the others may answer at once.
  server.prependListener('request', (request: Request, response: Response) => {
    const connection = watch(request.socket);
    if (!connection) return;
    connection.requests.set(response, request);
    if (isEnding) endAfter(response);
    response.once('close', () => {
      connection.requests.delete(response);
      // A session closes by itself, once its client has received everything.
      if (isEnding && connection.session === undefined) closeIfIdle(connection);
    });
  });

  return {
    end: (incompleteMs) => {
      isEnding = true;
      for (const connection of connections.values()) {
        connection.session?.close();
        for (const response of connection.requests.keys()) endAfter(response);
        closeIfIdle(connection);
      }
      later(incompleteMs, () => {
        for (const connection of connections.values()) {
          for (const [response, request] of connection.requests) if (!isComplete(request)) response.destroy();
          destroyIfIdle(connection);
        }
      });
    },
    destroy: () => {
      for (const { session, socket } of connections.values()) {
        session?.destroy();
        socket.destroy();
      }
    },
  };
}

/** Returns the address of the client: the socket of TLS and the one below it have the same. Undefined for a socket of the file system. */
function addressOf({ remoteAddress, remotePort }: Socket): string | undefined {
  return remotePort === undefined ? undefined : `${remoteAddress ?? ''} ${remotePort}`;
}

/** Asks the client to close the connection after this response. Once the headers are sent, the connection is closed when it is idle. */
function endAfter(response: Response): void {
  // HTTP/2 knows no such header, and its session is closing already.
  if (!('stream' in response) && !response.headersSent) response.setHeader('connection', 'close');
}

/** Whether the body of a request has arrived. */
function isComplete(request: Request): boolean {
  // `complete` of HTTP/2 says whether the body was read.
  return 'stream' in request ? request.stream.state.remoteClose === 1 : request.complete;
}

/** Calls a function later, unless the process has nothing else to wait for. */
function later(ms: number, callback: () => void): void {
  // A longer timer would run at once.
  if (ms <= 2 ** 31 - 1) setTimeout(callback, ms).unref();
}
