import Fastify from 'fastify';
import dns from 'node:dns';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { Agent, createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { clickHousePlugin } from '../../../runtime/src/fastify.js';
import { watchConnections } from '../../../runtime/src/http/server-connections.js';
import { shutdownOnSignals } from '../../../runtime/src/http.js';
import { createTestService } from '../../../runtime/src/testing.js';
import { request } from '../frameworks/http-load.js';
import { deferred } from '../harness/fake-server.js';
import { certificateOf } from '../harness/certificates.js';

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Closes a server as a shutdown does. Resolves when all connections have ended. */
function close(server: Server, connections: ReturnType<typeof watchConnections>, incompleteMs = 60_000): Promise<unknown> {
  const closed = new Promise((resolve) => server.close(resolve));
  connections.end(incompleteMs);
  return closed;
}

/** Sends a request over a session. Resolves with the body of the response. */
async function get(session: ClientHttp2Session, path = '/'): Promise<string> {
  const stream = session.request({ ':path': path });
  stream.setEncoding('utf8');
  let body = '';
  stream.on('data', (text: string) => (body += text));
  await once(stream, 'close');
  return body;
}

/** Opens a connection, and sends the start of a request. */
async function halfSent(port: number, text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  await new Promise<void>((resolve) => socket.write(text, () => resolve()));
  return socket;
}

afterEach(() => vi.restoreAllMocks());

describe('a server of HTTP/1 that closes', () => {
  it('closes a connection with the start of a request, and answers the request of another one', async () => {
    const responses: ServerResponse[] = [];
    const server = createServer((_request, response) => responses.push(response));
    const connections = watchConnections(server);
    const port = await listen(server);
    const half = await halfSent(port, 'GET / HTTP/1.1\r\nHost: a');
    const answer = request(`http://127.0.0.1:${port}`, new Agent({ keepAlive: true }));
    await vi.waitFor(() => expect(responses).toHaveLength(1));
    const closed = close(server, connections);
    half.resume();
    await once(half, 'close');
    responses[0]?.end('done');
    expect(await answer).toMatchObject({ status: 200, body: 'done' });
    await closed;
  });

  it('on a socket of the file system, closes an idle connection and that of a response that ends', async () => {
    const responses: ServerResponse[] = [];
    const server = createServer((_request, response) => responses.push(response));
    const connections = watchConnections(server);
    const socketPath = join(mkdtempSync(join(tmpdir(), 'socket-')), 'http');
    server.listen(socketPath);
    await once(server, 'listening');
    const idle = connect(socketPath).resume();
    await once(idle, 'connect');
    const sent = httpRequest({ socketPath, agent: new Agent({ keepAlive: true }) }).end();
    const answered: Promise<IncomingMessage[]> = once(sent, 'response');
    await vi.waitFor(() => expect(responses).toHaveLength(1));
    const closed = close(server, connections);
    await once(idle, 'close');
    responses[0]?.end('done');
    const [answer] = await answered;
    expect(answer?.headers.connection).toBe('close');
    answer?.resume();
    await closed;
  });

  it('answers a request whose headers become complete in time', async () => {
    const server = createServer((_request, response) => response.end('done'));
    const connections = watchConnections(server);
    const port = await listen(server);
    const accepted = once(server, 'connection');
    const half = await halfSent(port, 'GET / HTTP/1.1\r\nHost: a');
    const [socket]: Socket[] = await accepted;
    await vi.waitFor(() => expect(socket?.bytesRead).toBeGreaterThan(0));
    const closed = close(server, connections);
    let answer = '';
    half.setEncoding('utf8').on('data', (text: string) => (answer += text));
    half.write('\r\n\r\n');
    await once(half, 'close');
    await closed;
    expect(answer).toContain('200 OK');
    expect(answer.toLowerCase()).toContain('connection: close');
  });

  it('cuts a request whose body does not arrive in time', async () => {
    const arrived = deferred<undefined>();
    const server = createServer(() => arrived.resolve(undefined));
    const connections = watchConnections(server);
    const sent = httpRequest({ port: await listen(server), method: 'POST', headers: { 'content-length': 10 } });
    const failed = once(sent, 'error');
    sent.write('half');
    await arrived.promise;
    await close(server, connections, 1);
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
  });

  it('keeps a connection that was upgraded, such as a WebSocket', async () => {
    const upgraded = deferred<Socket>();
    const server = createServer().on('upgrade', (_request, socket: Socket) => upgraded.resolve(socket));
    const connections = watchConnections(server);
    const client = await halfSent(await listen(server), 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    const socket = await upgraded.promise;
    const closed = close(server, connections);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(socket.destroyed).toBe(false);
    client.destroy();
    socket.destroy();
    await closed;
  });
});

describe('a server of HTTPS that closes', () => {
  it('closes connections without a request, and in the middle of a handshake', async () => {
    const { cert, key } = certificateOf('valid');
    const release = deferred<undefined>();
    const server = createHttpsServer({ cert, key }, (_request, response) => void release.promise.then(() => response.end('done')));
    const connections = watchConnections(server);
    const port = await listen(server);
    const handshake = await halfSent(port, '\x16\x03\x01');
    const open = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    const busy = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await Promise.all([once(open, 'secureConnect'), once(busy, 'secureConnect')]);
    let answer = '';
    busy.setEncoding('utf8').on('data', (text: string) => (answer += text));
    const arrived = once(server, 'request');
    busy.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await arrived;
    const closed = close(server, connections);
    for (const each of [handshake, open]) each.on('error', () => undefined).resume();
    await Promise.all([once(handshake, 'close'), once(open, 'close')]);
    expect(busy.destroyed).toBe(false);
    release.resolve(undefined);
    await closed;
    expect(answer).toContain('200 OK');
  });
});

describe('a server of HTTP/2 that closes', () => {
  it('closes an idle session, and one that has sent nothing', async () => {
    const server = createHttp2Server((_request, response) => response.end('done'));
    const connections = watchConnections(server);
    const port = await listen(server);
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    expect(await get(session)).toBe('done');
    const silent = await halfSent(port, '');
    await vi.waitFor(async () => expect(await connectionCount(server)).toBe(2));
    await close(server, connections);
    silent.destroy();
    await vi.waitFor(() => expect(session.closed).toBe(true));
  });

  it('answers a request that has begun, also if the server listens for streams', async () => {
    const release = deferred<undefined>();
    const server = createHttp2Server();
    const connections = watchConnections(server);
    const arrived = deferred<undefined>();
    server.on('stream', (stream) => {
      arrived.resolve(undefined);
      void release.promise.then(() => {
        stream.respond({ ':status': 200 });
        stream.end('done');
      });
    });
    const answer = get(connectHttp2(`http://127.0.0.1:${await listen(server)}`));
    await arrived.promise;
    const closed = close(server, connections, 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    release.resolve(undefined);
    expect(await answer).toBe('done');
    await closed;
  });

  it('cuts a request whose body does not arrive in time, and answers another one of the same session', async () => {
    const release = deferred<undefined>();
    const arrived = deferred<undefined>();
    const server = createHttp2Server((received, response) => {
      if (received.url !== '/complete') return;
      arrived.resolve(undefined);
      void release.promise.then(() => response.end('done'));
    });
    const connections = watchConnections(server);
    const session = connectHttp2(`http://127.0.0.1:${await listen(server)}`);
    const half = session.request({ ':method': 'POST', ':path': '/half' });
    half.on('error', () => undefined).write('half');
    const answer = get(session, '/complete');
    await arrived.promise;
    const closed = close(server, connections, 1);
    await once(half, 'close');
    release.resolve(undefined);
    expect(await answer).toBe('done');
    await closed;
  });

  it('exits with 0 and a warning if a request takes longer than the timeout', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const arrived = deferred<undefined>();
    const server = createHttp2Server(() => arrived.resolve(undefined));
    const exited = deferred<number>();
    const listeners: ((name: string, number: number) => void)[] = [];
    shutdownOnSignals(server, {
      timeoutMs: 1,
      process: { on: (_signal, listener) => listeners.push(listener), off: () => undefined, exit: (code) => exited.resolve(code) },
    });
    const session = connectHttp2(`http://127.0.0.1:${await listen(server)}`).on('error', () => undefined);
    const running = session.request().on('error', () => undefined);
    await arrived.promise;
    listeners[0]?.('SIGTERM', 15);
    await once(running, 'close');
    expect(await exited.promise).toBe(0);
    expect(warned).toHaveBeenCalledWith(expect.stringContaining('Requests were still running'), 'ClickHouseSsotWarning');
  });

  it('is that of a Fastify application as well', async () => {
    const release = deferred<undefined>();
    const arrived = deferred<undefined>();
    const app = Fastify({ http2: true });
    await app.register(clickHousePlugin, { service: createTestService(), drainTimeoutMs: 1 });
    app.get('/slow', async () => {
      arrived.resolve(undefined);
      await release.promise;
      return 'done';
    });
    app.post('/', () => 'never');
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const [idle, busy] = [connectHttp2(url), connectHttp2(url)];
    expect(await get(idle, '/livez')).toBe('{"status":"alive"}');
    const half = busy.request({ ':method': 'POST', ':path': '/', 'content-type': 'text/plain' });
    half.on('error', () => undefined).write('half');
    const answer = get(busy, '/slow');
    await arrived.promise;
    const closed = app.close();
    await once(half, 'close');
    release.resolve(undefined);
    expect(await answer).toBe('done');
    await closed;
    await vi.waitFor(() => expect(idle.closed).toBe(true));
  });
});

function connectionCount(server: Server): Promise<number> {
  return new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count))));
}

function isCallback(value: unknown): value is (...found: unknown[]) => void {
  return typeof value === 'function';
}

it('Fastify with several addresses closes when the requests of all of them are answered', async () => {
  const found = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }));
  vi.spyOn(dns, 'lookup').mockImplementation((host: unknown, ...parameters: unknown[]) => {
    const done = parameters.pop();
    if (isCallback(done)) done(null, ...(parameters.length > 0 ? [found] : [host === 'localhost' ? '127.0.0.1' : host, 4]));
  });
  const app = Fastify();
  await app.register(clickHousePlugin, { service: createTestService() });
  const [arrived, answer] = [deferred<undefined>(), deferred<string>()];
  app.get('/', () => {
    arrived.resolve(undefined);
    return answer.promise;
  });
  await app.listen({ port: 0, host: 'localhost' });
  const [address] = app.addresses();
  const port = typeof address === 'object' ? address.port : 0;
  const sent = request(`http://127.0.0.2:${port}`, new Agent({ keepAlive: true }));
  await arrived.promise;
  const isClosed = vi.fn<() => void>();
  const closed = app.close().then(isClosed);
  await setImmediate();
  expect(isClosed).not.toHaveBeenCalled();
  answer.resolve('done');
  expect(await sent).toMatchObject({ status: 200, body: 'done' });
  await closed;
});
