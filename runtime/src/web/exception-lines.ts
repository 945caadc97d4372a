import { concatBytes } from '../statement/bytes.js';

/** In bytes. No exception is longer. */
const maxLength = 64 * 1024;
const lineFeed = 10;

const encoder = new TextEncoder();
/** An exception in plain text may have several lines, so any line can be its first one. */
const textStart = encoder.encode('Code: ');
/** An exception in JSON is the last row. */
const rowStarts = ['{"exception":', '["Code: '].map((start) => encoder.encode(start));

/**
 * Separates rows from the exception that a server before 25.11 appends without a mark. Lines that may belong to one are held back until more
 * rows or the end of the body decide it.
 */
export class ExceptionLines {
  /** Begins at the start of a line, unless it is empty. */
  #pending: Uint8Array = new Uint8Array(0);
  #isLineStart = true;
  #isDecided = false;

  /** The bytes that were held back. They are rows if no further chunk follows and the body has no exception. */
  get pending(): Uint8Array {
    return this.#pending;
  }

  /** Returns the bytes of the next chunk, and of those held back, that are rows for certain. */
  takeRows(chunk: Uint8Array): Uint8Array {
    if (this.#isDecided) return chunk;
    const bytes = this.#pending.length > 0 ? concatBytes([this.#pending, chunk]) : chunk;
    const end = firstException(bytes, this.#isLineStart || this.#pending.length > 0);
    this.#isDecided = bytes.length - end > maxLength;
    const rows = this.#isDecided ? bytes : bytes.subarray(0, end);
    this.#pending = bytes.subarray(rows.length);
    if (bytes.length > 0) this.#isLineStart = bytes.at(-1) === lineFeed;
    return rows;
  }
}

/** Returns the index of the first line that may belong to an exception, or the length of the bytes. */
function firstException(bytes: Uint8Array, isLineStart: boolean): number {
  let last = bytes.length;
  let line = isLineStart ? 0 : bytes.indexOf(lineFeed) + 1;
  if (line === 0 && !isLineStart) return bytes.length;
  while (line < bytes.length) {
    if (beginsWith(bytes, line, textStart)) return line;
    last = line;
    const end = bytes.indexOf(lineFeed, line);
    if (end === -1) break;
    line = end + 1;
  }
  return last < bytes.length && rowStarts.some((start) => beginsWith(bytes, last, start)) ? last : bytes.length;
}

/** Whether the bytes at the index are the text, or a start of it that the bytes end with. */
function beginsWith(bytes: Uint8Array, index: number, text: Uint8Array): boolean {
  const length = Math.min(text.length, bytes.length - index);
  for (let offset = 0; offset < length; offset++) if (bytes[index + offset] !== text[offset]) return false;
  return true;
}
