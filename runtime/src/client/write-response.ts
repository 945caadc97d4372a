import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { lazySharedState } from '../process/shared-state.js';

/** A response to a write whose status is a success, and whose headers do not show that the write succeeded. */
export interface DoubtfulResponse {
  /** HTTP status code, 200 to 299. */
  readonly httpStatus: number;
  readonly headers: IncomingHttpHeaders;
  /** The end of the body, at most 128 KiB, as it was sent: compressed bodies are not decompressed. Read it after the end of the body. */
  readonly body: () => Buffer;
}

/** An exception is in the last bytes of a body, at most this many. */
const maxBodyBytes = 64 * 1024;

/** Each has been sent with every response by some version of the server, since 18.14. Proxies may remove a part of them. */
const serverHeaders = ['server-display-name', 'query-id', 'summary', 'format', 'timezone', 'exception-tag', 'exception-code'].map(
  (name) => `x-clickhouse-${name}`,
);

/** Keyed by query id. Undefined until a doubtful response arrives. Shared, since one copy of this package captures the responses of all. */
const writes = lazySharedState<Map<string, DoubtfulResponse | undefined>>(
  'writes@1',
  (value) => value instanceof Map,
  () => new Map(),
);

/** Whether a response has headers that only ClickHouse sends. */
export function isFromClickHouse(headers: Readonly<Record<string, unknown>>): boolean {
  // A loop without a function of its own: each response is looked at.
  for (const name of serverHeaders) if (headers[name] !== undefined) return true;
  return false;
}

/**
 * Captures the response to the write with this id, from this call until `takeDoubtfulResponse`. The official client discards the body of a
 * write, so this is the only way to see it.
 */
export function expectWrite(queryId: string): void {
  writes().set(queryId, undefined);
}

/** Returns the response to the write if it is doubtful, and ends the capture. */
export function takeDoubtfulResponse(queryId: string): DoubtfulResponse | undefined {
  const response = writes().get(queryId);
  writes().delete(queryId);
  return response;
}

/** Captures a response with a status of success if it is doubtful and answers a write. Called when its headers have arrived. */
export function captureIfDoubtful(response: IncomingMessage, queryId: () => string | null): void {
  const { statusCode = 200, headers } = response;
  // With progress headers, the server sends the status before the statement has run.
  if (statusCode === 200 && headers['x-clickhouse-progress'] === undefined && isFromClickHouse(headers)) return;
  const id = queryId();
  if (id === null || !writes().has(id)) return;
  const chunks: Buffer[] = [];
  let length = 0;
  const push = response.push.bind(response);
  response.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (Buffer.isBuffer(chunk)) {
      chunks.push(chunk);
      length += chunk.length;
      for (let [first] = chunks; first && length - first.length >= maxBodyBytes; [first] = chunks) length -= chunks.shift()?.length ?? 0;
    }
    return push(chunk, encoding);
  };
  writes().set(id, { httpStatus: statusCode, headers, body: () => Buffer.concat(chunks).subarray(-2 * maxBodyBytes) });
}
