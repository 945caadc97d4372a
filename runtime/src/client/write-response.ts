import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { lazySharedState } from '../process/shared-state.js';
import { CompressedTail } from './body-tail.js';

/** A response to a write whose status is a success, and which does not show that the write succeeded. */
export interface DoubtfulResponse {
  /** HTTP status code, 200 to 299. */
  readonly httpStatus: number;
  readonly headers: IncomingHttpHeaders;
  /** Resolves with the end of the body, at most 64 KiB of text. Call it after the end of the body. */
  readonly readTail: () => Promise<string>;
}

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
  return serverHeaders.some((name) => headers[name] !== undefined);
}

/**
 * Sends a write. Resolves with its result, and with the response if it is doubtful. The official client discards the body of a write, so
 * this is the only way to see it.
 * @throws the error of `send`
 */
export async function captureDoubtfulResponse<Result>(
  queryId: string,
  send: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly response: DoubtfulResponse | undefined }> {
  writes().set(queryId, undefined);
  try {
    const result = await send();
    return { result, response: writes().get(queryId) };
  } finally {
    writes().delete(queryId);
  }
}

/**
 * Captures a response with a status of success if it answers a write and is doubtful: it has rows, which an exception may follow, or its
 * headers do not show that the write has succeeded. Called when its headers have arrived.
 */
export function captureIfDoubtful(response: IncomingMessage, queryId: () => string | undefined): void {
  if (writes().size === 0) return;
  const { statusCode = 200, headers } = response;
  const id = queryId();
  if (id === undefined || !writes().has(id)) return;
  let tail: CompressedTail | undefined;
  const captureTail = (): CompressedTail => {
    const captured = new CompressedTail(headers['content-encoding']);
    writes().set(id, { httpStatus: statusCode, headers, readTail: () => captured.read() });
    return captured;
  };
  // With progress headers, the server sends the status before the statement has run.
  if (statusCode !== 200 || headers['x-clickhouse-progress'] !== undefined || !isFromClickHouse(headers)) tail = captureTail();
  const push = response.push.bind(response);
  response.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (Buffer.isBuffer(chunk)) (tail ??= captureTail()).add(chunk);
    return push(chunk, encoding);
  };
}
