import { describe, expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  type ClickHouseService,
  isServerError,
  loadClickHouseConfig,
} from '../../../runtime/src/index.js';
import { fakeServer } from '../harness/fake-server.js';

const tag = 'kbpqhjwqzxmnvtrs';
const exception = 'Code: 395. DB::Exception: boom. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO) (version 25.12.1.1 (official build))\n';
const frame = `\r\n__exception__\r\n${tag}\r\n${exception}${Buffer.byteLength(exception)} ${tag}\r\n__exception__\r\n`;
const headers = { 'x-clickhouse-query-id': 'a', 'x-clickhouse-exception-tag': tag };

/** Runs `read` at a server that sends these chunks, in turns of the event loop of their own. */
async function withBody<Result>(chunks: readonly string[], read: (service: ClickHouseService) => Promise<Result>): Promise<Result> {
  await using server = await fakeServer((response) => {
    response.writeHead(200, headers).flushHeaders();
    const [first, ...rest] = chunks;
    response.write(first ?? '', () => sendRest(rest));
    function sendRest([next, ...others]: readonly string[]): void {
      if (next === undefined) return void response.end();
      setImmediate(() => response.write(next, () => sendRest(others)));
    }
  });
  const config = loadClickHouseConfig({ url: server.url }, {});
  const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory(), retry: false });
  try {
    return await read(manager.service);
  } finally {
    await manager.close();
  }
}

interface Rows {
  readonly rows: readonly string[];
  readonly failure: unknown;
}

function readRows(format: 'CSV' | 'TabSeparated' | 'JSONEachRow'): (service: ClickHouseService) => Promise<Rows> {
  return async (service) => {
    const rows: string[] = [];
    try {
      const result = await service.query({ query: 'SELECT a', format });
      for await (const batch of result.stream()) rows.push(...batch.map((row) => row.text));
      return { rows, failure: undefined };
    } catch (failure) {
      return { rows, failure };
    }
  };
}

const splits = [...Array.from({ length: 40 }, (_, at) => at), frame.length - 40, frame.length - 20, frame.length - 1];

describe.each(['CSV', 'TabSeparated', 'JSONEachRow'] as const)('an exception in a frame after rows in %s', (format) => {
  const rows = format === 'JSONEachRow' ? ['{"a":1}', '{"a":2}'] : ['1', '2'];

  it('is the error of the server, wherever its chunks begin', async () => {
    for (const at of splits) {
      const result = await withBody([`${rows.join('\n')}\n${frame.slice(0, at)}`, frame.slice(at)], readRows(format));
      expect(result.failure).toMatchObject({ kind: 'StreamError', cause: { kind: 'ServerError', clickhouseCode: 395 } });
      expect(isServerError(result.failure, 395)).toBe(true);
      expect(rows.slice(0, result.rows.length)).toEqual(result.rows);
    }
  });

  it('is an error also if a part of it is missing, and never a row', async () => {
    const damaged = `\r\n__exception__\r\n${tag}\r\n${exception}`;
    const result = await withBody([`${rows.join('\n')}\n`, damaged], readRows(format));
    expect(result.failure).toMatchObject({ kind: 'StreamError', cause: { kind: 'ConnectionLostError' } });
    expect(rows.slice(0, result.rows.length)).toEqual(result.rows);
  });
});

it('carriage returns in the data of a server that marks exceptions are data', async () => {
  const body = '1,"a\r\nb"\r\n2,"c"\r\n';
  for (let at = 0; at < body.length; at++) {
    const result = await withBody([body.slice(0, at), body.slice(at)], readRows('CSV'));
    expect(result).toEqual({ rows: ['1,"a\r', 'b"\r', '2,"c"\r'], failure: undefined });
  }
});

it('the stream of exec() contains no part of a frame', async () => {
  const read = async (service: ClickHouseService) => {
    let received = '';
    try {
      const { stream } = await service.exec({ query: 'SELECT a FORMAT CSV' });
      for await (const chunk of stream) received += String(chunk);
      return { received, failure: undefined };
    } catch (failure) {
      return { received, failure };
    }
  };
  for (const at of [1, 5, 20, 40]) {
    const { received, failure } = await withBody([`1\n2\n${frame.slice(0, at)}`, frame.slice(at)], read);
    expect(failure).toMatchObject({ kind: 'StreamError', cause: { clickhouseCode: 395 } });
    expect('1\n2\n'.startsWith(received)).toBe(true);
  }
});
