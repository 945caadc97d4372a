import { concatBytes } from '../statement/bytes.js';

/** In bytes. No exception is longer. */
const maxLength = 64 * 1024;
const lineFeed = 10;

const encoder = new TextEncoder();
/** An exception in plain text may have several lines, and may follow a part of a row. */
const textStart = encoder.encode('Code: ');
/** An exception in JSON is the last row. */
const rowStarts = ['{"exception":', '["Code: '].map((start) => encoder.encode(start));

/**
 * Separates rows from the exception that a server before 25.11 appends without a mark. Lines that may belong to one are held back until more
 * rows or the end of the body decide it, and so is the last line while it is not complete.
 */
export class ExceptionLines {
  /** Begins at the start of a line, unless it is empty. */
  #pending: Uint8Array = new Uint8Array(0);
  /** Whether the next bytes begin in a line whose start was given to the reader: it is too long for an exception. */
  #isInLongLine = false;

  /** The bytes that were held back. They are rows if no further chunk follows and the body has no exception. */
  get pending(): Uint8Array {
    return this.#pending;
  }

  /** Returns the bytes of the next chunk, and of those held back, that are rows for certain. */
  takeRows(chunk: Uint8Array): Uint8Array {
    const bytes = this.#pending.length > 0 ? concatBytes([this.#pending, chunk]) : chunk;
    let end = this.#isInLongLine ? lineAfter(bytes, 0) : 0;
    if (end !== undefined) end = firstException(bytes, end);
    // A line with more bytes behind it than an exception has is a row.
    while (end !== undefined && bytes.length - end > maxLength) {
      const next = lineAfter(bytes, end);
      end = next === undefined ? undefined : firstException(bytes, next);
    }
    this.#isInLongLine = end === undefined;
    this.#pending = bytes.subarray(end ?? bytes.length);
    return bytes.subarray(0, end);
  }
}

/** Returns the index of the line that follows the index. Undefined if the bytes do not have its start. */
function lineAfter(bytes: Uint8Array, index: number): number | undefined {
  const end = bytes.indexOf(lineFeed, index);
  return end === -1 ? undefined : end + 1;
}

/** Returns the index of the first line that may belong to an exception, or that is not complete. @param start index of a line */
function firstException(bytes: Uint8Array, start: number): number {
  const text = indexOf(bytes, textStart, start);
  if (text !== -1) return Math.max(start, bytes.lastIndexOf(lineFeed, text) + 1);
  const incomplete = Math.max(start, bytes.lastIndexOf(lineFeed) + 1);
  if (incomplete <= start + 1) return incomplete;
  const last = Math.max(start, bytes.lastIndexOf(lineFeed, incomplete - 2) + 1);
  return rowStarts.some((rowStart) => beginsWith(bytes, last, rowStart)) ? last : incomplete;
}

/** Returns the index of the text in the bytes, or -1. */
function indexOf(bytes: Uint8Array, text: Uint8Array, start: number): number {
  const [first = 0] = text;
  for (let index = bytes.indexOf(first, start); index !== -1; index = bytes.indexOf(first, index + 1))
    if (beginsWith(bytes, index, text)) return index;
  return -1;
}

function beginsWith(bytes: Uint8Array, index: number, text: Uint8Array): boolean {
  return index + text.length <= bytes.length && text.every((byte, offset) => bytes[index + offset] === byte);
}
