/** Lines that are joined at a time. They are joined while they are new: strings that outlive a garbage collection are copied by it. */
const linesPerPiece = 64;

/** The text of rows that grows by lines. */
export class RowText {
  readonly #pieces: string[] = [];
  #lines: string[] = [];

  /** Adds one or several lines, without a line feed at the end. */
  add(lines: string): void {
    this.#lines.push(lines);
    if (this.#lines.length < linesPerPiece) return;
    this.#pieces.push(this.#lines.join('\n'));
    this.#lines = [];
  }

  /** Returns all lines, each with a line feed at its end. */
  toString(): string {
    return `${[...this.#pieces, ...this.#lines].join('\n')}\n`;
  }

  /**
   * Writes all lines at the position.
   * @param length their length in UTF-8
   */
  writeTo(buffer: Buffer, position: number, length: number): void {
    const text = this.toString();
    // Text of the same length in UTF-8 is ASCII, which is copied faster as it is.
    buffer.write(text, position, text.length === length ? 'latin1' : 'utf8');
  }
}
