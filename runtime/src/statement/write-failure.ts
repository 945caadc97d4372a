import { isFromClickHouse } from '../client/server-headers.js';
import {
  type FailureContext,
  GatewayError,
  parseFailure,
  parseResultTail,
  ServerError,
  type StatementError,
  type StatementFacts,
} from '../errors/index.js';
import { keywordOf } from '../errors/sql-keyword.js';

/** A page begins so. */
const page = /^\s*<(?:!doctype\s+html|html|head|body)\b/i;
/** The content types of ClickHouse for an insert. */
const ownContentTypes = /^text\/(?:plain|tab-separated-values)\b/i;

type Headers = NonNullable<FailureContext['headers']>;

/** Status and headers of a response to a write. The status is 200 to 299. */
export interface WriteResponse {
  readonly httpStatus: number;
  readonly headers: Headers;
}

/**
 * Returns the failure that a response to a write shows although its status is a success: an exception in its body, or the answer of a proxy.
 * An empty body without headers of ClickHouse is a success: a proxy may remove them.
 * @param text the end of the body, at most 64 KiB
 * @param statement without `sql` for an insert
 */
export function failureOfWrite(
  { httpStatus, headers }: WriteResponse,
  text: string,
  statement: StatementFacts,
): StatementError | undefined {
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
  const isForeignDocument = isInsert && text.trim() !== '' && typeof contentType === 'string' && !ownContentTypes.test(contentType);
  return isPage(contentType, text) || isForeignDocument ? new GatewayError(text, facts) : undefined;
}

function exceptionAfterRows(text: string, headers: Headers, facts: StatementFacts): unknown {
  const known = ['x-clickhouse-exception-tag', 'x-clickhouse-progress', 'x-clickhouse-format'];
  const own = known.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]] as const] : []));
  return parseResultTail(text, { ...facts, headers: Object.fromEntries(own) })?.cause;
}

/** Whether the type or the text of a body is that of a web page. */
export function isPage(contentType: unknown, text: string): boolean {
  return (typeof contentType === 'string' && /^text\/html\b/i.test(contentType)) || page.test(text);
}
