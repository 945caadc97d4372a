import { ConnectionLostError, type FailureContext, parseResultTail, StreamError } from '../errors/index.js';
import { concatBytes } from '../statement/bytes.js';
import { FrameFilter } from '../statement/frame-filter.js';
import { isLineFormat } from '../statement/line-formats.js';
import { ExceptionLineFilter } from './exception-line.js';

/** An exception is in the last bytes of a body, at most this many. */
const tailBytes = 64 * 1024;

const lineFeed = 10;

/** The bytes of one body: separates the rows from the exception that a server appends when a statement fails after its first rows. */
export class ResultContent {
  readonly #frames: FrameFilter | undefined;
  /** For rows that are lines of JSON, from a server that marks no exception. */
  readonly #lines: ExceptionLineFilter | undefined;
  readonly #hasLines: boolean;
  #chunks: Uint8Array[] = [];
  #length = 0;

  /** @param context has the headers of the response, with lower-case names, and the format */
  constructor(private readonly context: FailureContext) {
    const tag = context.headers?.['x-clickhouse-exception-tag'];
    this.#frames = typeof tag === 'string' ? new FrameFilter(tag) : undefined;
    const format = context.format ?? context.headers?.['x-clickhouse-format'];
    this.#hasLines = typeof format === 'string' && isLineFormat(format);
    this.#lines = this.#hasLines && !this.#frames ? new ExceptionLineFilter() : undefined;
  }

  /** Returns the bytes that are rows for certain, of the next chunk and of those held back. */
  takeRows(chunk: Uint8Array): Uint8Array {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length - (this.#chunks[0]?.length ?? 0) >= tailBytes) this.#length -= this.#chunks.shift()?.length ?? 0;
    return (this.#frames ?? this.#lines)?.takeRows(chunk) ?? chunk;
  }

  /** Returns the rows that were held back, after the last chunk. @throws StreamError if the body ends with an exception, or in a row */
  end(): Uint8Array | undefined {
    const exception = parseResultTail(new TextDecoder().decode(concatBytes(this.#chunks)), this.context);
    if (exception) throw exception;
    if (this.#frames?.hasFrame === true || this.#lines?.hasException === true) throw this.#truncated('an exception');
    const last = this.#chunks.at(-1)?.at(-1);
    if (this.#hasLines && last !== undefined && last !== lineFeed) throw this.#truncated('a row');
    return this.#frames?.pending;
  }

  #truncated(part: string): StreamError {
    return new StreamError(new ConnectionLostError(undefined, `the result ends in the middle of ${part}`, this.context), undefined);
  }
}
