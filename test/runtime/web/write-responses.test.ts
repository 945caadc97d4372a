import { describe, expect, it } from 'vitest';
import { answer, ownHeaders, serviceAnswering } from './service-answering.js';

const row = { table: 't', values: [{ id: 1 }], format: 'JSONEachRow' } as const;
const exception = 'Code: 57. DB::Exception: Table t already exists. (TABLE_ALREADY_EXISTS)\n';
const tag = 'abcdefghijklmnop';
const frame = `\r\n__exception__\r\n${tag}\r\n${exception}${exception.length} ${tag}\r\n__exception__\r\n`;

const insert = (body: string, headers: Record<string, string>) => serviceAnswering(answer(body, { headers })).insert(row);
const command = (body: string, headers: Record<string, string>) =>
  serviceAnswering(answer(body, { headers })).command({ query: 'CREATE TABLE t' });

describe('a write whose status is 200', () => {
  it.each([
    ['in a frame', frame, { ...ownHeaders, 'x-clickhouse-exception-tag': tag }],
    ['as plain text', exception, ownHeaders],
    ['whose code is in a header', exception, { ...ownHeaders, 'x-clickhouse-exception-code': '57' }],
    ['after progress headers', exception, { ...ownHeaders, 'x-clickhouse-progress': '{}' }],
    ['without headers of ClickHouse', exception, {}],
  ])('fails with an exception %s', async (_, body, headers) => {
    const expected = { kind: 'ServerError', clickhouseCode: 57 };
    await expect(insert(body, headers)).rejects.toMatchObject(expected);
    await expect(command(body, headers)).rejects.toMatchObject(expected);
  });

  it.each([
    ['{"error":"please log in"}', 'application/json'],
    ['<html>log in</html>', 'text/html'],
    ['<html>log in</html>', 'text/plain'],
  ])('of an insert is not done if a proxy answers with %s as %s', async (body, type) => {
    await expect(insert(body, { 'content-type': type })).rejects.toMatchObject({ kind: 'GatewayError', httpStatus: 200 });
  });

  it('of a command is not done if a proxy answers with a page', async () => {
    await expect(command('<html>log in</html>', { 'content-type': 'text/plain' })).rejects.toMatchObject({ kind: 'GatewayError' });
  });

  it('is not done if a proxy has accepted it for later', async () => {
    const service = serviceAnswering(answer('', { status: 202 }));
    await expect(service.insert(row)).rejects.toMatchObject({ kind: 'GatewayError', httpStatus: 202 });
    await expect(service.command({ query: 'CREATE TABLE t' })).rejects.toMatchObject({ kind: 'GatewayError', httpStatus: 202 });
  });

  it('is unknown if the response ends in the middle of an exception', async () => {
    const body = frame.slice(0, 60);
    const expected = { kind: 'AmbiguousWriteError', cause: { kind: 'ConnectionLostError' } };
    await expect(insert(body, { ...ownHeaders, 'x-clickhouse-exception-tag': tag })).rejects.toMatchObject(expected);
  });

  it('is done if the body is empty or has the rows of a statement', async () => {
    await expect(insert('', ownHeaders)).resolves.toMatchObject({ executed: true });
    await expect(insert('', {})).resolves.toMatchObject({ executed: true });
    await expect(command('{"n":1}\n', { 'content-type': 'application/x-ndjson' })).resolves.toMatchObject({ http_status_code: 200 });
  });
});
