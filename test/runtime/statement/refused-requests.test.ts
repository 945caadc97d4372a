import { describe, expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  loadClickHouseConfig,
  outcomeOf,
  parseFailure,
} from '../../../runtime/src/index.js';
import { fakeServer } from '../harness/fake-server.js';
import { rawServer } from '../harness/raw-server.js';

function managerAt(url: string): ClickHouseConnectionManager {
  return new ClickHouseConnectionManager({
    config: loadClickHouseConfig({ url }, {}),
    factory: new ClickHouseConnectionFactory(),
    retry: { initialDelayMs: 0 },
  });
}

const row = { table: 't', values: [{ a: 1 }], format: 'JSONEachRow' } as const;

describe('a request that is refused without an error of ClickHouse', () => {
  it.each([301, 302, 307, 400, 402, 404, 405, 406, 407, 411, 413, 414, 415, 417, 421, 422, 426, 431, 451])(
    'with HTTP %i is sent once, does not count for the breaker, and did not run',
    async (status) => {
      await using server = await fakeServer((response) => void response.writeHead(status).end());
      const manager = managerAt(server.url);
      const failures = [];
      for (let calls = 0; calls < 12; calls++) failures.push(await manager.service.query({ query: 'SELECT 1' }).catch(parseFailure));
      failures.push(await manager.service.insert(row).catch(parseFailure));
      expect(server.requests).toHaveLength(13);
      for (const failure of failures) {
        expect(failure).toMatchObject({ code: 'GATEWAY_FAILED', retryable: false, httpStatus: status, attempts: 1 });
        expect('code' in failure && outcomeOf(failure)).toBe('refused');
      }
      expect(manager.health().status).toBe('ready');
      await manager.close();
    },
  );

  it.each([408, 425, 500, 502, 504])('with HTTP %i may have run: a read is repeated, a write is ambiguous', async (status) => {
    await using server = await fakeServer((response) => void response.writeHead(status).end('<html>'));
    const manager = managerAt(server.url);
    await expect(manager.service.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: 'GATEWAY_FAILED', attempts: 3 });
    await expect(manager.service.insert(row)).rejects.toMatchObject({ code: 'AMBIGUOUS_WRITE' });
    expect(server.requests).toHaveLength(4);
    await manager.close();
  });

  it('says what to do about a URL or a body that is too large', async () => {
    const messages = [];
    for (const status of [400, 413, 414, 431]) {
      await using server = await fakeServer((response) => void response.writeHead(status).end());
      const manager = managerAt(server.url);
      messages.push(await manager.service.insert(row).catch((error: unknown) => String(error)));
      await manager.close();
    }
    expect(messages).toEqual([
      expect.stringContaining('query_params'),
      expect.stringContaining('smaller pieces'),
      expect.stringContaining('query_params'),
      expect.stringContaining('http_headers'),
    ]);
  });

  it('keeps its status if the connection is reset while the body is sent', async () => {
    await using server = await rawServer((socket) => {
      socket.write('HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n', () => socket.resetAndDestroy());
    });
    const manager = managerAt(server.url);
    const values = Array.from({ length: 1_000 }, () => ({ a: 'x'.repeat(10_000) }));
    const failure = await manager.service.insert({ ...row, values }).catch(parseFailure);
    // Node.js may notice the reset before it reads the answer.
    expect([
      ['GATEWAY_FAILED', 413],
      ['AMBIGUOUS_WRITE', undefined],
    ]).toContainEqual([Reflect.get(failure, 'code'), Reflect.get(failure, 'httpStatus')]);
    await manager.close();
  });
});

describe('a response that is not valid HTTP', () => {
  const header = `X-ClickHouse-Progress: {"read_rows":"${'1'.repeat(200)}"}`;
  it.each([
    [
      'too many headers',
      `HTTP/1.1 200 OK\r\n${Array(120).fill(header).join('\r\n')}\r\n\r\n`,
      'HPE_HEADER_OVERFLOW',
      'max_response_headers_size',
    ],
    ['another protocol', '220 smtp at your service\r\n', 'HPE_INVALID_CONSTANT', 'protocol of the URL'],
    ['an invalid header', 'HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n', 'HPE_INVALID_CONTENT_LENGTH', 'not valid HTTP'],
  ])('is not requested again, does not count for the breaker, and says what to do: %s', async (_, answer, systemCode, advice) => {
    let requests = 0;
    await using server = await rawServer((socket) => {
      requests++;
      socket.end(answer);
    });
    const manager = managerAt(server.url);
    for (let calls = 0; calls < 12; calls++)
      await expect(manager.service.query({ query: 'SELECT 1' })).rejects.toMatchObject({
        code: 'CONNECTION_LOST',
        systemCode,
        retryable: false,
        message: expect.stringContaining(advice) as unknown,
      });
    expect([requests, manager.health().status]).toEqual([12, 'unknown']);
    await expect(manager.service.insert({ ...row, clickhouse_settings: { insert_deduplication_token: 'a' } })).rejects.toMatchObject({
      code: 'AMBIGUOUS_WRITE',
    });
    await manager.close();
  });
});
