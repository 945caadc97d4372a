import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** Sends a response for one text of the SQL. */
type Answer = (response: ServerResponse) => void;

/** A server that answers by the SQL of `webProgram`. */
export interface WebServer extends AsyncDisposable {
  readonly url: string;
}

const tag = 'abcdefghijklmnop';

/** Starts the server on a free loopback port. */
export async function webServer(): Promise<WebServer> {
  const server = createServer((request, response) => {
    allowOrigins(response);
    void textOf(request).then((body) => {
      if (request.method === 'OPTIONS') return response.end();
      const sql = new URL(request.url ?? '/', 'http://server').searchParams.get('query') ?? body;
      const answer = answers.find(([part]) => sql.includes(part))?.[1] ?? ((any) => any.end('{"n":1}\n'));
      answer(response);
    });
  });
  let [busy, inFlight, most] = [0, 0, 0];
  const waiting: ServerResponse[] = [];
  const answers: readonly (readonly [string, Answer])[] = [
    ['503 once', (response) => (busy++ === 0 ? unavailable(response) : response.end('{"n":1}\n'))],
    ['INTO busy', unavailable],
    ['page', (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html></html>')],
    ['redirect', (response) => response.writeHead(302, { Location: '/' }).end()],
    ['hang', () => undefined],
    ['endless', (response) => response.write('{"n":1}\n')],
    [
      'exception',
      (response) => {
        const text = 'Code: 395. DB::Exception: the value is too large. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO)';
        response.writeHead(200, { 'X-ClickHouse-Exception-Tag': tag });
        response.end(`{"n":1}\n\r\n__exception__\r\n${tag}\r\n${text}\n${text.length + 1} ${tag}\r\n__exception__\r\n`);
      },
    ],
    ['cut', (response) => response.write('{"n":1}\n', () => response.destroy())],
    [
      // Answers as soon as five statements wait at the same time.
      'five',
      (response) => {
        most = Math.max(most, ++inFlight);
        waiting.push(response);
        if (waiting.length < 5) return;
        for (const each of waiting.splice(0)) {
          inFlight--;
          each.end('{"n":1}\n');
        }
      },
    ],
    ['most', (response) => response.end(`{"most":${most}}\n`)],
  ];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A page of another origin may send statements, and read all headers of the responses. */
function allowOrigins(response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Allow-Headers', 'authorization');
  response.setHeader('Access-Control-Expose-Headers', '*');
}

function unavailable(response: ServerResponse): void {
  response.writeHead(503, { 'Retry-After': '0' }).end();
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
