import type { FailureContext } from '../errors/index.js';
import { concatBytes } from '../statement/bytes.js';
import { FrameFilter } from '../statement/frame-filter.js';
import { failureInTail, incompleteException } from '../statement/result-tail.js';
import { ExceptionLines } from './exception-lines.js';

/** An exception is in the last bytes of a body, at most this many. */
const tailBytes = 64 * 1024;

/** The bytes of one body: separates the rows from the exception that a server appends when a statement fails after its first rows. */
export class ResultContent {
  readonly #frames: FrameFilter | undefined;
  /** Empty if it is not known. */
  readonly #format: string;
  /** Only for a result whose format is known: other bodies are no lines. */
  readonly #lines: ExceptionLines | undefined;
  #chunks: Uint8Array[] = [];
  #length = 0;

  /** @param context has the headers of the response, with lower-case names, and the format if the client reads it */
  constructor(private readonly context: FailureContext) {
    const { 'x-clickhouse-exception-tag': tag, 'x-clickhouse-format': format } = context.headers ?? {};
    this.#format = context.format ?? (typeof format === 'string' ? format : '');
    this.#frames = typeof tag === 'string' ? new FrameFilter(tag) : undefined;
    this.#lines = this.#frames || this.#format === '' ? undefined : new ExceptionLines();
  }

  /** Returns the bytes that are rows for certain, of the next chunk and of those held back. */
  takeRows(chunk: Uint8Array): Uint8Array {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length - (this.#chunks[0]?.length ?? 0) >= tailBytes) this.#length -= this.#chunks.shift()?.length ?? 0;
    return (this.#frames ?? this.#lines)?.takeRows(chunk) ?? chunk;
  }

  /** The end of the body, at most 64 KiB. */
  get tail(): Uint8Array {
    return concatBytes(this.#chunks).subarray(-tailBytes);
  }

  /** Returns the rows that were held back, after the last chunk. @throws StreamError if the body ends with an exception or a truncated row */
  end(): Uint8Array | undefined {
    const failure = failureInTail(this.tail, this.#format, true, () => this.context);
    if (failure) throw failure;
    if (this.#frames?.hasFrame === true) throw incompleteException(this.context);
    return (this.#frames ?? this.#lines)?.pending;
  }
}
