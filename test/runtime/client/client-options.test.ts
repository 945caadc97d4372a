import { ClickHouseLogLevel, type Logger, type LogParams } from '@clickhouse/client';
import { Agent, createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, brotliDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  type ClickHouseClientOptions,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  InvalidArgumentError,
  loadClickHouseConfig,
  OverloadedError,
} from '../../../runtime/src/index.js';
import { configKey } from '../../../runtime/src/client/config-key.js';
import { createTestService } from '../../../runtime/src/testing.js';
import { fakeServer } from '../harness/fake-server.js';
import { SilentLogger } from '../harness/silent-logger.js';

interface ReceivedRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Starts a server that records requests with their bodies. */
async function recordingServer(respond: (request: IncomingMessage) => string = () => '') {
  const received: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      received.push({ url: request.url ?? '', headers: request.headers, body });
      response.setHeader('x-clickhouse-summary', '{}');
      response.end(respond(request));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The server listens on a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function managerFor(url: string | undefined, client: ClickHouseClientOptions): ClickHouseConnectionManager {
  return new ClickHouseConnectionManager({
    config: loadClickHouseConfig(url === undefined ? { client } : { url, client }, { CLICKHOUSE_ENV: 'test' }),
    factory: new ClickHouseConnectionFactory(),
  });
}

/** Keeps integers that a number cannot hold, as text. */
const lossless: NonNullable<ClickHouseClientOptions['json']> = {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-return -- the official type is that of JSON.parse
  parse: (text) => JSON.parse(text.replaceAll(/:\s*(\d{16,})/g, ':"$1"')),
  stringify: (value) => JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}` : inner)),
};

/** Throws any value, as code without types may. */
const raise = (thrown: unknown): never => {
  throw thrown;
};

/** Rows that are JSON already. */
const passthrough = { stringify: String };

describe('json of the configuration', () => {
  it('encodes the rows of an insert, from a stream as well', async () => {
    await using server = await recordingServer();
    const manager = managerFor(server.url, { json: passthrough });
    const rows = ['{"id":1}', '{"id":2}'];
    for (const values of [rows, Readable.from(rows)]) await manager.service.insert({ table: 'events', values, format: 'JSONEachRow' });
    expect(server.received.map(({ body }) => body.toString())).toEqual(Array(2).fill('{"id":1}\n{"id":2}\n'));
    await manager.close();
  });

  it('parses the rows of a result, as a whole and as a stream', async () => {
    await using server = await recordingServer(() => '{"n":18446744073709551615}\n');
    const manager = managerFor(server.url, { json: lossless });
    const query = { query: 'SELECT n', format: 'JSONEachRow' } as const;
    expect(await (await manager.service.query(query)).json()).toEqual([{ n: '18446744073709551615' }]);
    for await (const rows of (await manager.service.query(query)).stream())
      expect(rows.map((row) => row.json())).toEqual([{ n: '18446744073709551615' }]);
    await manager.close();
  });

  it('rejects a value before anything is sent, whatever the encoder throws: the write is not ambiguous', async () => {
    await using server = await recordingServer();
    for (const thrown of [new TypeError('no such value'), 'a text']) {
      const stringify = () => raise(thrown);
      const manager = managerFor(server.url, { json: { stringify } });
      const inserted = manager.service.insert({ table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' });
      await expect(inserted).rejects.toThrow(InvalidArgumentError);
      await manager.close();
    }
    expect(server.received).toEqual([]);
  });

  it('is used by the embedded engine', async () => {
    const manager = managerFor(undefined, { json: lossless });
    await manager.service.command({ query: 'CREATE TABLE big (n UInt64) ENGINE = Memory' });
    await manager.service.insert({ table: 'big', values: [{ n: 18446744073709551615n }], format: 'JSONEachRow' });
    const result = await manager.service.query({
      query: 'SELECT n FROM big',
      format: 'JSONEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    expect(await result.json()).toEqual([{ n: '18446744073709551615' }]);
    await manager.close();
  });

  it('is used by the test double', async () => {
    const service = createTestService([{ when: 'big', rows: [{ n: 18446744073709551615n }] }], { json: lossless });
    await service.insert({ table: 'events', values: [{ n: 1n }], format: 'JSONEachRow' });
    expect(service.statements).toMatchObject([{ values: [{ n: 1n }] }]);
    const result = await service.query({ query: 'SELECT n FROM big', format: 'JSONEachRow' });
    expect(await result.json()).toEqual([{ n: '18446744073709551615' }]);
  });
});

describe('the other options of the client', () => {
  it('reach the server: headers, of which those of a statement go first, and no Authorization', async () => {
    await using server = await recordingServer();
    const manager = managerFor(server.url, { http_headers: { 'X-Proxy': 'client', 'X-Other': 'client' }, set_basic_auth_header: false });
    await manager.service.command({ query: 'SELECT 1', http_headers: { 'X-Proxy': 'statement' } });
    expect(server.received[0]?.headers).toMatchObject({ 'x-proxy': 'statement', 'x-other': 'client' });
    expect(server.received[0]?.headers).not.toHaveProperty('authorization');
    await manager.close();
  });

  it.each([
    [{ codec: 'gzip', level: 1 }, gunzipSync],
    [{ codec: 'br', quality: 1 }, brotliDecompressSync],
  ] as const)('reach the server: the codec %j', async (request, decompress) => {
    await using server = await recordingServer();
    const manager = managerFor(server.url, { compression: { request, response: { codec: 'br' } } });
    await manager.service.insert({ table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' });
    await manager.service.exec({ query: 'SELECT 1' }).then(({ stream }) => stream.resume());
    expect(server.received[0]?.headers['content-encoding']).toBe(request.codec);
    expect(decompress(server.received[0]?.body ?? '').toString()).toBe('{"id":1}\n');
    expect(server.received[1]?.headers['accept-encoding']).toBe('br');
    await manager.close();
  });

  it('reach the server: parameters in the body', async () => {
    await using server = await recordingServer(() => '{"data":[]}');
    const manager = managerFor(server.url, { use_multipart_params: true });
    await (await manager.service.query({ query: 'SELECT {a: String}', query_params: { a: 'x' } })).json();
    expect(server.received[0]?.headers['content-type']).toMatch(/^multipart\/form-data/);
    await manager.close();
  });

  it('keep no socket if keep_alive is off', async () => {
    await using server = await recordingServer();
    const manager = managerFor(server.url, { keep_alive: { enabled: false } });
    await manager.service.command({ query: 'SELECT 1' });
    expect(server.received[0]?.headers.connection).toBe('close');
    await expect.poll(() => manager.stats.sockets).toEqual({ busy: 0, idle: 0 });
    await manager.close();
  });

  it('close an idle socket after idle_socket_ttl', async () => {
    await using server = await recordingServer();
    const manager = managerFor(server.url, { keep_alive: { idle_socket_ttl: 1 } });
    await manager.service.command({ query: 'SELECT 1' });
    await expect.poll(() => manager.stats.sockets).toEqual({ busy: 0, idle: 0 });
    await manager.close();
  });

  it('accept larger headers of a response', async () => {
    const large = 'x'.repeat(30_000);
    await using server = await fakeServer((response) => response.writeHead(200, { 'X-Large': large }).end());
    const manager = managerFor(server.url, { max_response_headers_size: 65_536 });
    const { response_headers } = await manager.service.command({ query: 'SELECT 1' });
    expect(response_headers['x-large']).toBe(large);
    await manager.close();
  });

  it('log through the class of the caller, and nothing by default', async () => {
    await using server = await recordingServer();
    const messages: string[] = [];
    const log = ({ message }: LogParams) => void messages.push(message);
    class CallersLogger implements Logger {
      readonly trace = log;
      readonly debug = log;
      readonly info = log;
      readonly warn = log;
      readonly error = log;
    }
    const manager = managerFor(server.url, { log: { LoggerClass: CallersLogger, level: ClickHouseLogLevel.TRACE } });
    await manager.service.command({ query: 'SELECT 1' });
    expect(messages).toContain('Command: operation completed');
    await manager.close();
  });

  it('lengthen the stack of the cause', async () => {
    const manager = managerFor('http://127.0.0.1:1', { capture_enhanced_stack_trace: true });
    const failure: unknown = await manager.service.command({ query: 'SELECT 1' }).catch((error: unknown) => error);
    expect(failure instanceof Error && failure.cause instanceof Error && failure.cause.stack).toContain('.command (');
    await manager.close();
  });
});

describe('an agent of the caller', () => {
  it('carries the requests, is not destroyed by a rotation or the end of the manager, and is not counted', async () => {
    await using server = await recordingServer();
    class CallersAgent extends Agent {
      isDestroyed = false;
      override destroy(): void {
        this.isDestroyed = true;
        super.destroy();
      }
    }
    const agent = new CallersAgent({ keepAlive: true });
    const manager = managerFor(server.url, { http_agent: agent });
    await manager.service.command({ query: 'SELECT 1' });
    await expect.poll(() => Object.values(agent.freeSockets).flat().length).toBe(1);
    await manager.rotate();
    await manager.service.command({ query: 'SELECT 1' });
    expect(manager.stats.sockets).toEqual({ busy: 0, idle: 0 });
    await manager.close();
    expect(agent.isDestroyed).toBe(false);
    agent.destroy();
  });

  it('keeps the status and the headers of an error response', async () => {
    await using server = await fakeServer((response) => response.writeHead(429, { 'Retry-After': '60' }).end('busy'));
    const agent = new Agent();
    const manager = managerFor(server.url, { http_agent: agent });
    const failure: unknown = await manager.service.command({ query: 'SELECT 1' }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OverloadedError);
    expect(failure).toMatchObject({ httpStatus: 429, retryAfterMs: 60_000 });
    await manager.close();
    agent.destroy();
  });
});

describe('configurations with options of the client', () => {
  const keyOf = (client: ClickHouseClientOptions) => configKey(loadClickHouseConfig({ url: 'http://h', client }, {}));
  const [parse, agent] = [JSON.parse, new Agent()];

  it('share a client if the values are equal, and functions, classes and agents are the same', () => {
    for (const options of [
      { json: { parse } },
      { http_agent: agent },
      { keep_alive: { enabled: true, idle_socket_ttl: 5 } },
      { compression: { request: { codec: 'gzip', level: 1 } } },
    ] satisfies ClickHouseClientOptions[])
      expect(keyOf({ ...options })).toBe(keyOf(options));
    expect(keyOf({ http_headers: { a: '1', b: '2' } })).toBe(keyOf({ http_headers: { b: '2', a: '1' } }));
  });

  it.each<[ClickHouseClientOptions, ClickHouseClientOptions]>([
    [{ json: { stringify: (value) => String(value) } }, { json: { stringify: (value) => String(value) } }],
    [{ json: { parse } }, { json: { stringify: String } }],
    [{ http_agent: agent }, { http_agent: new Agent() }],
    [{ http_headers: { a: '1' } }, { http_headers: { a: '2' } }],
    [{ log: { LoggerClass: class extends SilentLogger {} } }, { log: { LoggerClass: class extends SilentLogger {} } }],
    [{ keep_alive: { idle_socket_ttl: 5 } }, { keep_alive: { idle_socket_ttl: 6 } }],
    [{ compression: { request: { codec: 'gzip', level: 1 } } }, { compression: { request: { codec: 'gzip', level: 2 } } }],
    [{ max_response_headers_size: 1 }, {}],
  ])('have clients of their own if they differ: %#', (one, other) => {
    expect(keyOf(one)).not.toBe(keyOf(other));
  });
});
