import type { DataFormat, QueryResult } from '@clickhouse/client';
import { Readable } from 'node:stream';
import { overrideInspect } from '../config/secret.js';
import { type BodyReader, translateBodyErrors, translateResultSetErrors } from './result-errors.js';
import type { OpenResults } from './open-results.js';
import type { BodyOwner, ResultDelivery } from './result-delivery.js';
import type { Statement } from './statement.js';

/**
 * Returns the result set. It ends its statement when its body was read to the end, was closed or has failed. Until then the statement
 * occupies the server and a socket.
 * @throws StreamError if the body has arrived already and ends with an exception
 */
export function trackResultSet<Format extends DataFormat>(
  result: QueryResult<Format>,
  statement: Statement,
  results: OpenResults,
  format: string,
): QueryResult<Format> {
  // Without a reader, only the body reports its end. The client declares it private, so it may be absent in another version.
  const body: unknown = Reflect.get(result, '_stream');
  if (!(body instanceof Readable)) {
    statement.end(true);
    return result;
  }
  translateBodyErrors(body, statement, result.response_headers, format);
  // Otherwise the client takes every carriage return at the end of a line for the marker of an exception, also in data.
  Reflect.set(result, 'exceptionTag', undefined);
  const delivery = trackBody(body, statement, results, 'result set');
  return trackReaders(translateResultSetErrors(result, statement), delivery);
}

/**
 * Ends the statement when its body ends. `close` follows each `error`: a listener for `error` would hide failures without another listener.
 */
export function trackBody(
  body: Readable,
  statement: Statement,
  results: OpenResults,
  reader: BodyOwner = 'caller',
): ResultDelivery | undefined {
  // The body refers to its request, whose headers contain the credentials.
  overrideInspect('the body of a result', body);
  if (body.closed) {
    statement.end(body.readableEnded);
    return undefined;
  }
  body.once('end', () => statement.end(true)).once('close', () => statement.end(false, body.errored ?? undefined));
  statement.setBody(body);
  return results.add(statement, body, reader);
}

/** Reports to the delivery that the caller reads the result, and until when. */
function trackReaders<Result extends BodyReader>(result: Result, delivery: ResultDelivery | undefined): Result {
  if (!delivery) return result;
  const [json, text, stream] = [result.json.bind(result), result.text.bind(result), result.stream.bind(result)];
  result.json = () => delivery.trackPromise(json());
  result.text = () => delivery.trackPromise(text());
  result.stream = () => {
    const rows = stream();
    if (rows instanceof Readable) delivery.trackStream(rows);
    return rows;
  };
  return result;
}
