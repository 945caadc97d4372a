/** Lines that are joined at a time. They are joined while they are new: strings that outlive a garbage collection are copied by it. */
const linesPerPiece = 64;
const lineFeed = 0x0a;

/** The text of rows that grows by lines. */
export class RowText {
  readonly #pieces: string[] = [];
  #lines: string[] = [];
  /** Length of all pieces in UTF-16, each with its line feed. */
  #length = 0;

  /** Adds one or several lines, without a line feed at the end. */
  add(lines: string): void {
    this.#lines.push(lines);
    if (this.#lines.length >= linesPerPiece) this.#join();
  }

  /** Returns all lines, each with a line feed at its end. */
  toString(): string {
    return [...this.#pieces, ...this.#lines, ''].join('\n');
  }

  /**
   * Writes all lines at the position, each with a line feed at its end.
   * @param bytes their length in UTF-8
   */
  writeTo(buffer: Buffer, position: number, bytes: number): void {
    this.#join();
    // Text of the same length in UTF-8 is ASCII, which is copied faster as it is.
    const encoding = this.#length === bytes ? 'latin1' : 'utf8';
    let end = position;
    // Not as one text: V8 allocates a long string many times slower than a short one.
    for (const piece of this.#pieces) {
      end += buffer.write(piece, end, encoding);
      end = buffer.writeUInt8(lineFeed, end);
    }
  }

  #join(): void {
    if (this.#lines.length === 0) return;
    const piece = this.#lines.join('\n');
    this.#pieces.push(piece);
    this.#length += piece.length + 1;
    this.#lines = [];
  }
}
