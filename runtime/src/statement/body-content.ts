/** An exception is in the last bytes of a body, at most this many. */
const tailBytes = 64 * 1024;

/** An exception in plain text begins so. */
const exceptionStart = Buffer.from('Code: ');
const overlap = exceptionStart.length - 1;
const none = Buffer.alloc(0);

/** The bytes of a body that matter for an exception in it: the last ones, and whether one may have begun. */
export class BodyContent {
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #isCut = false;
  #isScanned = false;
  #mayHaveException = false;
  /** The last bytes before the next chunk: the start of an exception may be divided. */
  #before: Buffer = none;
  /** Whether the whole body has arrived and has no exception. */
  isVerified = false;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#chunks.length > 1 && this.#length - (this.#chunks[0]?.length ?? 0) >= tailBytes) {
      this.#length -= this.#chunks.shift()?.length ?? 0;
      this.#isCut = true;
    }
    if (this.#isScanned) this.#scan(chunk);
  }

  /** The last 64 KiB. */
  get tail(): Buffer {
    const [first] = this.#chunks;
    const bytes = first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    return bytes.subarray(-tailBytes);
  }

  /** Scans everything from the first byte on. Only the reader of rows needs it. */
  beginScan(): void {
    if (this.#isScanned) return;
    this.#isScanned = true;
    this.#mayHaveException ||= this.#isCut;
    for (const chunk of this.#chunks) this.#scan(chunk);
  }

  /** Whether an exception in plain text may have begun. Searching the bytes of a chunk once is much faster than looking at each row. */
  get mayHaveException(): boolean {
    return this.#mayHaveException;
  }

  /** Adds a chunk that is no bytes, and that may be anything. */
  addUnknown(): void {
    this.#mayHaveException = this.#isCut = true;
  }

  #scan(chunk: Buffer): void {
    if (this.#mayHaveException) return;
    const border = Buffer.concat([this.#before, chunk.subarray(0, overlap)]);
    this.#mayHaveException = border.includes(exceptionStart) || chunk.includes(exceptionStart);
    this.#before = chunk.length >= overlap ? chunk.subarray(-overlap) : border.subarray(-overlap);
  }
}
