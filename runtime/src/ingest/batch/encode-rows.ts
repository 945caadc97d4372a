import { InvalidArgumentError } from '../../errors/index.js';
import { isError } from '../../errors/is-error.js';

/** Rows as lines of JSON, which are accepted together. */
export interface RowChunk {
  /** One JSON object a line, without a line feed at the end. */
  readonly text: string;
  readonly rows: number;
  /** Length of the lines in UTF-8, each with a line feed at its end. */
  readonly bytes: number;
}

/** How rows become lines. */
export interface RowEncoding {
  /** The caller's encoder of a row. A caller without types may pass a row of any kind. Default: `JSON.stringify`. */
  stringify?(row: unknown): unknown;
  /** Maximum number of rows of a chunk. */
  readonly maxRows: number;
  /** Maximum length of a chunk in bytes. A longer row is a chunk of its own. */
  readonly maxBytes: number;
  /** Maximum length of a row in bytes. */
  readonly maxRowBytes: number;
  /** Maximum of what an empty store takes at once. */
  readonly bounds: RowBounds;
}

/** The options that limit the rows in a store. */
export interface RowBounds {
  readonly maxBufferedRows: number;
  readonly maxBufferedBytes: number;
  /** Infinity without a directory. */
  readonly maxDirectoryBytes: number;
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
  const lines: string[] = [];
  let length = 0;
  // Unlike `map`, it visits the holes of an array, which are no rows.
  for (let index = 0; index < rows.length; index++) {
    const line = encode(rows[index], index, encoding);
    lines.push(line);
    length += line.length + 1;
  }
  if (lines.length === 0) return [];
  const maxBytes = Math.min(encoding.maxBytes, encoding.maxRowBytes);
  // All rows together may exceed the longest string. UTF-8 has at least as many bytes as the text has characters.
  if (lines.length > encoding.maxRows || length > maxBytes) return divide(lines, encoding);
  // Most arrays are one chunk, and one long text is measured faster than many short ones.
  const text = lines.join('\n');
  const bytes = Buffer.byteLength(text) + 1;
  return bytes <= maxBytes ? [{ text, rows: lines.length, bytes }] : divide(lines, encoding);
}

/** @throws InvalidArgumentError if chunks are too many to be stored at once. One chunk always fits. */
export function assertStorable(chunks: readonly RowChunk[], { bounds }: RowEncoding): void {
  if (chunks.length < 2) return;
  const { rows, bytes } = totalOf(chunks);
  const assertAtMost = (option: keyof RowBounds, found: number, unit: string): void => {
    if (found <= bounds[option]) return;
    const reason = `tryAdd() found ${found} ${unit}, expected at most ${option} (${bounds[option]}). Pass fewer rows, or await add().`;
    throw new InvalidArgumentError(new RangeError(reason));
  };
  assertAtMost('maxBufferedRows', rows, 'rows');
  assertAtMost('maxBufferedBytes', bytes, 'bytes of rows');
  assertAtMost('maxDirectoryBytes', bytes, 'bytes of rows');
}

/** Returns the size of all chunks. */
export function totalOf(chunks: readonly RowChunk[]): { readonly rows: number; readonly bytes: number } {
  return chunks.reduce((total, { rows, bytes }) => ({ rows: total.rows + rows, bytes: total.bytes + bytes }), { rows: 0, bytes: 0 });
}

function divide(all: readonly string[], encoding: RowEncoding): readonly RowChunk[] {
  const chunks: RowChunk[] = [];
  let [lines, bytes]: [string[], number] = [[], 0];
  const end = (): void => {
    if (lines.length > 0) chunks.push({ text: lines.join('\n'), rows: lines.length, bytes });
    [lines, bytes] = [[], 0];
  };
  for (const [index, line] of all.entries()) {
    const size = sizeOf(line, index, encoding);
    if (lines.length >= encoding.maxRows || bytes + size > encoding.maxBytes) end();
    lines.push(line);
    bytes += size;
  }
  end();
  return chunks;
}

const openingBrace = 0x7b;
const anObject = 'an object with a property for each column';

function encode(row: unknown, index: number, encoding: RowEncoding): string {
  const isOwnEncoder = typeof encoding.stringify === 'function';
  let isPromise: boolean;
  let text: unknown;
  try {
    isPromise = isThenable(row);
    if (!isPromise) text = encoding.stringify ? encoding.stringify(row) : JSON.stringify(row);
  } catch (error) {
    throw invalidRow(index, isError(error) ? error.message : String(error), error);
  }
  if (isPromise) throw invalidRow(index, 'found a promise, expected a row: await it');
  if (typeof text !== 'string' || text.charCodeAt(0) !== openingBrace)
    throw invalidRow(index, `found ${describe(text)}, expected ${anObject}`);
  // JSON has no entries of a Map, an iterator and the like. A caller's encoder may write them.
  if (text === '{}' && !isOwnEncoder && !isRowOfDefaults(row)) throw invalidRow(index, `found ${nameOf(row)}, expected ${anObject}`);
  // A value with a line feed has `\n` in JSON: a real one comes from an encoder that indents.
  if (isOwnEncoder && text.includes('\n')) throw invalidRow(index, 'its JSON has a line feed, expected one line');
  if (isOwnEncoder) assertOneObject(text, index);
  return text;
}

/** A caller's text that begins with a brace may be no JSON, or several objects, which ClickHouse would read as several rows. */
function assertOneObject(text: string, index: number): void {
  try {
    JSON.parse(text);
  } catch {
    // The error of the parser is not passed on: it quotes the row, which is data.
    throw invalidRow(index, 'stringify returned text that is not the JSON of one object');
  }
}

/** Whether an object without JSON properties is meant as a row: it is plain, has properties that are undefined, or a JSON of its own. */
function isRowOfDefaults(row: unknown): boolean {
  if (typeof row !== 'object' || row === null) return false;
  const prototype: unknown = Object.getPrototypeOf(row);
  // The prototype of a plain object of another realm, such as a test runner's, has no prototype either.
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return isPlain || Object.keys(row).length > 0 || 'toJSON' in row;
}

/** Returns a name for a message: `a Map`. */
function nameOf(value: unknown): string {
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (tag !== 'Object') return `${/^[AEIO]/.test(tag) ? 'an' : 'a'} ${tag}`;
  const type: unknown = typeof value === 'object' && value !== null && 'constructor' in value ? value.constructor : undefined;
  const name = typeof type === 'function' ? type.name : tag;
  return name === tag ? 'an Object without properties of its own' : `an instance of ${name} without properties`;
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function sizeOf(line: string, index: number, { maxRowBytes }: RowEncoding): number {
  const bytes = Buffer.byteLength(line) + 1;
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
