import { expect, it } from 'vitest';
import { createClickHouseService, loadClickHouseConfig } from '../../../runtime/src/web.js';
import { serviceAnswering } from './service-answering.js';

const row = { table: 't', values: [{ id: 1 }], format: 'JSONEachRow' } as const;

it.each([
  ['AbortError', 'ConnectionLostError'],
  ['TimeoutError', 'TimeoutError'],
])('a fetch that ends its own request by an %s is a %s, and no abort of the caller', async (name, kind) => {
  const service = serviceAnswering(() => Promise.reject(new DOMException('a limit of its own', name)));
  await expect(service.query({ query: 'SELECT 1' })).rejects.toMatchObject({ kind });
  await expect(service.insert(row)).rejects.toMatchObject({ kind: 'AmbiguousWriteError', cause: { kind } });
});

it('a read whose fetch ended its own request is sent again', async () => {
  const answers = [() => Promise.reject(new DOMException('a limit of its own', 'AbortError')), () => Promise.resolve(new Response('1\n'))];
  const config = loadClickHouseConfig({ url: 'https://host:8443' });
  const service = createClickHouseService({ config, fetch: () => (answers.shift() ?? fail)(), retry: { initialDelayMs: 1 } });
  expect(await (await service.query({ query: 'SELECT 1', format: 'CSV' })).text()).toBe('1\n');
});

it('a ping whose response is cut has lost its connection', async () => {
  const body = new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) });
  const ping = await serviceAnswering(() => Promise.resolve(new Response(body))).ping();
  expect(ping).toMatchObject({ success: false, error: { kind: 'ConnectionLostError' } });
});

function fail(): Promise<Response> {
  return Promise.reject(new Error('no further request is expected'));
}
