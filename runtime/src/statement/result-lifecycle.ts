import type { DataFormat, QueryResult } from '@clickhouse/client';
import { Readable } from 'node:stream';
import { inspectOverride } from '../config/secret.js';
import type { BodyContent } from './body-content.js';
import type { OpenResults } from './open-results.js';
import type { BodyOwner, ResultDelivery } from './result-delivery.js';
import { translateBodyErrors } from './result-errors.js';
import { translateRowErrors } from './row-errors.js';
import type { Statement } from './statement.js';
import { statementFailure } from './stream-failure.js';

/** The methods of a result set that read its body. */
interface BodyReader {
  json(): Promise<unknown>;
  text(): Promise<unknown>;
  stream(): unknown;
}

const hideBody = inspectOverride('the body of a result');

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
  const content = translateBodyErrors(body, statement, result.response_headers, format);
  // Otherwise the client takes every carriage return at the end of a line for the marker of an exception, also in data.
  Reflect.set(result, 'exceptionTag', undefined);
  const delivery = trackBody(body, statement, results, 'result set');
  trackReaders(result, statement, content, delivery);
  return result;
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
  hideBody(body);
  if (body.closed) {
    statement.end(body.readableEnded);
    return undefined;
  }
  const delivery = results.add(statement, body, reader);
  body.on('end', () => {
    statement.end(true);
    delivery.bodyOver();
  });
  body.on('close', () => {
    statement.end(false, body.errored ?? undefined);
    delivery.bodyOver();
  });
  statement.setBody(body);
  return delivery;
}

/**
 * Converts the failures of the methods of a result set to errors of this package: invalid rows, and exceptions that the client finds
 * itself. Reports to the delivery that the caller reads the result, and until when.
 */
function trackReaders(result: BodyReader, statement: Statement, content: BodyContent, delivery: ResultDelivery | undefined): void {
  const [json, text, stream] = [result.json.bind(result), result.text.bind(result), result.stream.bind(result)];
  const track = (value: Promise<unknown>): Promise<unknown> => {
    const translated = value.catch((error: unknown) => {
      throw statementFailure(error, statement, 0);
    });
    return delivery ? delivery.trackPromise(translated) : translated;
  };
  result.json = () => {
    statement.isBuffered = true;
    return track(json());
  };
  result.text = () => track(text());
  result.stream = () => {
    const rows = stream();
    if (!(rows instanceof Readable)) return rows;
    translateRowErrors(rows, content, statement);
    // `json()` reads a stream of its own, and its promise is tracked.
    if (statement.isBuffered) delivery?.setRows(rows);
    else delivery?.trackStream(rows);
    return rows;
  };
}
