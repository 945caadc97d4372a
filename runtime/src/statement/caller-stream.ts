import type { Readable } from 'node:stream';
import { isError } from '../errors/is-error.js';
import type { BodySource, ValuesBody } from '../client/values-body.js';

/**
 * One stream with the values of a statement. Nothing is read before a body wants it, so an attempt that no server received leaves the
 * stream as it was. Records whether the stream failed by itself: a body that the connection destroyed is no failure of the stream.
 */
export class CallerStream implements BodySource {
  /** The failure of the stream itself, or of the encoding of its rows. */
  failure: Error | undefined;
  /** Whether a chunk was taken. Then no further attempt is possible. */
  isRead = false;
  /** Whether a body waits for the next chunk. */
  isAwaited = false;
  #hasEnded = false;
  #body: ValuesBody | undefined;

  /** @param stream the stream to read. It gets listeners, so that an error while the statement waits does not end the process. */
  constructor(private readonly stream: Readable) {
    if (stream.errored) this.failure = stream.errored;
    else if (stream.readableEnded || stream.destroyed) this.failure = new Error('The stream of the values was read or destroyed before.');
    stream.on('error', this.#fail).on('end', this.#end).on('close', this.#close);
  }

  read(body: ValuesBody): void {
    if (this.failure) return void body.destroy(this.failure);
    if (this.#hasEnded) return void body.push(null);
    if (this.#body !== body) {
      this.#body = body;
      this.stream.on('data', this.#add);
    }
    this.isAwaited = true;
    this.stream.resume();
  }

  release(body: ValuesBody, error: Error | null): void {
    if (this.#body !== body) return;
    this.#body = undefined;
    this.stream.off('data', this.#add).pause();
    if (this.isRead) this.destroy(error);
  }

  /** Destroys the stream unless it has ended. The error is for its other users. */
  destroy(error: Error | null): void {
    if (this.#hasEnded) return;
    this.detach();
    this.stream.on('error', () => undefined);
    if (!this.stream.destroyed) this.stream.destroy(error ?? undefined);
  }

  /** Leaves the stream to the caller, as it was. */
  detach(): void {
    this.stream.off('error', this.#fail).off('end', this.#end).off('close', this.#close);
    // An error that is about to be emitted has been reported to the statement. Without a listener, it would end the process.
    if (this.failure) this.stream.on('error', () => undefined);
  }

  readonly #add = (chunk: unknown): void => {
    this.isRead = true;
    this.isAwaited = false;
    try {
      if (this.#body?.add(chunk) === false) this.stream.pause();
    } catch (error) {
      this.#fail(isError(error) ? error : new Error(String(error), { cause: error }));
    }
  };

  readonly #fail = (error: Error): void => {
    this.failure ??= error;
    this.#body?.destroy(error);
  };

  readonly #end = (): void => {
    this.#hasEnded = true;
    this.isAwaited = false;
    this.#body?.push(null);
  };

  readonly #close = (): void => {
    if (!this.#hasEnded && !this.failure)
      this.#fail(Object.assign(new Error('The stream of the values was closed before its end.'), { code: 'ERR_STREAM_PREMATURE_CLOSE' }));
  };
}
