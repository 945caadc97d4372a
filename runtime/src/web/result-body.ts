import { type FailureContext, parseFailure, ServerError, StreamError } from '../errors/index.js';
import { onAbort } from '../concurrency/abort-listeners.js';
import type { Statement } from '../statement/statement.js';
import { parseFetchFailure } from './fetch-failure.js';
import { bytesOf } from './read-body.js';
import { ResultContent } from './result-content.js';

/**
 * Returns the body for its reader. It ends the statement when it was read to its end, was cancelled or has failed: until then the statement
 * occupies the server. Its failures are errors of this package.
 * @param context the headers of the response, with lower-case names, and the format
 */
export function trackBody(
  body: ReadableStream<unknown>,
  statement: Statement,
  context: Pick<FailureContext, 'headers' | 'format'>,
): ReadableStream<Uint8Array> {
  const content = new ResultContent({ ...statement.facts, ...context });
  const reader = body.getReader();
  let stopListening = (): void => undefined;

  const end = (isServerDone: boolean, failure?: unknown): void => {
    stopListening();
    statement.end(isServerDone, failure);
  };

  const fail = (controller: ReadableStreamDefaultController<Uint8Array>, error: unknown): void => {
    const failure = statement.failure ?? statement.withAttempts(streamFailure(error, statement));
    if (failure instanceof StreamError) statement.streamError = failure;
    end(failure instanceof StreamError && failure.cause instanceof ServerError, failure);
    controller.error(failure);
    // The reader has its error, to which a failure of the cancellation adds nothing.
    reader.cancel(failure).catch(() => undefined);
  };

  return new ReadableStream<Uint8Array>({
    start(controller) {
      if (statement.failure) fail(controller, statement.failure);
      else stopListening = onAbort(statement.signal, () => fail(controller, statement.failure));
    },
    async pull(controller) {
      try {
        let rows: Uint8Array | undefined;
        do {
          const { done, value } = await reader.read();
          if (statement.failure) return;
          if (done) {
            const last = content.end();
            if (last && last.length > 0) controller.enqueue(last);
            end(true);
            controller.close();
            return;
          }
          rows = content.takeRows(bytesOf(value));
          // Without a chunk for its reader, the stream would not pull again.
        } while (rows.length === 0);
        controller.enqueue(rows);
      } catch (error) {
        if (statement.failure === undefined) fail(controller, error);
      }
    },
    async cancel(reason) {
      end(false);
      await reader.cancel(reason);
    },
  });
}

function streamFailure(error: unknown, { facts }: Statement): Error {
  if (error instanceof StreamError) return error;
  return parseFailure(parseFetchFailure(error, facts), { ...facts, isStreaming: true });
}
