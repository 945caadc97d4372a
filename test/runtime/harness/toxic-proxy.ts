import { once } from 'node:events';
import { createServer, type Server, Socket } from 'node:net';

/** What a connection through the proxy suffers. */
export type Toxic =
  /** Answers come so slowly. */
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number }
  /** The connection ends after so many bytes of the answer: by a reset, or as if all were said. */
  | { readonly kind: 'cut'; readonly afterBytes: number; readonly by: 'reset' | 'end' }
  /** Connections are accepted, and nothing that is sent arrives anywhere. */
  | { readonly kind: 'silence' }
  /** Nobody listens, and whoever is connected is reset. */
  | { readonly kind: 'refuse' };

export interface ToxicProxy extends AsyncDisposable {
  readonly url: string;
  /** Connections accepted so far. */
  readonly accepted: number;
  /** From now on, for connections that exist as well; `undefined` heals. */
  suffer(toxic: Toxic | undefined): Promise<void>;
}

/** Stands on a loopback port of its own before a server, and does to connections what networks do. */
export async function toxicProxy(target: string): Promise<ToxicProxy> {
  const { hostname, port: targetPort } = new URL(target);
  const sockets = new Set<Socket>();
  let toxic: Toxic | undefined;
  let accepted = 0;
  let server = await listen(0);
  const port = portOf(server);

  async function listen(on: number): Promise<Server> {
    const listening = createServer((client) => {
      accepted++;
      join(client, new Socket().connect(Number(targetPort), hostname));
    }).listen(on, '127.0.0.1');
    await once(listening, 'listening');
    return listening;
  }

  function join(client: Socket, upstream: Socket): void {
    let passed = 0;
    for (const socket of [client, upstream]) {
      sockets.add(socket.setNoDelay(true));
      // A reset of the one side is all that the other gets to know.
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
      const suffered = toxic;
      if (suffered?.kind === 'silence') return;
      if (suffered?.kind === 'bandwidth')
        return later(upstream, (chunk.length * 1_000) / suffered.bytesPerSecond, () => client.write(chunk));
      const left = suffered?.kind === 'cut' ? suffered.afterBytes - passed : Infinity;
      passed += chunk.length;
      if (chunk.length < left) return void client.write(chunk);
      client.write(chunk.subarray(0, left), () => cut(client, suffered));
    });
    upstream.on('end', () => client.end());
    client.on('end', () => upstream.end());
  }

  async function suffer(next: Toxic | undefined): Promise<void> {
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
    suffer,
    async [Symbol.asyncDispose]() {
      await suffer({ kind: 'refuse' });
    },
  };
}

/** In the order they came: the next chunk waits for this one. */
function later(source: Socket, ms: number, deliver: () => void): void {
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
