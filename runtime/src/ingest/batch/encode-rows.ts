import { InvalidArgumentError } from '../../errors/index.js';
import { isError } from '../../errors/is-error.js';

/** Rows as lines of JSON, which are accepted together. */
export interface RowChunk {
  /** One JSON object a line, each with a line feed at its end. */
  readonly text: string;
  readonly rows: number;
  /** Length of the text in UTF-8. */
  readonly bytes: number;
}

/** How rows become lines. */
export interface RowEncoding {
  /** Returns the JSON text of a row. */
  readonly stringify: (row: unknown) => string | undefined;
  /** Maximum number of rows of a chunk. */
  readonly maxRows: number;
  /** Maximum length of a chunk in bytes. A longer row is a chunk of its own. */
  readonly maxBytes: number;
  /** Maximum length of a row in bytes. */
  readonly maxRowBytes: number;
}

/** Returns the chunk of one row. @throws InvalidArgumentError if the row cannot be encoded */
export function encodeRow(row: unknown, encoding: RowEncoding): RowChunk {
  const text = encode(row, 0, encoding);
  return { text, rows: 1, bytes: sizeOf(text, 0, encoding) };
}

/**
 * Returns the rows in chunks of at most one batch each. All rows are encoded first, so that either all can be accepted or none.
 * @throws InvalidArgumentError if a row cannot be encoded
 */
export function encodeRows(rows: readonly unknown[], encoding: RowEncoding): readonly RowChunk[] {
  const chunks: RowChunk[] = [];
  let [lines, bytes]: [string[], number] = [[], 0];
  const end = (): void => {
    if (lines.length > 0) chunks.push({ text: lines.join(''), rows: lines.length, bytes });
    [lines, bytes] = [[], 0];
  };
  for (const [index, row] of rows.entries()) {
    const line = encode(row, index, encoding);
    const size = sizeOf(line, index, encoding);
    if (lines.length >= encoding.maxRows || bytes + size > encoding.maxBytes) end();
    lines.push(line);
    bytes += size;
  }
  end();
  return chunks;
}

function encode(row: unknown, index: number, { stringify }: RowEncoding): string {
  let text: unknown;
  try {
    text = stringify(row);
  } catch (error) {
    throw invalidRow(index, isError(error) ? error.message : String(error), error);
  }
  if (typeof text !== 'string' || !text.startsWith('{'))
    throw invalidRow(index, `found ${describe(text)}, expected an object with a property for each column`);
  // A value with a line feed has `\n` in JSON: a real one comes from an encoder that indents.
  if (text.includes('\n')) throw invalidRow(index, 'its JSON has a line feed, expected one line');
  return `${text}\n`;
}

function sizeOf(line: string, index: number, { maxRowBytes }: RowEncoding): number {
  const bytes = Buffer.byteLength(line);
  if (bytes > maxRowBytes) throw invalidRow(index, `it has ${bytes} bytes, expected at most maxBufferedBytes (${maxRowBytes})`);
  return bytes;
}

function describe(text: unknown): string {
  if (typeof text !== 'string') return 'no JSON text';
  return text.startsWith('[') ? 'a list' : text.startsWith('"') ? 'text' : 'a value that is no object';
}

function invalidRow(index: number, reason: string, cause?: unknown): InvalidArgumentError {
  return new InvalidArgumentError(new TypeError(`Row ${index} cannot be added: ${reason}.`, { cause }));
}
