import { createServer, type Socket } from 'node:net';

/** A TCP server that counts the bytes of requests. */
export interface RawServer extends AsyncDisposable {
  readonly url: string;
  /** Bytes received so far, without `KILL QUERY`. */
  readonly receivedBytes: number;
}

/** Starts a TCP server on a free loopback port. `onConnection` is called for each connection, `onData` with the bytes of its latest chunk. */
export async function rawServer(
  onData: (socket: Socket, chunk: Buffer) => void,
  onConnection: (socket: Socket) => void = () => undefined,
): Promise<RawServer> {
  let receivedBytes = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    onConnection(socket);
    socket.on('data', (chunk) => {
      // The runtime sends it for an aborted statement. It is not a statement of the test.
      if (chunk.includes('KILL QUERY')) return void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      receivedBytes += chunk.length;
      onData(socket, chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`,
    get receivedBytes() {
      return receivedBytes;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
