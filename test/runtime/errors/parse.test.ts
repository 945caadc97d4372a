import { createServer } from 'node:net';
import { Readable } from 'node:stream';
import { ClickHouseError } from '@clickhouse/client';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { loadClickHouseConfig } from '../../../runtime/src/config/config.js';
import {
  type ClickHouseSsotError,
  type FailureContext,
  GatewayError,
  parseFailure,
  parseResultTail,
  ServerError,
  StatementError,
} from '../../../runtime/src/errors/index.js';
import { parseUnsentFailure } from '../../../runtime/src/errors/parse.js';
import { nameOfCode } from '../../../runtime/src/errors/server-code-names.js';
import { ClickHouseConnectionFactory } from '../../../runtime/src/client/factory.js';
import { ClickHouseConnectionManager } from '../../../runtime/src/manager/manager.js';
import { fakeServer } from '../harness/fake-server.js';

// The official client logs each failure.
vi.spyOn(console, 'error').mockImplementation(() => undefined);

const query = "SELECT 'Timeout error.', 'Code: 516. DB::Exception: no'";

/** Returns the failure of a query by the official client at this URL, parsed. */
async function failureAt(url: string, context?: FailureContext, signal?: AbortSignal): Promise<ClickHouseSsotError> {
  const factory = new ClickHouseConnectionFactory();
  const client = await factory.create(loadClickHouseConfig({ url, requestTimeoutMs: 100 }, {}));
  try {
    const result = await client.query({ query, ...(signal && { abort_signal: signal }) });
    await result.text();
    throw new Error('The statement succeeded.');
  } catch (error) {
    return parseFailure(error, context);
  } finally {
    await factory.close();
  }
}

async function failureOf(
  status: number,
  body: string,
  headers: Record<string, string> = {},
  context?: FailureContext,
): Promise<ClickHouseSsotError> {
  await using server = await fakeServer((response) => response.writeHead(status, headers).end(body));
  return await failureAt(server.url, context);
}

function systemError(code: string, details: object = {}): Error {
  return Object.assign(new Error(`a ${code}`), { code, ...details });
}

describe('an exception of the server', () => {
  it.each([
    [
      'a new server',
      'Code: 62. DB::Exception: Syntax error: failed at position 1 (SELEC): SELEC 1. Expected one of: SELECT. (SYNTAX_ERROR) (version 26.7.2.1 (official build))\n',
    ],
    [
      'a server of 2018',
      'Code: 62, e.displayText() = DB::Exception: Syntax error: failed at position 1 (line 1, col 1): SELEC 1. Expected one of: (SELECT), e.what() = DB::Exception\n',
    ],
  ])('is recognised by its code: %s', async (_, body) => {
    const failure = await failureOf(400, body);
    expect(failure).toMatchObject({ name: 'ServerError', code: '62', clickhouseCode: 62, retryable: false });
    expect(failure.message).toMatch(/^ClickHouse answered code 62.*Syntax error: failed at position 1/);
    expect(Reflect.get(failure, 'type')).toBe('SYNTAX_ERROR');
  });

  it.each([
    [
      'Code: 62. DB::Exception: Expected one of: (SELECT) (SYNTAX_ERROR) (version 26.7.2.1 (official build))',
      'SYNTAX_ERROR',
      'Expected one of: (SELECT)',
    ],
    [
      'Code: 62, e.displayText() = DB::Exception: Expected one of: (SELECT), e.what() = DB::Exception',
      'SYNTAX_ERROR',
      'Expected one of: (SELECT)',
    ],
    [
      'Code: 62, e.displayText() = DB::Exception: Expected one of: (SELECT) (version 20.8.1.1)',
      'SYNTAX_ERROR',
      'Expected one of: (SELECT)',
    ],
  ])('has the type of its code, and the whole message: %s', (text, type, message) => {
    const failure = parseFailure(new Error(text));
    expect(failure).toMatchObject({ clickhouseCode: 62, type });
    expect(failure.message.endsWith(`: ${message}`)).toBe(true);
  });

  it('is recognised by the code in the header alone', () => {
    expect(parseFailure(new Error('the body is lost'), { headers: { 'x-clickhouse-exception-code': '241' } })).toMatchObject({
      name: 'ResourceLimitError',
      clickhouseCode: 241,
      type: 'MEMORY_LIMIT_EXCEEDED',
    });
  });

  it.each([
    [516, 'AuthenticationError', false],
    [193, 'AuthenticationError', false],
    [164, 'PermissionError', false],
    [202, 'OverloadedError', true],
    [252, 'OverloadedError', true],
    [241, 'ResourceLimitError', false],
    [159, 'ServerTimeoutError', false],
    [373, 'SessionError', false],
    [242, 'ReplicaError', true],
    [394, 'StatementCancelledError', false],
    [319, 'UnknownStatusError', true],
    [60, 'ServerError', false],
  ])('has for code %i the class %s', async (clickhouseCode, name, retryable) => {
    expect(await failureOf(500, `Code: ${clickhouseCode}. DB::Exception: no. (SOME_TYPE) (version 26.7.2.1)`)).toMatchObject({
      name,
      kind: name,
      code: String(clickhouseCode),
      retryable,
      clickhouseCode,
    });
  });

  it('has the type of its code, and not that of the error of the client or of chDB', () => {
    const fromChdb = Object.assign(new Error('cut off at the wrong parenthesis '), {
      code: '62',
      type: 'JSON',
      cause: new Error('Code: 62. DB::Exception: Syntax error near (JSON): here. (SYNTAX_ERROR)'),
    });
    expect(parseFailure(fromChdb)).toMatchObject({
      clickhouseCode: 62,
      type: 'SYNTAX_ERROR',
      cause: fromChdb,
      message: 'ClickHouse answered code 62 (SYNTAX_ERROR): Syntax error near (JSON): here.',
    });
    expect(parseFailure(new ClickHouseError({ code: '202', type: 'WHATEVER', message: 'too many' }))).toMatchObject({
      name: 'OverloadedError',
      type: 'TOO_MANY_SIMULTANEOUS_QUERIES',
    });
    expect(parseFailure(Object.assign(new Error('native'), { code: 'CHDB_QUERY', clickhouseCode: 60 }))).toMatchObject({
      clickhouseCode: 60,
    });
  });

  it('has the name that the engine gives its code, for each code', async () => {
    const factory = new ClickHouseConnectionFactory();
    const engine = await factory.create(loadClickHouseConfig({}, { NODE_ENV: 'test' }));
    const result = await engine.query({
      query: "SELECT number AS code, errorCodeToName(number) AS name FROM numbers(1, 3000) WHERE name != ''",
      format: 'JSONEachRow',
    });
    const codes = await result.json<{ readonly code: number; readonly name: string }>();
    await factory.close();
    expect(codes.length).toBeGreaterThan(600);
    expect(codes.filter(({ code, name }) => nameOfCode(code) !== name)).toEqual([]);
  });

  it('of the embedded engine is parsed like one of a server', async () => {
    const factory = new ClickHouseConnectionFactory();
    const engine = await factory.create(loadClickHouseConfig({}, { NODE_ENV: 'test' }));
    const failures = await Promise.all(
      ['SELEC 1', 'SELECT * FROM nowhere'].map((sql) => engine.command({ query: sql }).catch(parseFailure)),
    );
    await factory.close();
    expect(failures).toMatchObject([
      { clickhouseCode: 62, type: 'SYNTAX_ERROR' },
      { clickhouseCode: 60, type: 'UNKNOWN_TABLE' },
    ]);
  });

  it('may come from a library of the server', () => {
    expect(parseFailure(new Error('Poco::Exception. Code: 1000, e.code() = 111, e.displayText() = Connection refused'))).toMatchObject({
      name: 'ServerError',
      clickhouseCode: 1000,
    });
    expect(parseFailure(new Error('std::exception. Code: 1001, type: std::bad_alloc, e.what() = std::bad_alloc'))).toMatchObject({
      clickhouseCode: 1001,
    });
  });

  it('is not parsed from a text that quotes one', () => {
    const quoting = new Error(
      'Unknown column `Code: 516. DB::Exception: x (AUTHENTICATION_FAILED)`; Timeout error.; The user aborted a request.',
    );
    expect(parseFailure(quoting)).toMatchObject({ code: 'UNCLASSIFIED', cause: quoting });
  });
});

describe('a response that does not come from ClickHouse', () => {
  const page = '<html><body><h1>502 Bad Gateway</h1></body></html>';

  it.each([
    ['a page of a proxy', 502, page],
    ['an empty 500', 500, ''],
    ['a redirect', 302, ''],
  ])('is a GatewayError without its HTML: %s', async (_, status, body) => {
    const failure = await failureOf(status, body, {}, { httpStatus: status });
    expect(failure).toMatchObject({ code: 'GATEWAY_FAILED', httpStatus: status });
    expect(failure.message).not.toContain('<');
    expect(failure instanceof GatewayError && failure.revealBody()).toBe(body);
    // The client does not expose the status.
    expect((await failureOf(status, body)).code).toBe('GATEWAY_FAILED');
  });

  it.each([429, 503])('with HTTP %i is an OverloadedError, with the pause of Retry-After', async (httpStatus) => {
    expect(await failureOf(httpStatus, page, {}, { httpStatus, headers: { 'retry-after': '7' } })).toMatchObject({
      kind: 'OverloadedError',
      code: 'PROXY_ERROR',
      httpStatus,
      retryAfterMs: 7000,
      clickhouseCode: undefined,
    });
  });

  it('may have a Retry-After with a date', () => {
    const past = 'Thu, 01 Jan 2004 00:00:00 GMT';
    expect(parseFailure(new Error(''), { httpStatus: 503, headers: { 'retry-after': past } })).toMatchObject({ retryAfterMs: 0 });
    expect(parseFailure(new Error(''), { httpStatus: 503, headers: { 'retry-after': 'soon' } })).toMatchObject({ retryAfterMs: undefined });
  });

  it.each([401, 403, 429, 503])('with HTTP %i names a proxy in its message', (httpStatus) => {
    const failure = parseFailure(new Error('<html>Try again later.</html>'), { httpStatus, endpoint: 'http://ch:8123' });
    const summary = `A proxy or load balancer in front of http://ch:8123 answered HTTP ${httpStatus}`;
    expect(failure.message).toBe(`${summary}, without a ClickHouse error.`);
    expect(failure.toJSON()).toMatchObject({ message: `${summary}.` });
  });

  it.each([401, 403])('with HTTP %i is an AuthenticationError', (httpStatus) => {
    expect(parseFailure(new Error('no'), { httpStatus })).toMatchObject({ kind: 'AuthenticationError', code: 'PROXY_ERROR', httpStatus });
  });
});

describe('a connection', () => {
  it('that is refused is a ConnectError', async () => {
    expect(await failureAt('http://127.0.0.1:1')).toMatchObject({
      code: 'CONNECT_FAILED',
      systemCode: 'ECONNREFUSED',
      isTls: false,
      retryable: true,
    });
  });

  it('that ends in the TLS handshake is a ConnectError', async () => {
    await using server = await fakeServer((response) => response.end());
    expect(await failureAt(server.url.replace('http:', 'https:'))).toMatchObject({
      code: 'CONNECT_FAILED',
      isTls: true,
      retryable: false,
      message: expect.stringMatching(/does not use TLS on this port: check http:\/\/ or https:\/\/, and the port\.$/) as string,
    });
  });

  it('that is closed after the request is a ConnectionLostError', async () => {
    await using server = await fakeServer((response) => response.destroy());
    expect(await failureAt(server.url)).toMatchObject({ code: 'CONNECTION_LOST', systemCode: 'ECONNRESET' });
  });

  it('with another protocol than HTTP is a ConnectionLostError', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.end('220 smtp at your service\r\n')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    expect(await failureAt(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)).toMatchObject({
      code: 'CONNECTION_LOST',
      systemCode: 'HPE_INVALID_CONSTANT',
    });
    server.close();
  });

  it('without a response is a TimeoutError', async () => {
    await using server = await fakeServer(() => undefined);
    expect(await failureAt(server.url)).toMatchObject({ code: 'TIMED_OUT', retryable: true });
  });

  it.each([
    ['ENOTFOUND', { syscall: 'getaddrinfo' }],
    ['EAI_AGAIN', {}],
    ['EHOSTUNREACH', { syscall: 'connect' }],
    ['ETIMEDOUT', { syscall: 'connect' }],
    ['ECONNRESET', { syscall: 'connect' }],
    ['CERT_HAS_EXPIRED', {}],
    ['ERR_TLS_CERT_ALTNAME_INVALID', {}],
  ])('fails before the statement is sent: %s', (code, details) => {
    expect(parseFailure(systemError(code, details))).toMatchObject({ code: 'CONNECT_FAILED', systemCode: code });
  });

  it.each([
    ['EPIPE', { syscall: 'write' }, 'CONNECTION_LOST'],
    ['ECONNRESET', { syscall: 'read' }, 'CONNECTION_LOST'],
    ['EHOSTUNREACH', { syscall: 'read' }, 'CONNECTION_LOST'],
    ['ETIMEDOUT', { syscall: 'read' }, 'TIMED_OUT'],
    ['ERR_STREAM_PREMATURE_CLOSE', {}, 'CONNECTION_LOST'],
    // Not an error of the connection: of the stream that the caller inserts, for example.
    ['ENOENT', {}, 'UNCLASSIFIED'],
    ['ERR_HTTP_INVALID_HEADER_VALUE', {}, 'UNCLASSIFIED'],
  ])('fails after the statement may have been sent: %s', (code, details, expected) => {
    expect(parseFailure(systemError(code, details)).code).toBe(expected);
  });
});

describe('an aborted statement', () => {
  it('keeps the reason, which the client drops', async () => {
    await using server = await fakeServer(() => undefined);
    const controller = new AbortController();
    const failure = failureAt(server.url, { signal: controller.signal }, controller.signal);
    await server.received(1);
    controller.abort('reason');
    expect(await failure).toMatchObject({ code: 'ABORTED', cause: 'reason' });
  });

  it('is recognised by the default reason of abort(), which has a numeric code', () => {
    expect(parseFailure(AbortSignal.abort().reason).code).toBe('ABORTED');
  });
});

describe('the failure of an attempt of which no byte was sent', () => {
  it.each([
    ['a text of an exception', new Error('Code: 62. DB::Exception: no. (SYNTAX_ERROR)')],
    ['a system error', systemError('ECONNRESET')],
    ['an empty text', new Error('')],
    ['no error', 'text'],
  ])('is an InvalidArgumentError if there was no request, whatever was thrown: %s', (_, cause) => {
    expect(parseUnsentFailure(cause, 'not-made')).toMatchObject({ code: 'INVALID_ARGUMENT', cause, retryable: false });
  });

  it.each([
    ['a reset', systemError('ECONNRESET', { syscall: 'read' })],
    ['an early end', systemError('EPIPE')],
    ['a timeout', new Error('Timeout error.')],
  ])('is a retryable ConnectError if the network failed: %s', (_, cause) => {
    expect(parseUnsentFailure(cause, 'not-sent')).toMatchObject({ code: 'CONNECT_FAILED', cause, retryable: true });
  });

  it('is an InvalidArgumentError for every other error', () => {
    expect(parseUnsentFailure(systemError('ERR_INVALID_ARG_TYPE'), 'not-sent')).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('a result that ends early', () => {
  it('is a StreamError with its cause', () => {
    const failure = parseFailure(new Error('Code: 241. DB::Exception: Memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)'), {
      isStreaming: true,
      rowsDelivered: 7,
      queryId: 'q',
    });
    expect(failure).toMatchObject({
      code: 'STREAM_FAILED',
      rowsDelivered: 7,
      queryId: 'q',
      retryable: false,
      cause: { clickhouseCode: 241 },
    });
    expect(parseFailure(failure, { isStreaming: true })).toBe(failure);
  });

  it.each([
    [
      'a frame of servers since 25.11',
      '{"n":"1"}\n\r\n__exception__\r\nFOOBAR\nCode: 395. DB::Exception: Value passed to throwIf is non-zero. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO) (version 25.12.1.1)\n110 FOOBAR\r\n__exception__\r\n',
      'FOOBAR',
      395,
    ],
    [
      'plain text after the rows',
      '1\n2\nCode: 395. DB::Exception: Value passed to throwIf is non-zero. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO) (version 24.3.1.1 (official build))\n',
      undefined,
      395,
    ],
    [
      'plain text of 2018 within a row',
      '1\n2\n1Code: 158, e.displayText() = DB::Exception: Limit for rows to read exceeded, see (Code: 3), e.what() = DB::Exception\n',
      undefined,
      158,
    ],
    [
      'a row of its own',
      '{"n":"1"}\n{"exception": "Code: 395. DB::Exception: Value \\"x\\" (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO) (version 24.3.1.1)"}\n',
      undefined,
      395,
    ],
    ['a key of the document', '{\n\t"data":\n\t[\n\t],\n\n\t"exception": "Code: 395. DB::Exception: no (SOME_TYPE)"\n}\n', undefined, 395],
  ])('has an exception at its end: %s', (_, tail, tag, clickhouseCode) => {
    expect(parseResultTail(tail, { rowsDelivered: 7, headers: { 'x-clickhouse-exception-tag': tag } })).toMatchObject({
      code: 'STREAM_FAILED',
      rowsDelivered: 7,
      cause: { clickhouseCode },
    });
  });

  it.each([
    ['a complete result', '{"n":"1"}\n', undefined],
    ['a selected log row', '{"exception":"Code: 62. DB::Exception: Syntax error. (SYNTAX_ERROR) (version 24.3.1.1)"}\n', undefined],
    ['a log text before another column', 'Code: 62. DB::Exception: Syntax error. (SYNTAX_ERROR)\t7\n', undefined],
    ['a text like an exception, without the tag of the header', 'Code: 62. DB::Exception: Syntax error. (SYNTAX_ERROR)\n', 'FOOBAR'],
  ])('is not detected in %s', (_, tail, tag) => {
    expect(parseResultTail(tail, { headers: { 'x-clickhouse-exception-tag': tag } })).toBeUndefined();
  });
});

describe('the last row of a line-based JSON format', () => {
  const text = 'Code: 395. DB::Exception: boom. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO) (version 24.12.2.29 (official build))';
  const codeIn = (format: string | undefined, tail: string, headers: Record<string, string> = {}) => {
    const cause = parseResultTail(tail, { headers, format })?.cause;
    return cause instanceof ServerError ? cause.clickhouseCode : undefined;
  };

  it.each([
    ['JSONEachRow', `{"a":1}\n{"exception": "${text}"}\n`],
    ['JSONEachRow', `[\n{"a":1},\n{"exception": "${text}"}\n]\n`],
    ['JSONStringsEachRow', `{"a":"1"}\n{"exception": "${text}"}\n`],
    ['JSONObjectEachRow', `{\n\t"row_1": {"a":1},\n\t"exception": "${text}"\n}\n`],
    ['JSONEachRowWithProgress', `{"row":{"a":1}}\n{"exception":"${text}"}\n`],
    ['JSONEachRowWithProgress', `{"exception": "${text}"}\n`],
    ['JSONCompactEachRow', `[0, "x"]\n["${text}"]\n`],
    ['JSONCompactEachRow', `[0]\n["${text}"]\n`],
    ['JSONCompactEachRow', `["x"]\n[null]\n["${text}"]\n`],
    ['JSONCompactStringsEachRow', `["0", "x"]\n["${text}"]\n`],
    ['JSONCompactEachRowWithNames', `["a", "b"]\n["${text}"]\n`],
    ['JSONCompactEachRowWithNamesAndTypes', `["a"]\n["UInt8"]\n[1]\n["${text}"]\n`],
    ['JSONCompactStringsEachRowWithNames', `["a"]\n["x"]\n["${text}"]\n`],
  ])('is an exception, in %s: %s', (format, tail) => {
    expect(codeIn(format, tail)).toBe(395);
    expect(codeIn(undefined, tail, { 'x-clickhouse-format': format })).toBe(395);
  });

  it.each([
    ['JSONEachRow', `{"exception":"${text}"}\n`],
    ['JSONEachRow', `{"a":1,"exception":"${text}"}\n`],
    ['JSONEachRowWithProgress', `{"row":{"exception":"${text}"}}\n`],
    ['JSONCompactEachRow', `[0, "${text}"]\n`],
    ['JSONCompactEachRow', `["${text}"]\n`],
    ['JSONCompactEachRow', `["${text}"]\n[""]\n["${text}"]\n`],
    ['JSONCompactEachRow', `[""]\n[null]\n["${text}"]\n`],
    ['JSONCompactEachRow', `["x"]\n["It says: ${text}"]\n`],
    ['JSONCompactEachRow', `["x"]\n["${text}"]\n["y"]\n`],
    ['JSONCompactEachRowWithNames', `["exception"]\n["${text}"]\n`],
    ['JSONCompactStringsEachRowWithNamesAndTypes', `["exception"]\n["String"]\n["${text}"]\n`],
    ['CSV', `1,"${text}"\n`],
    ['TabSeparated', `["${text}"]\n`],
  ])('is data if it may be a value of the column, in %s: %s', (format, tail) => {
    expect(codeIn(format, tail)).toBeUndefined();
  });

  it('is an exception also as the only row, if the server sent progress headers before the statement ran', () => {
    expect(codeIn('JSONCompactEachRow', `["${text}"]\n`, { 'x-clickhouse-progress': '{"read_rows":"1"}' })).toBe(395);
  });

  it('is an exception of a server with tags if it writes exceptions in the format', () => {
    const headers = { 'x-clickhouse-exception-tag': 'FOOBAR' };
    expect(codeIn('JSONEachRow', `{"a":1}\n{"exception": "${text}"}\n`, headers)).toBe(395);
    expect(codeIn('JSON', `{\n\t"data":\n\t[\n\t],\n\n\t"exception": "${text}"\n}\n`, headers)).toBe(395);
    expect(codeIn('TabSeparated', `${text}\n`, headers)).toBeUndefined();
  });
});

describe('a failed input stream', () => {
  it('is the cause of the failure, on the embedded engine as well', async () => {
    const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig({}, {}), factory: new ClickHouseConnectionFactory() });
    const { service } = manager;
    await service.command({ query: 'CREATE TABLE failed_input (n UInt32) ENGINE = Memory' });
    const cause = new Error('The rows cannot be read.');
    const values = new Readable({ objectMode: true, read: () => void values.destroy(cause) });
    await expect(service.insert({ table: 'failed_input', values, format: 'JSONEachRow' })).rejects.toMatchObject({
      code: 'AMBIGUOUS_WRITE',
      endpoint: 'chdb:',
      cause: { cause },
    });
    await manager.close();
  });
});

describe('any failure', () => {
  it('becomes an error of this package, and hides the statement from logs', () => {
    const secret = 's3cret-in-the-sql';
    const texts = fc
      .oneof(
        fc.string(),
        fc.constantFrom('', 'Code: 62. DB::Exception: near ', '<html>', 'Code: 158, e.displayText() = DB::Exception: ', '{"exception": "'),
      )
      .map((text) => `${text}${secret}`);
    const details = fc.record(
      { code: fc.constantFrom('62', 'ECONNRESET', 'ECONNREFUSED', 'EWHATEVER'), syscall: fc.constantFrom('read', 'connect') },
      { requiredKeys: [] },
    );
    const errors = fc.tuple(texts, details).map(([text, properties]) => Object.assign(new Error(text), properties));
    const contexts = fc.record(
      { isStreaming: fc.boolean(), httpStatus: fc.constantFrom(200, 302, 429, 500, 502, 503) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(errors, texts, fc.constantFrom(undefined, null, 7)), contexts, (error, context) => {
        const failure = parseFailure(error, { ...context, sql: secret });
        expect(failure instanceof StatementError && failure.revealSql()).toBe(secret);
        expect(parseFailure(failure)).toBe(failure);
        expect(JSON.stringify(failure)).not.toContain(secret);
        expect(parseResultTail(String(error))).toBeUndefined();
      }),
    );
  });

  it('is parsed in linear time', () => {
    const hostile = ['(version ', ' ', '(', 'Code: 1. DB::', ', e.what() = ', '{"exception": "'].map((part) => part.repeat(64 * 1024));
    for (const text of hostile) {
      expect(parseFailure(new Error(`Code: 62. DB::Exception: ${text}x`))).toMatchObject({ clickhouseCode: 62 });
      expect(parseResultTail(`${text}x`)).toBeUndefined();
    }
  });
});
