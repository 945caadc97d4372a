import { createClickHouseService, loadClickHouseConfig, type WebClickHouseService, type WebConfigInput } from '../../../runtime/src/web.js';

/** Headers of a response that is certainly from ClickHouse. */
export const ownHeaders = { 'content-type': 'text/plain; charset=UTF-8', 'x-clickhouse-query-id': 'a', 'x-clickhouse-summary': '{}' };

/** Returns a service without retry, whose requests get the responses of `send`. */
export function serviceAnswering(send: typeof fetch, input: WebConfigInput = {}): WebClickHouseService {
  const config = loadClickHouseConfig({ url: 'https://host:8443', acquireTimeoutMs: 50, ...input });
  return createClickHouseService({ config, fetch: send, retry: false });
}

/** Returns a `fetch` whose responses all have this body. */
export function answer(body: string | ReadableStream | null, init: ResponseInit = { headers: ownHeaders }): typeof fetch {
  return () => Promise.resolve(new Response(body, init));
}

/** Returns a body of these chunks. It does not end by itself. */
export function openBody(...chunks: readonly string[]): { readonly body: ReadableStream; readonly isCancelled: () => boolean } {
  let isCancelled = false;
  const body = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
    },
    cancel: () => void (isCancelled = true),
  });
  return { body, isCancelled: () => isCancelled };
}
