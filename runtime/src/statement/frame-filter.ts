import { concatBytes, indexOfPart } from './bytes.js';

const noBytes = new Uint8Array(0);

/**
 * Separates rows from the exception that a server since 25.11 appends in a frame. The tag is random, so no row contains the marker, which may
 * be split over chunks.
 */
export class FrameFilter {
  readonly #marker: Uint8Array;
  /** A part of a marker that the last chunk ended with, or the frame. */
  #pending: Uint8Array[] = [];
  #hasFrame = false;

  /** @param tag the header `x-clickhouse-exception-tag` */
  constructor(tag: string) {
    this.#marker = new TextEncoder().encode(`\r\n__exception__\r\n${tag}`);
  }

  /** Whether a frame has begun. */
  get hasFrame(): boolean {
    return this.#hasFrame;
  }

  /** The bytes that were held back. Without a frame, they are rows if no further chunk follows. */
  get pending(): Uint8Array {
    return concatBytes(this.#pending);
  }

  /** Returns the bytes of the next chunk, and of those held back, that are rows for certain. */
  takeRows(chunk: Uint8Array): Uint8Array {
    if (this.#hasFrame) {
      this.#pending.push(chunk);
      return noBytes;
    }
    const bytes = this.#pending.length > 0 ? concatBytes([...this.#pending, chunk]) : chunk;
    const end = indexOfPart(bytes, this.#marker);
    this.#hasFrame = bytes.length - end >= this.#marker.length;
    this.#pending = end < bytes.length ? [bytes.subarray(end)] : [];
    return bytes.subarray(0, end);
  }
}
