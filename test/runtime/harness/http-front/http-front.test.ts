import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardedPassword, realServer, type RealServer } from '../real-server.js';
import { onRealServer, serverBinary } from '../server-binary.js';
import { frontServer } from '../test-servers.js';
import { httpFront, type HttpFront } from './front.js';

interface Call {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | FormData | Uint8Array<ArrayBuffer>;
}

async function call(url: string, { parameters = {}, method = 'POST', headers = {}, body }: Call) {
  const response = await fetch(`${url}/?${new URLSearchParams(parameters).toString()}`, {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  const code = /^Code: (\d+)/.exec(text)?.[1];
  return { status: response.status, code, text, header: (name: string) => response.headers.get(name) ?? undefined };
}

describe.skipIf(serverBinary() === undefined)(`the HTTP front responds like ClickHouse ${onRealServer}`, () => {
  let servers: RealServer[];
  beforeAll(async () => {
    servers = await Promise.all([realServer(), frontServer()]);
    for (const { url } of servers) await call(url, { body: 'CREATE TABLE kept (id UInt8, name String) ENGINE = Memory' });
  });
  afterAll(() => Promise.all(servers.map((server) => server[Symbol.asyncDispose]())));

  it.each<[string, ...Call[]]>([
    ['a query in the address', { method: 'GET', parameters: { query: 'SELECT 1' } }],
    ['a query in the body', { body: 'SELECT number FROM system.numbers LIMIT 3' }],
    ['a query in both', { parameters: { query: 'SELECT 1,' }, body: '2' }],
    ['the format of the query', { body: "SELECT 1 AS a, 'b' AS c FORMAT JSONEachRow" }],
    ['the format of the parameter', { parameters: { default_format: 'CSVWithNames' }, body: "SELECT 1 AS a, 'b' AS c" }],
    [
      'the tables',
      { body: 'SHOW TABLES FORMAT JSONEachRow' },
      { body: 'EXISTS TABLE kept' },
      { method: 'GET', parameters: { query: 'SHOW TABLES' } },
    ],
    ['a semicolon and comments', { body: '/* a */ SELECT 1 -- b\n;' }],
    ['a database', { parameters: { database: 'system' }, body: 'SELECT count() > 0 FROM tables' }],
    ['an unknown database', { parameters: { database: 'nowhere' }, body: 'SELECT 1' }],
    ['a setting', { parameters: { max_block_size: '77' }, body: "SELECT value FROM system.settings WHERE name = 'max_block_size'" }],
    ['an unknown setting', { parameters: { no_such_setting: '1' }, body: 'SELECT 1' }],
    ['an unknown table', { body: 'SELECT * FROM nowhere' }],
    ['an unknown format', { body: 'SELECT 1 FORMAT Nothing' }],
    ['a syntax error', { body: 'SELEC 1' }],
    ['an empty body', {}],
    ['a failure in the query', { body: 'SELECT throwIf(number = 3) FROM numbers(10)' }],
    ['an insert by GET', { method: 'GET', parameters: { query: "INSERT INTO kept VALUES (9, 'x')" } }],
    [
      'data in the body',
      { parameters: { query: 'INSERT INTO kept FORMAT JSONEachRow' }, body: '{"id":1,"name":"é"}\n{"id":2,"name":"b"}' },
      { body: 'SELECT * FROM kept ORDER BY id' },
    ],
    [
      'values in the query, and compressed data',
      { body: "INSERT INTO kept VALUES (3, 'c'), (1 + 3, lower('D'))" },
      {
        parameters: { query: 'INSERT INTO kept FORMAT CSV' },
        headers: { 'Content-Encoding': 'gzip' },
        body: new Uint8Array(gzipSync('5,"e"\n')),
      },
      { body: 'SELECT * FROM kept ORDER BY id' },
    ],
    ['data that cannot be parsed', { parameters: { query: 'INSERT INTO kept FORMAT JSONEachRow' }, body: '{"id":"x"}' }],
    ['compression', { parameters: { enable_http_compression: '1' }, headers: { 'Accept-Encoding': 'gzip' }, body: 'SELECT 1' }],
    [
      'a session',
      { parameters: { session_id: 'a' }, body: 'CREATE TEMPORARY TABLE mine (n UInt8)' },
      { parameters: { session_id: 'a', session_check: '1' }, body: 'INSERT INTO mine VALUES (1)' },
      { parameters: { session_id: 'a' }, body: 'SELECT * FROM mine' },
      { body: 'SELECT * FROM mine' },
    ],
    ['a session that must exist', { parameters: { session_id: 'b', session_check: '1' }, body: 'SELECT 1' }],
  ])('%s', async (_, ...calls) => {
    for (const each of calls) {
      const [expected, found] = await Promise.all(servers.map(({ url }) => call(url, each)));
      // The text of errors differs from version to version.
      const compared = (result: typeof found) => ({
        code: result?.code,
        isSuccess: result?.status === 200,
        text: result?.status === 200 ? result.text : '',
        encoding: result?.status === 200 ? result.header('content-encoding') : undefined,
      });
      expect(compared(found)).toEqual(compared(expected));
    }
  });
});

describe('the HTTP front over chDB', () => {
  let front: HttpFront;
  beforeAll(async () => {
    front = await httpFront({
      users: [
        { name: 'guarded', password: guardedPassword },
        { name: 'holder', password: 'x', token: 'the.token', readonly: 1 },
      ],
    });
  });
  afterAll(() => front[Symbol.asyncDispose]());
  const run = (input: Call) => call(front.url, input);

  it.each([
    ['SELECT * FROM nowhere', 404, 60],
    ['SELECT', 400, 62],
    ['SELECT 1; SELECT 2', 400, 62],
    ['SELECT toUInt8(1) + {a:UInt8}', 500, 456],
    ['SELECT 1 FORMAT Nothing', 404, 73],
    ['CREATE USER me', 501, 48],
  ])('%s has status %i and code %i', async (body, status, code) => {
    const result = await run({ body });
    expect(result).toMatchObject({ status, code: String(code) });
    expect(result.header('x-clickhouse-exception-code')).toBe(String(code));
    expect(result.text).toMatch(/ \([A-Z_]+\) \(version 2\d\.\d+[^)]*\(official build\)\)\n$/);
  });

  it('describes a response in its headers', async () => {
    const result = await run({ parameters: { query_id: 'mine' }, body: 'SELECT number FROM numbers(3) FORMAT JSONEachRow' });
    expect((await run({ headers: { 'X-ClickHouse-Format': 'CSVWithNames' }, body: 'SELECT 1 AS a' })).text).toBe('"a"\n1\n');
    expect(result.header('x-clickhouse-query-id')).toBe('mine');
    expect(result.header('x-clickhouse-format')).toBe('JSONEachRow');
    expect(result.header('content-type')).toBe('application/x-ndjson; charset=UTF-8');
    expect(JSON.parse(result.header('x-clickhouse-summary') ?? '')).toMatchObject({ result_rows: '3' });
  });

  it('binds parameters of the address and of a form', async () => {
    const query = 'SELECT {a:String} AS a, {b:Array(UInt8)} AS b FORMAT JSONEachRow';
    const values = { param_a: "it's\\tone", param_b: '[1,2]' };
    expect((await run({ parameters: values, body: query })).text).toBe('{"a":"it\'s\\tone","b":[1,2]}\n');
    const form = new FormData();
    for (const [name, value] of Object.entries({ query, ...values })) form.append(name, value);
    expect((await run({ body: form })).text).toBe('{"a":"it\'s\\tone","b":[1,2]}\n');
  });

  it('appends the exception to a result that has begun, and responds with its status if the whole result is held', async () => {
    const body = 'SELECT throwIf(number = 3000000) AS n FROM numbers(10000000)';
    const begun = await run({ body });
    const tag = begun.header('x-clickhouse-exception-tag') ?? '';
    expect(begun.status).toBe(200);
    const marked = new RegExp(String.raw`\r\n__exception__\r\n${tag}\r\n(Code: 395[^]*\n)(\d+) ${tag}\r\n__exception__\r\n$`).exec(
      begun.text,
    );
    expect(Number(marked?.[2])).toBe(marked?.[1]?.length);
    expect(await run({ parameters: { wait_end_of_query: '1' }, body })).toMatchObject({ status: 500, code: '395' });
  });

  it('sends progress before the body, and the code of an exception that follows it', async () => {
    const parameters = { send_progress_in_http_headers: '1', http_headers_progress_interval_ms: '20' };
    const slow = (condition: string) =>
      run({
        parameters,
        body: `SELECT count() FROM numbers(6) WHERE sleepEachRow(0.05) = 0 AND NOT throwIf(${condition}) SETTINGS max_block_size = 1`,
      });
    const good = await slow('number = 100');
    expect([good.status, good.text, good.header('x-clickhouse-progress')]).toEqual([200, '6\n', expect.stringContaining('"read_rows":')]);
    const bad = await slow('number = 5');
    expect([bad.status, bad.code, bad.header('x-clickhouse-exception-code')]).toEqual([200, '395', '395']);
  });

  it('rejects a query id in use, kills the statement by it, and then takes the id again', async () => {
    const parameters = { query_id: "the 'same'" };
    const running = run({ parameters, body: 'SELECT count() FROM system.numbers' });
    const ids = async () =>
      (await run({ body: "SELECT query_id FROM system.processes WHERE query = 'SELECT count() FROM system.numbers'" })).text;
    await expect.poll(ids).toBe("the \\'same\\'\n");
    expect(await run({ parameters, body: 'SELECT 1' })).toMatchObject({ status: 500, code: '216' });
    await run({ body: "KILL QUERY WHERE query_id = 'the \\'same\\'' SYNC" });
    expect(await running).toMatchObject({ code: '394' });
    expect(await run({ parameters, body: 'SELECT 1' })).toMatchObject({ status: 200, text: '1\n' });
  });

  it('locks a session while it runs a statement', async () => {
    const parameters = { session_id: 'locked', query_id: 'locking' };
    const running = run({ parameters, body: 'SELECT count() FROM system.numbers' });
    await expect.poll(async () => (await run({ body: "SELECT 1 FROM system.processes WHERE query_id = 'locking'" })).text).toBe('1\n');
    expect(await run({ parameters: { session_id: 'locked' }, body: 'SELECT 1' })).toMatchObject({ status: 500, code: '373' });
    await run({ body: "KILL QUERY WHERE query_id = 'locking' SYNC" });
    await running;
  });

  it('keeps what SET sets in a session, and no setting of a request', async () => {
    const value = { parameters: { session_id: 'set' }, body: "SELECT getSetting('max_block_size')" };
    await run({ ...value, body: 'SET max_block_size = 7' });
    expect((await run({ ...value, parameters: { session_id: 'set', max_block_size: '8' } })).text).toBe('8\n');
    expect((await run(value)).text).toBe('7\n');
  });

  it('inserts once for a deduplication token', async () => {
    await run({ body: 'CREATE TABLE once (id UInt8) ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 10' });
    for (const token of ['a', 'a', 'b'])
      await run({ parameters: { insert_deduplication_token: token, query: 'INSERT INTO once FORMAT CSV' }, body: '1\n' });
    expect((await run({ body: 'SELECT count() FROM once' })).text).toBe('2\n');
  });

  it('knows its users, by each way of authentication', async () => {
    // A statement that a test before ended may still be listed.
    const body = "SELECT user FROM system.processes WHERE query LIKE 'SELECT user FROM%'";
    const basic = `Basic ${Buffer.from(`guarded:${guardedPassword}`).toString('base64')}`;
    expect((await run({ headers: { Authorization: basic }, body })).text).toBe('guarded\n');
    expect((await run({ parameters: { user: 'guarded', password: guardedPassword }, body })).text).toBe('guarded\n');
    expect((await run({ headers: { 'X-ClickHouse-User': 'guarded', 'X-ClickHouse-Key': guardedPassword }, body })).text).toBe('guarded\n');
    expect((await run({ headers: { Authorization: 'Bearer the.token' }, body })).text).toBe('holder\n');
    for (const wrong of [{ Authorization: 'Bearer other' }, { 'X-ClickHouse-User': 'guarded', 'X-ClickHouse-Key': 'wrong' }])
      expect(await run({ headers: wrong, body })).toMatchObject({ status: 403, code: '516' });
    const both = { headers: { Authorization: basic, 'X-ClickHouse-User': 'guarded' }, body };
    expect(await run(both)).toMatchObject({ status: 403, code: '516' });
    expect(await run({ headers: { Authorization: 'Bearer the.token' }, body: 'CREATE TABLE no (id UInt8) ENGINE = Memory' })).toMatchObject(
      { status: 403, code: '497' },
    );
  });

  it('ends a statement whose reader has gone', async () => {
    const { hostname, port } = new URL(front.url);
    const query = 'SELECT number, 1 FROM system.numbers';
    const running = async () => (await run({ body: `SELECT count() FROM system.processes WHERE query = '${query}'` })).text;
    const socket = connect(Number(port), hostname);
    socket.write(`POST / HTTP/1.1\r\nHost: front\r\nContent-Length: ${query.length}\r\n\r\n${query}`);
    await expect.poll(running).toBe('1\n');
    socket.destroy();
    await expect.poll(running).toBe('0\n');
  });

  it('refuses what it does not have', async () => {
    expect(await run({ parameters: { compress: '1' }, body: 'SELECT 1' })).toMatchObject({ status: 501, code: '48' });
    const form = new FormData();
    form.append('table', new Blob(['1\n']), 'table.csv');
    expect(await run({ parameters: { query: 'SELECT * FROM table' }, body: form })).toMatchObject({ status: 501, code: '48' });
    expect((await fetch(front.url, { method: 'DELETE' })).status).toBe(501);
    expect((await fetch(`${front.url}/nowhere`)).status).toBe(404);
  });

  it('has its tables again after a kill -9', async () => {
    await run({ body: 'CREATE TABLE durable (id UInt8) ENGINE = MergeTree ORDER BY id' });
    await run({ body: 'INSERT INTO durable VALUES (1)' });
    await front.kill();
    await front.start();
    expect((await run({ body: 'SELECT id FROM durable' })).text).toBe('1\n');
  });
});
