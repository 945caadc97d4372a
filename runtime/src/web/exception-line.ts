import { concatBytes } from '../statement/bytes.js';

const noBytes = new Uint8Array(0);
const lineFeed = 10;
/** How a line of an exception begins. No JSON value does. */
const start = new TextEncoder().encode('Code: ');

/**
 * Separates rows of JSON, one a line, from the plain text of an exception that a server before 25.11 appends. A reader of the rows would fail
 * at this text before the body ends.
 */
export class ExceptionLineFilter {
  /** The last bytes, if a line may begin there with the exception. */
  #held: Uint8Array = noBytes;
  #isLineStart = true;

  /** Whether the text of an exception has begun. */
  get hasException(): boolean {
    return this.#held.length >= start.length;
  }

  /** Returns the bytes of the next chunk, and of those held back, that are rows for certain. All after an exception is none. */
  takeRows(chunk: Uint8Array): Uint8Array {
    if (this.hasException) return noBytes;
    const bytes = this.#held.length > 0 ? concatBytes([this.#held, chunk]) : chunk;
    let line = this.#isLineStart ? 0 : lineAfter(bytes, 0);
    while (line !== -1 && !mayBeException(bytes, line)) line = lineAfter(bytes, line);
    this.#isLineStart = line !== -1;
    const end = line === -1 ? bytes.length : line;
    this.#held = bytes.subarray(end);
    return bytes.subarray(0, end);
  }
}

/** Returns the index after the next line feed, which may be the end. -1: there is none. */
function lineAfter(bytes: Uint8Array, from: number): number {
  return bytes.indexOf(lineFeed, from) + 1 || -1;
}

/** Whether the bytes from here on are the start of an exception, or end before this is certain. */
function mayBeException(bytes: Uint8Array, line: number): boolean {
  return start.every((byte, index) => line + index >= bytes.length || bytes[line + index] === byte);
}
