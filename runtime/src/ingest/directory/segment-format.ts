import { crc32 } from 'node:zlib';
import type { RowText } from '../batch/row-text.js';

/**
 * A segment is a text of groups. A group is a line such as `#rows=3 bytes=120 crc32=0a1b2c3d`, and then so many bytes of rows, one JSON object a
 * line. One write to the disk is one group, so a write that a crash has cut off is found by its length or its checksum. `grep -v '^#'` prints the
 * rows.
 */
const headerPattern = /^#rows=(\d{1,9}) bytes=(\d{1,12}) crc32=([0-9a-f]{8})$/;
const shortestHeader = '#rows=1 bytes=1 crc32=00000000';
const maxHeaderBytes = 64;
const lineFeed = 0x0a;
const [openingBrace, closingBrace] = [0x7b, 0x7d];

/**
 * Returns the rows as a group.
 * @param length length of the text in UTF-8
 */
export function encodeGroup(text: RowText, rows: number, length: number): Buffer {
  // One buffer for both, since a second one would cost a copy. The length of the header is known after its checksum.
  const group = Buffer.allocUnsafe(maxHeaderBytes + length);
  text.writeTo(group, maxHeaderBytes, length);
  const header = `#rows=${rows} bytes=${length} crc32=${checksum(group.subarray(maxHeaderBytes))}\n`;
  const start = maxHeaderBytes - header.length;
  group.write(header, start, 'latin1');
  return group.subarray(start);
}

/** What a segment contains. */
export interface SegmentContent {
  /** Number of rows of the complete groups at its start. */
  readonly rows: number;
  /** These rows as lines of JSON. */
  readonly bytes: Buffer;
  /** Length of these groups in the segment, in bytes. */
  readonly length: number;
  /**
   * The bytes behind them. `nothing`; `torn`: the start of a write that a crash has cut off; `damaged`: other bytes, which may be acknowledged rows.
   */
  readonly rest: 'nothing' | 'torn' | 'damaged';
}

/**
 * Reads a segment up to the first group that is not complete.
 * @param maxRows number of rows after which the rest is not looked at: it was not acknowledged
 */
export function parseSegment(segment: Buffer, maxRows = Infinity): SegmentContent {
  const contents: Buffer[] = [];
  let [rows, offset] = [0, 0];
  for (let group = groupAt(segment, 0); group && rows < maxRows; group = groupAt(segment, offset)) {
    contents.push(group.content);
    rows += group.rows;
    offset = group.end;
  }
  return { rows, bytes: Buffer.concat(contents), length: offset, rest: rows >= maxRows ? 'nothing' : restOf(segment.subarray(offset)) };
}

/** Returns the number of rows in a part of a segment that may be damaged: the lines that begin or end as a row does. */
export function countRows(part: Buffer): number {
  let rows = 0;
  for (let start = 0; start < part.length;) {
    const lineEnd = part.indexOf(lineFeed, start);
    const end = lineEnd === -1 ? part.length : lineEnd;
    if (part[start] === openingBrace || (end > start && part[end - 1] === closingBrace)) rows++;
    start = end + 1;
  }
  return rows;
}

interface Header {
  readonly rows: number;
  /** Position of the rows in the segment. */
  readonly start: number;
  /** Position behind the rows. */
  readonly end: number;
  readonly checksum: string;
}

function headerAt(segment: Buffer, offset: number): Header | undefined {
  const length = segment.subarray(offset, offset + maxHeaderBytes).indexOf(lineFeed);
  const [, rows, bytes, expected = ''] =
    length === -1 ? [] : (headerPattern.exec(segment.toString('latin1', offset, offset + length)) ?? []);
  const start = offset + length + 1;
  return rows === undefined ? undefined : { rows: Number(rows), start, end: start + Number(bytes), checksum: expected };
}

/** Returns the group at the position. Undefined if it is not complete, or damaged. */
function groupAt(segment: Buffer, offset: number): { readonly rows: number; readonly content: Buffer; readonly end: number } | undefined {
  const header = headerAt(segment, offset);
  if (!header || header.end > segment.length) return undefined;
  const { rows, start, end } = header;
  const content = segment.subarray(start, end);
  // The checksum is that of the rows, and does not protect their number.
  return checksum(content) === header.checksum && countRows(content) === rows ? { rows, content, end } : undefined;
}

/** Returns the kind of what follows the last complete group. */
function restOf(rest: Buffer): SegmentContent['rest'] {
  if (rest.length === 0) return 'nothing';
  // After a loss of power, a file system may have the new length of a file without its content.
  if (rest.every((byte) => byte === 0)) return 'torn';
  const header = headerAt(rest, 0);
  if (!header) return isStartOfHeader(rest) ? 'torn' : 'damaged';
  const content = rest.subarray(header.start);
  // A write has one header. Rows with the right checksum are complete: their length is damaged.
  const isCutOff = header.end > rest.length && !content.includes('\n#') && checksum(content) !== header.checksum;
  return isCutOff ? 'torn' : 'damaged';
}

function isStartOfHeader(rest: Buffer): boolean {
  if (rest.length >= maxHeaderBytes) return false;
  const start = rest.toString('latin1');
  return Array.from({ length: shortestHeader.length + 1 }, (_, kept) => start + shortestHeader.slice(kept)).some((header) =>
    headerPattern.test(header),
  );
}

function checksum(content: Buffer): string {
  return crc32(content).toString(16).padStart(8, '0');
}
