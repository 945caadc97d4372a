import type { FailureContext } from '../errors/index.js';
import type { Statement } from '../statement/statement.js';
import { statementFailure } from '../statement/stream-failure.js';
import { trackBody } from './result-body.js';

/** The part of a result set that is tracked. */
interface BodyReader {
  json(): Promise<unknown>;
}

/** Returns the result set. Its statement ends when the body was read to its end, was cancelled or has failed. */
export function trackResultSet<Result extends BodyReader>(
  result: Result,
  statement: Statement,
  context: Pick<FailureContext, 'headers' | 'format'>,
): Result {
  // The client declares both private, so they may be absent in another version.
  const body: unknown = Reflect.get(result, '_stream');
  if (!(body instanceof ReadableStream)) {
    statement.end(true);
    return result;
  }
  const tracked = trackBody(body, statement, context);
  Reflect.set(result, '_stream', tracked);
  // Otherwise the client takes every carriage return at the end of a line for the marker of an exception, also in data.
  Reflect.set(result, 'exceptionTag', undefined);
  const reader: BodyReader = result;
  const json = result.json.bind(result);
  const isBeingRead = (): boolean => tracked.locked;
  reader.json = () => {
    const isFirstReader = !isBeingRead();
    return json().catch((error: unknown) => {
      const failure = statementFailure(error, statement, 0);
      // The client leaves the body open if a row cannot be parsed.
      if (isFirstReader && isBeingRead()) statement.fail(failure);
      throw failure;
    });
  };
  return result;
}
