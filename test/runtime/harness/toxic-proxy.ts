import { once } from 'node:events';
import { createServer, type Server, Socket } from 'node:net';

/** A fault of the connections through the proxy. */
export type Toxic =
  /** Responses arrive at this rate. */
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number }
  /** The connection ends after this number of bytes of the response, by a reset or a regular end. */
  | { readonly kind: 'cut'; readonly afterBytes: number; readonly by: 'reset' | 'end' }
  /** Connections are accepted, and no byte is forwarded. */
  | { readonly kind: 'silence' }
  /** Connections are refused, and existing ones are reset. */
  | { readonly kind: 'refuse' };

/** A TCP proxy that simulates network faults. */
export interface ToxicProxy extends AsyncDisposable {
  readonly url: string;
  /** Number of connections accepted so far. */
  readonly accepted: number;
  /** Sets the fault of new and existing connections. `undefined` removes it. */
  setToxic(toxic: Toxic | undefined): Promise<void>;
}

/** Starts a proxy on a free loopback port in front of a server. */
export async function toxicProxy(target: string): Promise<ToxicProxy> {
  const { hostname, port: targetPort } = new URL(target);
  const sockets = new Set<Socket>();
  let toxic: Toxic | undefined;
  let accepted = 0;
  let server = await listen(0);
  const port = portOf(server);

  async function listen(listenPort: number): Promise<Server> {
    const listening = createServer((client) => {
      accepted++;
      forward(client, new Socket().connect(Number(targetPort), hostname));
    }).listen(listenPort, '127.0.0.1');
    await once(listening, 'listening');
    return listening;
  }

  function forward(client: Socket, upstream: Socket): void {
    let forwardedBytes = 0;
    for (const socket of [client, upstream]) {
      sockets.add(socket.setNoDelay(true));
      // The `close` event follows, and destroys the other side.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        for (const other of [client, upstream]) other.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (toxic?.kind !== 'silence') upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      const active = toxic;
      if (active?.kind === 'silence') return;
      if (active?.kind === 'bandwidth')
        return deliverLater(upstream, (chunk.length * 1_000) / active.bytesPerSecond, () => client.write(chunk));
      const remaining = active?.kind === 'cut' ? active.afterBytes - forwardedBytes : Infinity;
      forwardedBytes += chunk.length;
      if (chunk.length < remaining) return void client.write(chunk);
      client.write(chunk.subarray(0, remaining), () => cut(client, active));
    });
    upstream.on('end', () => client.end());
    client.on('end', () => upstream.end());
  }

  async function setToxic(next: Toxic | undefined): Promise<void> {
    const wasRefusing = toxic?.kind === 'refuse';
    toxic = next;
    if (next?.kind === 'refuse' && !wasRefusing) {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
    } else if (wasRefusing && next?.kind !== 'refuse') server = await listen(port);
  }

  return {
    url: `http://127.0.0.1:${port}`,
    get accepted() {
      return accepted;
    },
    setToxic,
    async [Symbol.asyncDispose]() {
      await setToxic({ kind: 'refuse' });
    },
  };
}

/** Delivers a chunk after a delay. The source is paused meanwhile, which keeps the order. */
function deliverLater(source: Socket, ms: number, deliver: () => void): void {
  source.pause();
  setTimeout(() => {
    deliver();
    source.resume();
  }, ms);
}

function cut(client: Socket, toxic: Toxic | undefined): void {
  if (toxic?.kind === 'cut' && toxic.by === 'end') client.end();
  else client.resetAndDestroy();
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return address.port;
}
