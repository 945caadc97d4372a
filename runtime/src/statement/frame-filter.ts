const noBytes = Buffer.alloc(0);

/**
 * Separates rows from the exception that a server since 25.11 appends in a frame. The tag is random, so no row contains the marker, which may
 * be split over chunks.
 */
export class FrameFilter {
  readonly #marker: Buffer;
  /** A part of a marker that the last chunk ended with, or the frame. */
  #pending: Buffer[] = [];
  #hasFrame = false;

  /** @param tag the header `x-clickhouse-exception-tag` */
  constructor(tag: string) {
    this.#marker = Buffer.from(`\r\n__exception__\r\n${tag}`);
  }

  /** Whether a frame has begun. */
  get hasFrame(): boolean {
    return this.#hasFrame;
  }

  /** The bytes that were held back. Without a frame, they are rows if no further chunk follows. */
  get pending(): Buffer {
    return Buffer.concat(this.#pending);
  }

  /** Returns the bytes of the next chunk, and of those held back, that are rows for certain. */
  takeRows(chunk: Buffer): Buffer {
    if (this.#hasFrame) {
      this.#pending.push(chunk);
      return noBytes;
    }
    const bytes = this.#pending.length > 0 ? Buffer.concat([...this.#pending, chunk]) : chunk;
    const frame = bytes.indexOf(this.#marker);
    this.#hasFrame = frame !== -1;
    const end = this.#hasFrame ? frame : this.#startOfPart(bytes);
    this.#pending = end < bytes.length ? [bytes.subarray(end)] : [];
    return bytes.subarray(0, end);
  }

  /** Returns the index where the bytes end with a part of a marker, or their length. */
  #startOfPart(bytes: Buffer): number {
    for (let start = Math.max(0, bytes.length - this.#marker.length + 1); ; start++) {
      start = bytes.indexOf(this.#marker.subarray(0, 1), start);
      if (start === -1) return bytes.length;
      if (this.#marker.subarray(0, bytes.length - start).equals(bytes.subarray(start))) return start;
    }
  }
}
