import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** An HTTP server that the test scripts. */
export interface FakeServer extends AsyncDisposable {
  readonly url: string;
  /** Method, path and query of each request, in the order of arrival. Without `KILL QUERY`. */
  readonly requests: readonly string[];
  /** Resolves when this number of requests has arrived. */
  received(count: number): Promise<void>;
}

/** Starts a server on a free loopback port. `respond` is called when the body of a request has arrived. */
export async function fakeServer(respond: (response: ServerResponse, request: IncomingMessage) => void): Promise<FakeServer> {
  const requests: string[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('latin1').on('data', (text: string) => (body += text));
    request.on('end', () => {
      // The runtime sends it for an aborted statement. It is not a statement of the test.
      if (body.startsWith('KILL QUERY')) return response.end();
      requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
      respond(response, request);
      for (const { count, resolve } of waiting) if (requests.length >= count) resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The fake server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    received: (count) => new Promise((resolve) => (requests.length >= count ? resolve() : waiting.push({ count, resolve }))),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Returns a promise and the function that resolves it. */
export function deferred<Value>(): { readonly promise: Promise<Value>; readonly resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((resolvePromise) => (resolve = resolvePromise));
  return { promise, resolve };
}
