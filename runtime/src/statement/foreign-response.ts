import { Readable } from 'node:stream';
import { isFromClickHouse } from '../client/server-headers.js';
import { type DoubtfulResponse, expectWrite, forgetWrite } from '../client/write-response.js';
import { GatewayError, parseFailure, parseResultTail, ServerError, type StatementError, type StatementFacts } from '../errors/index.js';
import { keywordOf } from '../errors/sql-keyword.js';
import { destroyBody, type Statement } from './statement.js';

/** A page begins so. */
const page = /^\s*<(?:!doctype\s+html|html|head|body)\b/i;
/** The content types of ClickHouse for an insert. */
const ownContentTypes = /^text\/(?:plain|tab-separated-values)\b/i;
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

/** An empty body without headers of ClickHouse is a success: a proxy may remove them. */
function failureOfWrite({ httpStatus, headers }: DoubtfulResponse, text: string, statement: StatementFacts): StatementError | undefined {
  const facts = { ...statement, httpStatus };
  const isOwn = isFromClickHouse(headers);
  // Without progress headers, an exception follows rows, whose first one may quote another exception.
  const isException = (!isOwn || headers['x-clickhouse-progress'] !== undefined) && /^\s*(?:Code|Error): \d/.test(text);
  const failure = isException ? parseFailure(new Error(text.trim()), facts) : exceptionAfterRows(text, headers, facts);
  if (failure instanceof ServerError && failure.clickhouseCode !== undefined) return failure;
  if (httpStatus !== 200) return new GatewayError(text, facts);
  if (isOwn) return undefined;
  const isInsert = statement.sql === undefined || keywordOf(statement.sql) === 'INSERT';
  const contentType = headers['content-type'];
  // Other statements may have a result, which the client discards. An insert has none, and a plain text proves nothing.
  const isForeignDocument = isInsert && text.trim() !== '' && contentType !== undefined && !ownContentTypes.test(contentType);
  return isPage(contentType, text) || isForeignDocument ? new GatewayError(text, facts) : undefined;
}

function exceptionAfterRows(text: string, headers: DoubtfulResponse['headers'], facts: StatementFacts): unknown {
  const known = ['x-clickhouse-exception-tag', 'x-clickhouse-progress', 'x-clickhouse-format'];
  const own = known.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]] as const] : []));
  return parseResultTail(text, { ...facts, headers: Object.fromEntries(own) })?.cause;
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

function isPage(contentType: unknown, text: string): boolean {
  return (typeof contentType === 'string' && /^text\/html\b/i.test(contentType)) || page.test(text);
}
