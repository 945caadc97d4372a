import { randomBytes } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  type ClickHouseService,
  loadClickHouseConfig,
  outcomeOf,
  parseFailure,
} from '../../../runtime/src/index.js';
import { fakeServer } from '../harness/fake-server.js';

const exception = 'Code: 395. DB::Exception: boom. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO) (version 24.8.3.59 (official build))\n';
const tag = 'kbpqhjwqzxmnvtrs';
const frame = `\r\n__exception__\r\n${tag}\r\n${exception}${Buffer.byteLength(exception)} ${tag}\r\n__exception__\r\n`;
/** Not compressible, so that the compressed text is longer than what is kept of a body. */
const manyRows = `${randomBytes(200_000).toString('hex').replaceAll(/.{20}/g, '$&\n')}\n`;
const own = { 'x-clickhouse-query-id': 'a', 'x-clickhouse-server-display-name': 'b' };
const progress = { ...own, 'x-clickhouse-progress': '{"read_rows":"1"}' };
const html = { 'content-type': 'text/html; charset=utf-8' };
const insert = { table: 'a', values: [{ a: 1 }], format: 'JSONEachRow' } as const;

const writes: Record<string, (service: ClickHouseService) => Promise<unknown>> = {
  'a command': (service) => service.command({ query: 'INSERT INTO a SELECT 1' }),
  'an insert': (service) => service.insert(insert),
  'a streamed insert': (service) => service.insert({ ...insert, values: Readable.from([{ a: 1 }]) }),
};

/** Runs a statement at a server that gives this response. Returns its failure, or undefined. */
async function failureOf(
  status: number,
  headers: OutgoingHttpHeaders,
  body: string | Buffer,
  run: (service: ClickHouseService) => Promise<unknown>,
): Promise<unknown> {
  await using server = await fakeServer((response) => void response.writeHead(status, headers).end(body));
  const config = loadClickHouseConfig({ url: server.url }, {});
  const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory(), retry: false });
  const failure: unknown = await run(manager.service).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(manager.stats.inUse).toBe(0);
  await manager.close();
  return failure;
}

describe.each(Object.keys(writes))('the response of status 200 to %s', (name) => {
  const run = writes[name] ?? (() => Promise.reject(new Error(name)));

  it.each<readonly [string, OutgoingHttpHeaders, string | Buffer]>([
    ['after progress headers', progress, exception],
    ['without headers of ClickHouse', {}, exception],
    ['compressed', { ...progress, 'content-encoding': 'gzip' }, gzipSync(exception)],
    ['after other text', progress, `1\n2\n${exception}`],
    ['after rows, without progress headers', own, `1\n2\n${exception}`],
    ['after many rows, compressed', { ...own, 'content-encoding': 'gzip' }, gzipSync(manyRows + exception)],
    ['after many rows, compressed by Brotli', { ...own, 'content-encoding': 'br' }, brotliCompressSync(manyRows + exception)],
    ['in a frame', { ...own, 'x-clickhouse-exception-tag': tag }, `1\n2\n${frame}`],
    ['as the last row', { ...own, 'x-clickhouse-format': 'JSONEachRow' }, `{"a":1}\n{"exception": ${JSON.stringify(exception)}}\n`],
  ])('is a refusal if the body has an exception, %s', async (_, headers, body) => {
    const failure = await failureOf(200, headers, body, run);
    expect(failure).toMatchObject({ code: '395', clickhouseCode: 395 });
    expect(outcomeOf(parseFailure(failure))).toBe('refused');
  });

  it.each<readonly [string, number, OutgoingHttpHeaders, string]>([
    ['a page', 200, html, '<html>please log in</html>'],
    ['a page without a content type', 200, {}, '<!DOCTYPE html>\n<p>please log in</p>'],
    ['no content', 204, {}, ''],
    ['a receipt', 202, {}, 'queued'],
    ['a document', 200, { 'content-type': 'application/json' }, '{"login":"/sso"}'],
  ])('is an answer of something else if it is %s', async (_, status, headers, body) => {
    const failure = await failureOf(status, headers, body, run);
    expect(failure).toMatchObject({ code: 'GATEWAY_FAILED', httpStatus: status });
    expect(outcomeOf(parseFailure(failure))).toBe('refused');
  });

  it.each<readonly [string, OutgoingHttpHeaders, string]>([
    ['headers of ClickHouse', own, ''],
    ['progress headers', progress, ''],
    ['no headers of ClickHouse, which a proxy may remove', {}, ''],
    ['text after headers of ClickHouse', own, 'some text\n'],
    ['rows of which the first one quotes an exception', own, `${exception}1\n`],
    ['an exception in a row, if the server marks exceptions', { ...own, 'x-clickhouse-exception-tag': tag }, `1\n${exception}`],
    ['plain text, which proves nothing', {}, 'some text\n'],
  ])('is a success with %s', async (_, headers, body) => {
    expect(await failureOf(200, headers, body, run)).toBeUndefined();
  });
});

it('a command with a result succeeds, also if a proxy removes the headers of ClickHouse', async () => {
  expect(await failureOf(200, {}, '1\n', (service) => service.command({ query: 'SHOW TABLES' }))).toBeUndefined();
});

it.each([1, '1', true, 'true'])('an exception after progress headers that are configured as %o is a refusal', async (value) => {
  const clickhouse_settings = Object.fromEntries([['send_progress_in_http_headers', value]]);
  const failure = await failureOf(200, {}, exception, (service) => service.command({ query: 'OPTIMIZE TABLE a', clickhouse_settings }));
  expect(failure).toMatchObject({ clickhouseCode: 395 });
});

describe('a page in place of a result', () => {
  it.each<readonly [string, (service: ClickHouseService) => Promise<unknown>]>([
    ['query', (service) => service.query({ query: 'SELECT 1', format: 'JSONEachRow' })],
    ['exec', (service) => service.exec({ query: 'SELECT 1' })],
  ])('fails %s before any row', async (_, run) => {
    const failure = await failureOf(200, html, '<html>please log in</html>', run);
    expect(failure).toMatchObject({ code: 'GATEWAY_FAILED', httpStatus: 200 });
    expect(await failureOf(204, {}, '', run)).toMatchObject({ code: 'GATEWAY_FAILED', httpStatus: 204 });
  });

  it('is the result if ClickHouse sends it', async () => {
    const read = (service: ClickHouseService) =>
      service.exec({ query: 'SELECT page FORMAT RawBLOB' }).then(async ({ stream }) => expect(await text(stream)).toBe('<html></html>'));
    expect(await failureOf(200, { ...own, ...html }, '<html></html>', read)).toBeUndefined();
  });
});

describe('ignore_error_response', () => {
  it.each<readonly [string, OutgoingHttpHeaders, string | Buffer]>([
    ['plain', own, exception],
    ['compressed', { ...own, 'content-encoding': 'gzip' }, gzipSync(exception)],
  ])('of exec() returns the error of the server as it is: %s', async (_, headers, body) => {
    const run = async (service: ClickHouseService) => {
      const params = { query: 'invalid', ignore_error_response: true, decompress_response_stream: true };
      const { stream, http_status_code } = await service.exec(params);
      expect([http_status_code, await text(stream)]).toEqual([400, exception]);
    };
    expect(await failureOf(400, headers, body, run)).toBeUndefined();
  });

  it('of command() ignores the error', async () => {
    const run = (service: ClickHouseService) => service.command({ query: 'invalid', ignore_error_response: true });
    expect(await failureOf(400, own, exception, run)).toBeUndefined();
  });
});

describe('a write whose request is not observed', () => {
  const command = { query: 'OPTIMIZE TABLE a' };

  it('fails with a page, at a client that has answered a statement itself', async () => {
    await using server = await fakeServer((response) => void response.writeHead(200, html).end('<html>please log in</html>'));
    const factory = new ClickHouseConnectionFactory({
      onCreate: (client) => {
        const send = client.command.bind(client);
        client.command = (params) => (params.query === 'cached' ? Promise.resolve(cached) : send(params));
      },
    });
    const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig({ url: server.url }, {}), factory, retry: false });
    await manager.service.command({ query: 'cached' });
    const attempts = Array.from({ length: 5 }, async (_, index) =>
      index % 2 === 0 ? manager.service.command(command) : manager.service.command({ query: 'cached' }),
    );
    const results = await Promise.allSettled(attempts);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled', 'rejected']);
    await manager.close();
  });

  it('fails with a page, beside another write of the same query id', async () => {
    const run = (service: ClickHouseService) =>
      Promise.allSettled([service.command({ ...command, query_id: 'same' }), service.command({ ...command, query_id: 'same' })]).then(
        (results) => expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']),
      );
    expect(await failureOf(200, html, '<html>please log in</html>', run)).toBeUndefined();
  });

  const cached = { query_id: 'cached', response_headers: {}, http_headers: {} };
});
