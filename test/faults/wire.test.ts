import dns from 'node:dns';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import {
  ConnectError,
  GatewayError,
  isConnectError,
  type LeakReport,
  outcomeOf,
  StreamError,
  TimeoutError,
  ConnectionLostError,
} from '../../runtime/src/index.js';
import { fakeServer } from '../runtime/harness/fake-server.js';
import { blackHole } from '../runtime/harness/black-hole.js';
import { toxicProxy } from '../runtime/harness/toxic-proxy.js';
import { failureOf, managerOf, selectOne } from './server-under-test.js';

const ok = (response: ServerResponse) => void response.end('{"n":1}\n');

/** Starts a TCP server that accepts every connection and sends nothing. */
async function silentListener(): Promise<{ readonly url: string } & AsyncDisposable> {
  const sockets: Socket[] = [];
  const listener = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const address = listener.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await once(listener.close(), 'close');
    },
  };
}

const insert = { table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' } as const;

describe('a connection', () => {
  it('fault 4: that is reset after the server read an insert makes the insert ambiguous, and it is not sent again', async () => {
    await using server = await fakeServer(ok);
    await using proxy = await toxicProxy(server.url);
    await using tested = managerOf(proxy.url);
    const { service } = tested.manager;
    await (await service.query(selectOne)).json();
    await proxy.setToxic({ kind: 'cut', afterBytes: 0, by: 'reset' });
    const failure = await failureOf(service.insert(insert));
    expect(failure).toMatchObject({ code: 'AMBIGUOUS_WRITE', attempts: 1, cause: { code: 'CONNECTION_LOST' } });
    expect(outcomeOf(failure)).toBe('unknown');
    expect([server.requests.length, proxy.accepted, tested.manager.stats.inUse]).toEqual([2, 1, 0]);
  });

  it('fault 4: that is reset after the server read a query causes a retry under a new query id', async () => {
    let resets = 1;
    await using server = await fakeServer((response) => (resets-- > 0 ? void response.socket?.resetAndDestroy() : ok(response)));
    await using tested = managerOf(server.url);
    expect(await (await tested.manager.service.query(selectOne)).json()).toEqual([{ n: 1 }]);
    const ids = server.requests.map((request) => /query_id=([\w-]+)/.exec(request)?.[1]);
    expect(new Set(ids).size).toBe(2);
  });

  it('fault 4: that is reset before and in the result of a query counts both attempts in the error', async () => {
    let requests = 0;
    await using server = await fakeServer((response) => {
      if (++requests === 1) return void response.socket?.resetAndDestroy();
      response.write('{"n":1}\n', () => response.socket?.resetAndDestroy());
    });
    await using tested = managerOf(server.url);
    const failure = await failureOf(tested.manager.service.query(selectOne).then((result) => result.json()));
    expect(failure).toMatchObject({ code: 'STREAM_FAILED', attempts: 2 });
  });

  it('fault 4: that is reset under an insert with a deduplication token causes a retry, since the server drops the second copy', async () => {
    let resets = 1;
    await using server = await fakeServer((response) => (resets-- > 0 ? void response.socket?.resetAndDestroy() : void response.end()));
    await using tested = managerOf(server.url);
    await tested.manager.service.insert({ ...insert, clickhouse_settings: { insert_deduplication_token: 'batch-1' } });
    expect(server.requests.map((request) => /insert_deduplication_token=([\w-]+)/.exec(request)?.[1])).toEqual(['batch-1', 'batch-1']);
  });

  it('fault 6: that the server closes just before a query uses it causes a second attempt of this query only', async () => {
    await using server = await fakeServer(ok);
    await using proxy = await toxicProxy(server.url);
    await using tested = managerOf(proxy.url);
    await (await tested.manager.service.query(selectOne)).json();
    await proxy.setToxic({ kind: 'cut', afterBytes: 0, by: 'end' });
    const read = tested.manager.service.query(selectOne).then((result) => result.json());
    await expect.poll(() => proxy.accepted).toBeGreaterThan(0);
    await proxy.setToxic(undefined);
    expect(await read).toEqual([{ n: 1 }]);
  });

  it('fault 6: with a short keep-alive timeout is closed before the server closes it, and one with a long timeout is kept', async () => {
    const read = async (keepAlive: string) => {
      const server = await fakeServer((response) => ok(response.setHeader('keep-alive', keepAlive)));
      const tested = managerOf(server.url);
      await (await tested.manager.service.query(selectOne)).json();
      await expect.poll(() => tested.manager.stats.sockets).toEqual({ busy: 0, idle: 1 });
      return { server, tested };
    };
    const [short, long] = await Promise.all([read('max=100, timeout=2'), read('timeout=10')]);
    const since = performance.now();
    await expect.poll(() => short.tested.manager.stats.sockets.idle, { timeout: 1_900 }).toBe(0);
    expect(performance.now() - since).toBeGreaterThan(500);
    expect(long.tested.manager.stats.sockets.idle).toBe(1);
    for (const { server, tested } of [short, long]) {
      expect(await (await tested.manager.service.query(selectOne)).json()).toEqual([{ n: 1 }]);
      await tested[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    }
  });

  it('fault 6: with a keep-alive timeout of at most one second is not kept, with one warning for each server', async () => {
    await using server = await fakeServer((response) => ok(response.setHeader('keep-alive', 'timeout=1')));
    await using other = await fakeServer((response) => ok(response.setHeader('keep-alive', 'timeout=1')));
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    try {
      for (const { url } of [server, server, other]) {
        await using tested = managerOf(url);
        for (let read = 0; read < 2; read++) {
          await (await tested.manager.service.query(selectOne)).json();
          await expect.poll(() => tested.manager.stats.sockets).toEqual({ busy: 0, idle: 0 });
        }
      }
      expect(warn.mock.calls).toEqual([
        [expect.stringContaining(`${server.url} closes idle connections after 1000 ms`), 'ClickHouseSsotWarning'],
        [expect.stringContaining(`${other.url} closes idle connections after 1000 ms`), 'ClickHouseSsotWarning'],
      ]);
    } finally {
      warn.mockRestore();
    }
  });

  it('fault 10: with a result that is never read is reported with the call of the statement, and a drain closes it', async () => {
    await using server = await fakeServer((response) => void response.write('{"n":1}\n'));
    const reports: LeakReport[] = [];
    await using tested = managerOf(server.url, { options: { leakDetectionThresholdMs: 20, onLeak: (report) => reports.push(report) } });
    await tested.manager.service.query(selectOne);
    await expect.poll(() => reports.length).toBe(1);
    expect(reports[0]?.acquiredAt).toContain('wire.test.ts');
    await tested.manager.drain({ timeoutMs: 10 });
    await expect.poll(() => tested.manager.stats.inUse).toBe(0);
  });

  it('fault 14: that is rotated under load fails no query, and running queries end on their old client', async () => {
    await using server = await fakeServer((response) => void setTimeout(() => ok(response), 5));
    await using tested = managerOf(server.url);
    let isStopped = false;
    let reads = 0;
    const readers = Array.from({ length: 8 }, async () => {
      while (!isStopped) {
        expect(await (await tested.manager.service.query(selectOne)).json()).toEqual([{ n: 1 }]);
        reads++;
      }
    });
    for (let rotation = 0; rotation < 3; rotation++) await tested.manager.rotate();
    isStopped = true;
    await Promise.all(readers);
    expect(reads).toBeGreaterThan(8);
    expect(tested.manager.stats).toMatchObject({ created: 4, inUse: 0 });
  });

  it('fault 31: to a flapping endpoint is rarely used, and the other endpoints carry the load', async () => {
    await using steady = await fakeServer(ok);
    await using flapping = await fakeServer(ok);
    await using proxy = await toxicProxy(flapping.url);
    await using tested = managerOf(`${proxy.url},${steady.url}`, { options: { breaker: { minimumCalls: 3, openDurationMs: 20 } } });
    for (let turn = 0; turn < 20; turn++) {
      await proxy.setToxic(turn % 2 === 0 ? { kind: 'refuse' } : undefined);
      for (let read = 0; read < 10; read++) expect(await (await tested.manager.service.query(selectOne)).json()).toEqual([{ n: 1 }]);
    }
    expect(steady.requests.length).toBeGreaterThan(100);
  });

  it('fault 5: that is reset while it is idle affects no statement', async () => {
    await using server = await fakeServer(ok);
    await using proxy = await toxicProxy(server.url);
    await using tested = managerOf(proxy.url);
    for (const accepted of [1, 2]) {
      expect(await (await tested.manager.service.query(selectOne)).json()).toEqual([{ n: 1 }]);
      expect(proxy.accepted).toBe(accepted);
      await proxy.setToxic({ kind: 'refuse' });
      await proxy.setToxic(undefined);
      // The client processes the reset in a later turn of the event loop.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });

  it('fault 7: that is accepted and never answered fails at the request timeout', async () => {
    await using server = await fakeServer(ok);
    await using proxy = await toxicProxy(server.url);
    await using tested = managerOf(proxy.url, { input: { requestTimeoutMs: 50 } });
    await proxy.setToxic({ kind: 'silence' });
    const failure = await failureOf(tested.manager.service.query(selectOne));
    expect(failure).toBeInstanceOf(TimeoutError);
    expect(outcomeOf(failure)).toBe('unknown');
    await proxy.setToxic(undefined);
    expect(await (await tested.manager.service.query(selectOne)).json()).toEqual([{ n: 1 }]);
  });

  it.each([
    ['the connect timeout', { connectTimeoutMs: 50, requestTimeoutMs: 400 }],
    ['the request timeout, if that is shorter', { connectTimeoutMs: 5_000, requestTimeoutMs: 50 }],
  ])('fault 7: that never completes the TLS handshake fails at %s, and an insert has the outcome never-sent', async (_, input) => {
    await using listener = await silentListener();
    await using tested = managerOf(listener.url.replace('http:', 'https:'), { input, options: { retry: false } });
    const started = performance.now();
    const failure = await failureOf(tested.manager.service.insert(insert));
    expect(failure).toMatchObject({ code: 'CONNECT_FAILED', systemCode: 'ETIMEDOUT', retryable: true });
    expect(outcomeOf(failure)).toBe('never-sent');
    expect(performance.now() - started).toBeLessThan(350);
  });

  it('fault 8: that is not accepted, since the listen backlog is full, fails at the connect timeout, long before the request timeout', async () => {
    await using hole = await blackHole();
    await using tested = managerOf(hole.url, { input: { requestTimeoutMs: 30_000, connectTimeoutMs: 50 }, options: { retry: false } });
    const failure = await failureOf(tested.manager.service.insert(insert));
    expect(failure).toMatchObject({ code: 'CONNECT_FAILED', systemCode: 'ETIMEDOUT' });
    expect(outcomeOf(failure)).toBe('never-sent');
  });

  it('fault 9: that delivers slowly is terminated at the deadline, although no pause reaches the request timeout', async () => {
    await using server = await fakeServer((response) => void response.end('{"n":1}\n'.repeat(10_000)));
    await using proxy = await toxicProxy(server.url);
    await using tested = managerOf(proxy.url, { input: { deadlineMs: 200 } });
    await proxy.setToxic({ kind: 'bandwidth', bytesPerSecond: 20_000 });
    const failure = await failureOf(tested.manager.service.query(selectOne).then((result) => result.json()));
    expect(failure).toMatchObject({ code: 'DEADLINE_EXCEEDED', phase: 'running' });
    expect(tested.manager.stats.inUse).toBe(0);
  });

  it('fault 15: to a host name that does not resolve fails, and succeeds once the name resolves', async () => {
    await using server = await fakeServer(ok);
    await using tested = managerOf(server.url.replace('127.0.0.1', 'localhost'));
    const lookup = vi.spyOn(dns, 'lookup').mockImplementation((...args: unknown[]) => {
      const callback = args.at(-1);
      const notFound = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' });
      if (typeof callback === 'function') queueMicrotask(() => void Reflect.apply(callback, undefined, [notFound]));
    });
    try {
      const failure = await failureOf(tested.manager.service.query(selectOne));
      expect(failure).toBeInstanceOf(ConnectError);
      expect(failure.retryable).toBe(true);
      expect(lookup).toHaveBeenCalled();
    } finally {
      lookup.mockRestore();
    }
    expect(await (await tested.manager.service.query(selectOne)).json()).toEqual([{ n: 1 }]);
    expect(tested.manager.stats.created).toBe(1);
  });

  it('fault 16: with TLS to a port without TLS fails and is not retried', async () => {
    await using server = await fakeServer(ok);
    await using tested = managerOf(server.url.replace('http:', 'https:'));
    const failure = await failureOf(tested.manager.service.query(selectOne));
    expect(isConnectError(failure)).toBe(true);
    expect(failure).toMatchObject({ isTls: true, retryable: false });
    expect(server.requests).toEqual([]);
  });
});

/** Returns a stream of rows that fails with a connection error of its own source. */
function failingStream(code: string): Readable {
  const values = async function* () {
    for (let n = 0; n < 100; n++) yield { n };
    await new Promise(setImmediate);
    throw Object.assign(new Error('The source of the stream failed.'), { code, syscall: 'connect', port: 1 });
  };
  return Readable.from(values());
}

/** Sends the bytes in chunks of this size, each as a packet of its own. */
async function sendInChunks(response: ServerResponse, bytes: Buffer, size: number): Promise<void> {
  response.socket?.setNoDelay(true);
  for (let at = 0; at < bytes.length; at += size) {
    await new Promise((sent) => response.write(bytes.subarray(at, at + size), sent));
    await new Promise(setImmediate);
  }
  response.end();
}

describe('a response', () => {
  it.each([
    ['a page of a proxy', 502, '<html><body>Bad gateway</body></html>'],
    ['an empty error', 500, ''],
    ['a redirect', 302, '<a href="/login">Found</a>'],
  ])('fault 12: that is %s fails as a gateway error, without the text of the page', async (_, status, body) => {
    await using server = await fakeServer((response) => response.writeHead(status, { location: '/login' }).end(body));
    await using tested = managerOf(server.url);
    const failure = await failureOf(tested.manager.service.query(selectOne));
    expect(failure).toBeInstanceOf(GatewayError);
    expect(failure.message).not.toContain('<');
    expect(tested.manager.stats.inUse).toBe(0);
  });

  it.each([503, 429])('fault 11: of HTTP %s with a Retry-After is retried after that pause', async (status) => {
    let refusals = 1;
    await using server = await fakeServer((response) =>
      refusals-- > 0 ? void response.writeHead(status, { 'retry-after': '1' }).end('Try again later.') : ok(response),
    );
    await using tested = managerOf(server.url);
    const started = performance.now();
    expect(await (await tested.manager.service.query(selectOne)).json()).toEqual([{ n: 1 }]);
    expect(performance.now() - started).toBeGreaterThanOrEqual(1_000);
    expect(server.requests.length).toBe(2);
  });

  it('fault 11: of HTTP 503 with a Retry-After beyond the deadline is not retried', async () => {
    await using server = await fakeServer((response) => void response.writeHead(503, { 'retry-after': '60' }).end('Try again later.'));
    await using tested = managerOf(server.url, { input: { deadlineMs: 5_000 } });
    expect(await failureOf(tested.manager.service.query(selectOne))).toMatchObject({
      kind: 'OverloadedError',
      httpStatus: 503,
      retryAfterMs: 60_000,
      attempts: 1,
    });
  });

  it.each<readonly [string, (response: ServerResponse) => void]>([
    [
      'shorter than its content-length',
      (response) => void response.writeHead(200, { 'content-length': 100 }).write('{"n":1}\n', () => response.destroy()),
    ],
    ['not HTTP', (response) => void response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n')],
    [
      'cut in the middle of a chunk',
      (response) => void response.socket?.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{"n":1}\n'),
    ],
  ])('fault 17: that is %s fails as a lost connection', async (_, answer) => {
    await using server = await fakeServer(answer);
    await using tested = managerOf(server.url);
    const failure = await failureOf(tested.manager.service.query(selectOne).then((result) => result.json()));
    expect(failure instanceof StreamError ? failure.cause : failure).toBeInstanceOf(ConnectionLostError);
    await expect.poll(() => tested.manager.stats.inUse).toBe(0);
  });

  it.each([
    ['a body that ends inside a row', '{"n":1}\n{"n":2', 'CONNECTION_LOST'],
    ['a page', '<html>Welcome</html>', 'GATEWAY_FAILED'],
    ['a page of several lines', '<html>\nWelcome\n</html>\n', 'CONNECTION_LOST'],
  ])('fault 17: of status 200 with %s is a failure, and none of it is data', async (_, body, code) => {
    await using server = await fakeServer((response) => void response.end(body));
    await using tested = managerOf(server.url);
    const read = async (format: 'JSONEachRow' | 'JSONCompactEachRow') =>
      failureOf(tested.manager.service.query({ query: 'SELECT 1', format }).then((result) => result.json()));
    expect(await read('JSONEachRow')).toMatchObject({ code: 'STREAM_FAILED', cause: { code } });
    expect(await read('JSONCompactEachRow')).toMatchObject({ code: 'STREAM_FAILED', cause: { code } });
    expect(tested.manager.stats.inUse).toBe(0);
  });

  const exception = 'Code: 241. DB::Exception: Memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)';
  const tagged = (tag: string) => `\r\n__exception__\r\n${tag}\r\n${exception}\n${exception.length + 1} ${tag}\r\n__exception__\r\n`;
  const rows = '{"n":1}\n{"n":2}\n';

  it.each<readonly [string, Record<string, string>, string]>([
    ['an old server, unmarked', {}, `${rows}${exception} (version 18.16.1)\n`],
    ['an old server, as the value of a row', {}, `${rows}{"exception": "${exception}"}\n`],
    ['a new server, marked', { 'x-clickhouse-exception-tag': 'abcdefghijklmnop' }, `${rows}${tagged('abcdefghijklmnop')}`],
  ])(
    'fault 18: that ends with an exception of %s fails with packets of any size, with all rows before it and no others',
    async (_, headers, body) => {
      const bytes = Buffer.from(body);
      for (let size = 1; size <= bytes.length; size += size < 40 ? 13 : 60) {
        await using server = await fakeServer((response) => void sendInChunks(response.writeHead(200, headers), bytes, size));
        await using tested = managerOf(server.url);
        const { service } = tested.manager;
        const expected = { code: 'STREAM_FAILED', cause: { clickhouseCode: 241 } };
        expect(await failureOf(service.query(selectOne).then((result) => result.json())), `json in chunks of ${size}`).toMatchObject(
          expected,
        );
        expect(await failureOf(service.query(selectOne).then((result) => result.text())), `text in chunks of ${size}`).toMatchObject(
          expected,
        );
        const delivered: string[] = [];
        const streamed = service.query(selectOne).then(async (result) => {
          for await (const chunk of result.stream()) delivered.push(...chunk.map(({ text }) => text));
        });
        expect(await failureOf(streamed), `stream in chunks of ${size}`).toMatchObject(expected);
        expect(['{"n":1}', '{"n":2}'].slice(0, delivered.length)).toEqual(delivered);
        expect(await failureOf(service.exec({ query: 'SELECT 1 FORMAT JSONEachRow' }).then(({ stream }) => text(stream)))).toMatchObject(
          expected,
        );
        expect(tested.manager.stats.inUse).toBe(0);
      }
    },
  );

  it.each([
    ['JSONCompactEachRow', '[1, "x"]\n[2, "y"]\n', `["${exception}"]\n`],
    ['JSONCompactStringsEachRowWithNames', '["a"]\n["x"]\n', `["${exception}"]\n`],
    ['JSONEachRowWithProgress', '{"row":{"n":1}}\n{"row":{"n":2}}\n', `{"exception":"${exception}"}\n`],
  ] as const)('fault 18: that ends with an exception as a row of %s fails, and the row is not delivered', async (format, before, last) => {
    const bytes = Buffer.from(before + last);
    for (const size of [7, before.length, bytes.length]) {
      await using server = await fakeServer((response) => void sendInChunks(response, bytes, size));
      await using tested = managerOf(server.url);
      const { service } = tested.manager;
      const expected = { code: 'STREAM_FAILED', cause: { clickhouseCode: 241 } };
      const query = () => service.query({ query: 'SELECT 1', format });
      expect(await failureOf(query().then((result) => result.json()))).toMatchObject(expected);
      expect(await failureOf(query().then((result) => result.text()))).toMatchObject(expected);
      expect(await failureOf(service.exec({ query: `SELECT 1 FORMAT ${format}` }).then(({ stream }) => text(stream)))).toMatchObject(
        expected,
      );
      const delivered: string[] = [];
      const streamed = query().then(async (result) => {
        for await (const chunk of result.stream()) delivered.push(...chunk.map((row) => row.text));
      });
      expect(await failureOf(streamed)).toMatchObject(expected);
      expect(before.startsWith(delivered.map((row) => `${row}\n`).join(''))).toBe(true);
    }
  });

  it('fault 18: with a column of exception texts is delivered completely', async () => {
    const log = `{"exception":"${exception} (version 18.16.1)"}\n`.repeat(5_000);
    await using server = await fakeServer((response) => void response.end(log));
    await using tested = managerOf(server.url);
    const result = await tested.manager.service.query(selectOne);
    let delivered = 0;
    for await (const chunk of result.stream()) delivered += chunk.length;
    expect(delivered).toBe(5_000);
  });

  it('fault 18: to a command with progress headers is read to its end, since an exception may follow status 200', async () => {
    await using server = await fakeServer((response) => void response.end(`${exception} (version 18.16.1)\n`));
    await using tested = managerOf(server.url);
    const command = { query: 'INSERT INTO a SELECT * FROM b', clickhouse_settings: { send_progress_in_http_headers: 1 } } as const;
    expect(await failureOf(tested.manager.service.command(command))).toMatchObject({ kind: 'ResourceLimitError', clickhouseCode: 241 });
    expect(tested.manager.stats.inUse).toBe(0);
  });

  it.each(['command', 'exec', 'query', 'insert'] as const)(
    'fault 9: to a %s that stops after its headers is terminated at the deadline',
    async (operation) => {
      await using server = await fakeServer((response) => void response.writeHead(200).write(' '));
      await using tested = managerOf(server.url, { input: { deadlineMs: 200 } });
      const { service } = tested.manager;
      const calls = {
        command: () => service.command({ query: 'SYSTEM FLUSH LOGS' }),
        exec: () => service.exec({ query: 'SELECT 1' }).then(({ stream }) => text(stream)),
        query: () => service.query(selectOne).then((result) => result.json()),
        insert: () => service.insert({ table: 't', values: [{ n: 1 }], format: 'JSONEachRow' }),
      };
      const started = performance.now();
      const failure = await failureOf(calls[operation]());
      expect(failure).toMatchObject({ code: 'DEADLINE_EXCEEDED', phase: 'running' });
      expect(performance.now() - started).toBeLessThan(5_000);
      expect(tested.manager.stats.inUse).toBe(0);
    },
  );

  it('fault 18: that is compressed, ends with an exception and is not read does not crash the process', async () => {
    const body = gzipSync(`${rows}${exception} (version 18.16.1)\n`);
    await using server = await fakeServer((response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(body));
    await using tested = managerOf(server.url, { input: { compressResponses: true } });
    const result = await tested.manager.service.query(selectOne);
    await expect.poll(() => tested.manager.stats.inUse).toBe(0);
    expect(await failureOf(result.json())).toMatchObject({ code: 'STREAM_FAILED', cause: { clickhouseCode: 241 } });
  });

  it('fault 18: to an insert reports its exception although progress headers were requested', async () => {
    await using server = await fakeServer((response, request) => {
      if (request.url?.includes('send_progress_in_http_headers=1')) response.end(exception);
      else response.writeHead(500).end(exception);
    });
    await using tested = managerOf(server.url, { input: { settings: { send_progress_in_http_headers: 1 } } });
    const { service } = tested.manager;
    expect(await failureOf(service.insert(insert))).toMatchObject({ clickhouseCode: 241 });
    expect(await failureOf(service.command({ query: 'INSERT INTO a SELECT 1' }))).toMatchObject({ clickhouseCode: 241 });
  });

  it('fault 18: with thousands of rows that look like an exception is delivered as data', async () => {
    const log = 'Code: 241 was the answer\n'.repeat(5_000);
    await using server = await fakeServer((response) => void response.end(log));
    await using tested = managerOf(server.url);
    const result = await tested.manager.service.query({ query: 'SELECT line FROM log', format: 'TabSeparated' });
    let delivered = 0;
    for await (const chunk of result.stream()) delivered += chunk.length;
    expect(delivered).toBe(5_000);
  });

  it('fault 4: to a streamed insert whose source fails is no failure of the server', async () => {
    await using server = await fakeServer(ok);
    await using tested = managerOf(server.url, { options: { breaker: { minimumCalls: 3 } } });
    for (const code of ['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'ECONNRESET'])
      expect(
        await failureOf(tested.manager.service.insert({ table: 't', values: failingStream(code), format: 'JSONEachRow' })),
      ).toMatchObject({ code: 'AMBIGUOUS_WRITE', cause: { code: 'UNCLASSIFIED', cause: { code } } });
    expect(tested.manager.health()).toMatchObject({ status: 'unknown', endpoints: [{ breaker: 'closed' }] });
  });

  it('fault 17: that the network ends early without an error fails as a lost connection', async () => {
    await using server = await fakeServer((response) => void response.end('{"n":1}\n'.repeat(1_000)));
    await using proxy = await toxicProxy(server.url);
    await using tested = managerOf(proxy.url);
    await proxy.setToxic({ kind: 'cut', afterBytes: 1_000, by: 'end' });
    expect(await failureOf(tested.manager.service.query(selectOne).then((result) => result.json()))).toMatchObject({
      code: 'STREAM_FAILED',
      cause: { code: 'CONNECTION_LOST' },
    });
    expect(tested.manager.stats.inUse).toBe(0);
  });
});
