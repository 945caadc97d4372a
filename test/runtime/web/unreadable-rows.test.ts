import { describe, expect, it } from 'vitest';
import { answer, openBody, serviceAnswering } from './service-answering.js';

const select = { query: 'SELECT n FROM t', format: 'JSONEachRow' } as const;

describe('a result with a row that json() cannot parse', () => {
  it('fails as a StreamError, closes the body and gives its permit back', async () => {
    const { body, isCancelled } = openBody('{"n":1}\n{"n":nan}\n', '{"n":1}\n');
    const bodies = [body, '{"n":1}\n'];
    const service = serviceAnswering(() => Promise.resolve(new Response(bodies.shift())), { maxConcurrentStatements: 1 });
    const result = await service.query(select);
    await expect(result.json()).rejects.toMatchObject({ kind: 'StreamError', cause: { kind: 'ConnectionLostError' } });
    expect(isCancelled()).toBe(true);
    expect(await (await service.query(select)).json()).toEqual([{ n: 1 }]);
  });

  it('fails with the error of a parser of the configuration', async () => {
    const { body, isCancelled } = openBody('{"n":1}\n');
    const parse = () => {
      throw new Error('bad row');
    };
    const service = serviceAnswering(answer(body), { client: { json: { parse, stringify: JSON.stringify } } });
    await expect((await service.query(select)).json()).rejects.toThrow('bad row');
    expect(isCancelled()).toBe(true);
  });
});

it('a wrong call of json() ends no reading of the result', async () => {
  const service = serviceAnswering(answer('{"n":1}\n'));
  const result = await service.query(select);
  const [rows, second] = await Promise.allSettled([result.json(), result.json()]);
  expect(rows).toEqual({ status: 'fulfilled', value: [{ n: 1 }] });
  expect(second).toMatchObject({ status: 'rejected', reason: { message: 'Stream has been already consumed' } });
  const text = await service.query({ ...select, format: 'CSV' });
  await expect(text.json()).rejects.toThrow('Cannot decode CSV as JSON');
  expect(await text.text()).toBe('{"n":1}\n');
});
