import { Readable } from 'node:stream';
import { isFromClickHouse } from '../client/server-headers.js';
import { expectWrite, forgetWrite } from '../client/write-response.js';
import { GatewayError, type StatementFacts } from '../errors/index.js';
import { destroyBody, type Statement } from './statement.js';
import { failureOfWrite, isPage } from './write-failure.js';

/** In bytes. */
const maxPageLength = 64 * 1024;

/**
 * Sends a write, and resolves with its result if ClickHouse answered with a success. Status 200 alone does not show it: a proxy may answer
 * with a page, and a server that sends progress headers reports an exception in the body.
 * @throws ServerError, GatewayError, the error of `send`
 */
export async function sendWrite<Result>({ facts, delivery }: Statement, send: () => Promise<Result>): Promise<Result> {
  const write = expectWrite(facts.queryId ?? '', delivery);
  let result: Result;
  try {
    result = await send();
  } finally {
    if (!delivery) forgetWrite(write);
  }
  const { response } = write;
  const failure = response && failureOfWrite(response, await response.readTail(), facts);
  if (failure) throw failure;
  return result;
}

/**
 * Throws if the headers of a successful response show that it does not come from ClickHouse, before its body is read as rows.
 * Returns undefined if they do not, without a promise, since nearly all responses do not.
 * @throws GatewayError
 */
export function rejectForeignResponse(
  headers: Readonly<Record<string, unknown>> | undefined,
  body: unknown,
  facts: StatementFacts,
): Promise<never> | undefined {
  if (headers === undefined || isFromClickHouse(headers) || !(body instanceof Readable)) return undefined;
  const status: unknown = Reflect.get(body, 'statusCode');
  const httpStatus = typeof status === 'number' ? status : 200;
  return httpStatus !== 200 || isPage(headers['content-type'], '') ? throwGatewayError(body, { ...facts, httpStatus }) : undefined;
}

async function throwGatewayError(body: Readable, facts: StatementFacts): Promise<never> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      if (!Buffer.isBuffer(chunk)) continue;
      chunks.push(chunk);
      length += chunk.length;
      if (length >= maxPageLength) break;
    }
  } catch {
    // The part that has arrived is enough.
  }
  const failure = new GatewayError(Buffer.concat(chunks).toString(), facts);
  destroyBody(body, failure);
  throw failure;
}
