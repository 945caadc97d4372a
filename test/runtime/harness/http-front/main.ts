import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { startEngine } from './engine.js';
import { statementHandler } from './handler.js';
import { parseOptions } from './options.js';

/** The process of the front. Its argument is the options as JSON. It writes the port to standard output when it responds. */
const options = parseOptions(process.argv[2] ?? '');
const engine = await startEngine(options.dataPath);
const handle = statementHandler(engine, options);

/** Responses that need no engine, by path. */
const texts: ReadonlyMap<string, string> = new Map([
  ['/ping', 'Ok.\n'],
  ['/replicas_status', 'Ok.\n'],
]);

function respond(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://front');
  const isRoot = url.pathname === '/';
  const text = texts.get(url.pathname) ?? (isRoot && request.method === 'GET' && !url.searchParams.has('query') ? 'Ok.\n' : undefined);
  if (text !== undefined) return send(response, 200, text);
  if (!isRoot) return send(response, 404, `There is no handle ${url.pathname}\n\nUse / or /ping for health checks.\n`);
  if (request.method === 'OPTIONS') return send(response, 204, '');
  if (request.method !== 'GET' && request.method !== 'POST') return send(response, 501, `There is no method ${request.method ?? ''}\n`);
  void handle(request, response, url);
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=UTF-8',
    'Keep-Alive': `timeout=${options.keepAliveSeconds}, max=9999`,
    'X-ClickHouse-Server-Display-Name': 'http-front',
  });
  response.end(text);
}

// Like a server of ClickHouse, it takes statements in the address that are longer than Node's limit.
const server = createServer({ maxHeaderSize: 1 << 20, keepAliveTimeout: options.keepAliveSeconds * 1_000 }, respond);
server.listen(options.port, '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' && address !== null ? address.port : '');
});
// The parent closes standard input when it ends, however it ends.
process.stdin.resume().on('close', () => process.exit());
