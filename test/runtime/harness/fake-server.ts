import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface FakeServer extends AsyncDisposable {
  readonly url: string;
  /** Method, path and query, in the order they came. */
  readonly requests: readonly string[];
  /** Settles when so many requests have come. */
  received(count: number): Promise<void>;
}

/** Answers every request as the script says, on a loopback port of its own. */
export async function fakeServer(answer: (response: ServerResponse, request: IncomingMessage) => void): Promise<FakeServer> {
  const requests: string[] = [];
  const waiting: { readonly count: number; readonly tell: () => void }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('latin1').on('data', (text: string) => (body += text));
    request.on('end', () => {
      // An order to stop what somebody has given up is no statement of his.
      if (body.startsWith('KILL QUERY')) return response.end();
      requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
      answer(response, request);
      for (const { count, tell } of waiting) if (requests.length >= count) tell();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The fake server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    received: (count) => new Promise((tell) => (requests.length >= count ? tell() : waiting.push({ count, tell }))),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A hand that turns up later: for answers that wait until the test says so. */
export function held<Value>(): { readonly promise: Promise<Value>; readonly resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => (resolve = settle));
  return { promise, resolve };
}
