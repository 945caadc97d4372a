import { describe, expect, it } from 'vitest';
import type { DataFormat } from '@clickhouse/client-web';
import { answer, serviceAnswering } from './service-answering.js';

const truncated = '{"n":1}\n{"n":2}\n{"n":3';

async function resultOf(body: string, format: DataFormat = 'JSONEachRow') {
  return serviceAnswering(answer(body)).query({ query: 'SELECT n FROM t', format });
}

describe('a result that ends in the middle of a row', () => {
  it('fails in json()', async () => {
    const result = await resultOf(truncated);
    await expect(result.json()).rejects.toMatchObject({ kind: 'StreamError', cause: { kind: 'ConnectionLostError' } });
  });

  it('fails in text()', async () => {
    const result = await resultOf(truncated);
    await expect(result.text()).rejects.toMatchObject({ kind: 'StreamError', message: expect.stringContaining('in the middle of a row') });
  });

  it('fails in the stream, after the complete rows', async () => {
    const reader = (await resultOf(truncated)).stream<{ n: number }>().getReader();
    const texts: string[] = [];
    const read = async () => {
      for (let part = await reader.read(); !part.done; part = await reader.read()) texts.push(...part.value.map(({ text }) => text));
    };
    await expect(read()).rejects.toMatchObject({ kind: 'StreamError' });
    expect(texts.length).toBeLessThanOrEqual(2);
  });

  it('fails as a StreamError in a format that is one document', async () => {
    const result = await resultOf('{"meta":[],"data":[{"n":1},{"n":2', 'JSON');
    await expect(result.json()).rejects.toMatchObject({
      kind: 'StreamError',
      cause: { kind: 'ConnectionLostError', message: expect.stringContaining('invalid JSON') },
    });
  });

  it('may be the answer of a proxy, which is no row', async () => {
    const result = await serviceAnswering(answer('{"error":"please log in"}', {})).query({ query: 'SELECT 1', format: 'JSONEachRow' });
    await expect(result.json()).rejects.toMatchObject({ kind: 'StreamError' });
  });

  it('may be a page without the type of a page', async () => {
    const result = await serviceAnswering(answer('<p>log in</p>', {})).query({ query: 'SELECT 1', format: 'JSONEachRow' });
    await expect(result.json()).rejects.toMatchObject({ kind: 'StreamError', cause: { kind: 'GatewayError' } });
  });
});

it('reads a complete result without a line feed at its end in the other formats', async () => {
  expect(await (await resultOf('1,2', 'CSV')).text()).toBe('1,2');
  expect(await (await resultOf('{"data":[]}', 'JSON')).json()).toEqual({ data: [] });
});
