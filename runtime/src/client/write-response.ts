import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { processWideValue } from '../process/process-wide-value.js';
import type { Delivery } from '../resilience/delivery.js';
import { CompressedTail } from './body-tail.js';
import { isFromClickHouse } from './server-headers.js';

/** A response to a write whose status is a success, and which does not show that the write succeeded. */
export interface DoubtfulResponse {
  /** HTTP status code, 200 to 299. */
  readonly httpStatus: number;
  readonly headers: IncomingHttpHeaders;
  /** Resolves with the end of the body, at most 64 KiB of text. Call it after the end of the body. */
  readonly readTail: () => Promise<string>;
}

/** A write whose response is captured. */
export interface ExpectedWrite {
  readonly queryId: string;
  /** Undefined until a doubtful response arrives. */
  response: DoubtfulResponse | undefined;
}

/**
 * The writes without a delivery, which are few, so that a search by query id is cheap. Shared, since one copy of this package captures the
 * responses of all.
 */
const unobserved = processWideValue<ExpectedWrite[]>(
  'writes@1',
  (value) => Array.isArray(value),
  () => [],
);

/**
 * Captures the response to a write, from this call until `forgetWrite`. The official client discards the body of a write, so this is the only
 * way to see it.
 */
export function expectWrite(queryId: string, delivery: Delivery | undefined): ExpectedWrite {
  const write: ExpectedWrite = { queryId, response: undefined };
  if (delivery) delivery.onResponse = (response) => captureIfDoubtful(response, write);
  else unobserved().push(write);
  return write;
}

export function forgetWrite(write: ExpectedWrite): void {
  const writes = unobserved();
  const last = writes.pop();
  if (last && last !== write) writes[writes.indexOf(write)] = last;
}

/** Captures the response to a write without a delivery. */
export function captureUnobserved(response: IncomingMessage, queryIdOf: () => string | undefined): void {
  if (unobserved().length === 0) return;
  const queryId = queryIdOf();
  for (const write of unobserved()) if (write.queryId === queryId) captureIfDoubtful(response, write);
}

/**
 * Captures a response to a write if its status is a success and it is doubtful: it has rows, which an exception may follow, or its headers do
 * not show that the write has succeeded. Called when its headers have arrived.
 */
function captureIfDoubtful(response: IncomingMessage, write: ExpectedWrite): void {
  const { statusCode = 200, headers } = response;
  if (statusCode >= 300) return;
  let tail: CompressedTail | undefined;
  const captureTail = (): CompressedTail => {
    const captured = new CompressedTail(headers['content-encoding']);
    write.response = { httpStatus: statusCode, headers, readTail: () => captured.read() };
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
