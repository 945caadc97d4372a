import { describe, expect, it } from 'vitest';
import {
  createClickHouseService,
  loadClickHouseConfig,
  outcomeOf,
  parseFailure,
  type WebClickHouseService,
} from '../../../runtime/src/web.js';

const row = '{"n":1}\n';
const exception = 'Code: 241. DB::Exception: Memory limit exceeded: would use 1 GiB.\nStack trace: none. (MEMORY_LIMIT_EXCEEDED)\n';
const tag = 'abcdefghijklmnop';
const framed = `\r\n__exception__\r\n${tag}\r\n${exception}${exception.length} ${tag}\r\n__exception__\r\n`;
const query = { query: 'SELECT n FROM t', format: 'JSONEachRow' } as const;

/** Returns a service whose server answers 200, sends the parts, and ends or breaks off. */
function serviceOf(parts: readonly string[], end: 'ends' | 'breaks', headers: Readonly<Record<string, string>> = {}): WebClickHouseService {
  const send = () => {
    const left = parts.map((text) => new TextEncoder().encode(text));
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const part = left.shift();
        if (part) controller.enqueue(part);
        else if (end === 'ends') controller.close();
        else controller.error(new TypeError('terminated'));
      },
    });
    return Promise.resolve(
      new Response(body, { headers: { 'x-clickhouse-format': 'JSONEachRow', 'x-clickhouse-query-id': 'a', ...headers } }),
    );
  };
  return createClickHouseService({ config: loadClickHouseConfig({ url: 'https://host:8443' }), fetch: send, retry: false });
}

async function streamRows(service: WebClickHouseService): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  const reader = (await service.query(query)).stream<{ n: number }>().getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) rows.push(...part.value.map((each) => each.json()));
  return rows;
}

const readers: readonly (readonly [string, (service: WebClickHouseService) => Promise<unknown>])[] = [
  ['json()', async (service) => (await service.query(query)).json()],
  ['text()', async (service) => (await service.query(query)).text()],
  ['stream()', streamRows],
  [
    'exec()',
    async (service) =>
      new Response((await service.exec({ query: 'SELECT n FROM t FORMAT JSONEachRow' })).stream as ReadableStream<Uint8Array>).text(),
  ],
];

describe.each(readers)('a result read by %s', (_, read) => {
  it.each([
    ['an exception after rows', [row, exception], {}],
    ['an exception without rows', [exception], {}],
    ['an exception in the chunk of a row', [row + exception], {}],
    ['an exception in chunks of one character', Array.from(row + exception), {}],
    ['an exception in a frame', [row, framed], { 'x-clickhouse-exception-tag': tag }],
  ])('fails with the error of the server at %s', async (__, parts, headers) => {
    const failure = parseFailure(await read(serviceOf(parts, 'ends', headers)).catch((error: unknown) => error));
    expect(failure).toMatchObject({ kind: 'StreamError', cause: { kind: 'ResourceLimitError', clickhouseCode: 241 } });
    expect(outcomeOf(failure)).toBe('failed-mid-stream');
  });

  it.each([
    ['breaks after rows', [row], 'breaks'],
    ['breaks in a row', [row, '{"n":'], 'breaks'],
    ['ends in a row', [row, '{"n":'], 'ends'],
    ['ends in an exception', [row, exception.slice(0, 30)], 'ends'],
    ['breaks in an exception', [row, exception.slice(0, 30)], 'breaks'],
  ] as const)('fails with a lost connection if the body %s', async (__, parts, end) => {
    const failure = parseFailure(await read(serviceOf(parts, end)).catch((error: unknown) => error));
    expect(failure).toMatchObject({ kind: 'StreamError', cause: { kind: 'ConnectionLostError' } });
    expect(outcomeOf(failure)).toBe('failed-mid-stream');
  });
});

it('rows that are not an exception are delivered, also if one contains its text', async () => {
  const rows = [{ n: 'Code: 1' }, { n: 'x\nCode: 241. DB::Exception' }, { n: 'C' }];
  const text = rows.map((each) => `${JSON.stringify(each)}\n`).join('');
  expect(await streamRows(serviceOf(Array.from(text), 'ends'))).toEqual(rows);
});

it('a ping whose answer breaks off fails with a lost connection', async () => {
  expect(await serviceOf(['1'], 'breaks').ping()).toMatchObject({ success: false, error: { kind: 'ConnectionLostError' } });
  expect(await serviceOf([exception], 'ends').ping()).toMatchObject({ success: false, error: { kind: 'ResourceLimitError' } });
  expect(await serviceOf(['1\n'], 'ends', { 'x-clickhouse-format': 'TabSeparated' }).ping()).toEqual({ success: true });
});
