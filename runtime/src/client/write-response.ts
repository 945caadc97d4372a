import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { processWideValue } from '../process/process-wide-value.js';
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
const writes = processWideValue<Map<string, DoubtfulResponse | undefined>>(
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
