import type { DataFormat, QueryResult } from '@clickhouse/client';
import { Readable } from 'node:stream';
import { overrideInspect } from '../config/secret.js';
import { translateBodyErrors, translateResultSetErrors } from './result-errors.js';
import type { Statement } from './statement.js';

/**
 * The result set, which ends its statement when its body has been read to the end, was closed or has failed.
 * Until then the statement occupies the server and a socket, whoever holds the rows.
 */
export function trackResultSet<Format extends DataFormat>(
  result: QueryResult<Format>,
  statement: Statement,
  format: string,
): QueryResult<Format> {
  // Only the body tells of its death when nobody reads it. The client declares it private, so we look and do not rely on it.
  const body: unknown = Reflect.get(result, '_stream');
  if (!(body instanceof Readable)) {
    statement.end(true);
    return result;
  }
  translateBodyErrors(body, statement, result.response_headers, format);
  trackBody(body, statement);
  return translateResultSetErrors(result, statement);
}

/** Without a listener for `error`: having one would hide failures that nobody else listens to. `close` follows each of them. */
export function trackBody(body: Readable, statement: Statement): void {
  // It leads to its request, whose headers say who asks.
  overrideInspect('the body of a result', body);
  if (body.closed) return statement.end(body.readableEnded);
  body.once('end', () => statement.end(true)).once('close', () => statement.end(false, body.errored ?? undefined));
  statement.setBody(body);
}
