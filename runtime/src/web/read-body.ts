import { raceWithSignal } from '../concurrency/wait.js';
import { type FailureContext, StatementError, StreamError } from '../errors/index.js';
import { concatBytes } from '../statement/bytes.js';
import { parseFetchFailure } from './fetch-failure.js';
import { ResultContent } from './result-content.js';

type Body = ReadableStream<unknown>;

/** In bytes. The text of an error is shorter, and a page of a proxy may not end. */
const maxTextLength = 1024 * 1024;

/** Returns a chunk of a body. The client declares no type for it, and `fetch` promises bytes. @throws TypeError */
export function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError(
    `a chunk of the response is ${typeof chunk}, and not bytes; the fetch of createClickHouseService() must return a Response`,
  );
}

/**
 * Yields the chunks of a body. An abort ends it at once: the `fetch` of the caller may have dropped the signal.
 * @throws the reason of the signal; the error of the body
 */
async function* chunksOf(body: Body, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const part = await (signal ? raceWithSignal(signal, reader.read()) : reader.read());
      if (part.done) return;
      yield bytesOf(part.value);
    }
  } finally {
    // Does nothing after the end of the body.
    reader.cancel().catch(() => undefined);
  }
}

/**
 * Reads a body whose rows no caller needs. Resolves with its end, at most 64 KiB of text.
 * @param context facts of the statement, and the headers of the response
 * @throws the reason of the signal; the error of the statement that ends the body
 */
export async function readToEnd(body: Body, signal: AbortSignal | undefined, context: FailureContext): Promise<string> {
  const content = new ResultContent(context);
  try {
    for await (const chunk of chunksOf(body, signal)) content.takeRows(chunk);
    content.end();
  } catch (error) {
    signal?.throwIfAborted();
    // No rows were delivered, so this is an error of the statement and not of a result.
    throw error instanceof StreamError && error.cause instanceof StatementError ? error.cause : parseFetchFailure(error, context);
  }
  return new TextDecoder().decode(content.tail);
}

/**
 * Resolves with the text of a response that is an error, at most 1 MiB. If the connection is lost, it is the part that has arrived.
 * @throws the reason of the signal
 */
export async function readErrorText(body: Body | null, signal: AbortSignal | undefined): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    if (body)
      for await (const chunk of chunksOf(body, signal)) {
        chunks.push(chunk);
        length += chunk.length;
        if (length >= maxTextLength) break;
      }
  } catch {
    signal?.throwIfAborted();
  }
  return new TextDecoder().decode(concatBytes(chunks));
}
