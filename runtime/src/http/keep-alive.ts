import type { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The part of an HTTP server of Node.js that this file uses. A server of HTTP/2 has no idle connections to close. */
export interface WatchedServer extends EventEmitter {
  /** Closes the connections that carry no request. */
  closeIdleConnections?(): void;
}

/** Ends the connections that clients keep alive, so that a server can close. */
export interface KeepAliveConnections {
  /** Closes connections that carry no request, and each other one with the response that it carries. */
  end(): void;
}

/**
 * Watches the connections of a server. `server.close()` closes those that have carried a request and are idle. A client whose request runs would
 * send the next one over the same connection, and the server would wait for it.
 */
export function watchKeepAlive(server: WatchedServer): KeepAliveConnections {
  const running = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  let isEnding = false;
  const watchSocket = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  server.on('connection', watchSocket).on('secureConnection', watchSocket);
  // First of all listeners, since the others may answer at once.
  server.prependListener('request', (request: { readonly httpVersionMajor: number }, response: ServerResponse) => {
    // HTTP/2 knows no such header, and its sessions end by themselves.
    if (request.httpVersionMajor >= 2) return;
    running.add(response);
    if (isEnding) endAfter(response);
    response.once('close', () => {
      running.delete(response);
      if (isEnding) server.closeIdleConnections?.();
    });
  });
  return {
    end: () => {
      isEnding = true;
      for (const response of running) endAfter(response);
      server.closeIdleConnections?.();
      // A browser opens connections in advance. The server does not count them as idle.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    },
  };
}

/** Asks the client to close the connection after this response. Once the headers are sent, the connection is closed when it is idle. */
function endAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
