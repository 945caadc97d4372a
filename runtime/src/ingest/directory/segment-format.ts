import { crc32 } from 'node:zlib';
import type { RowText } from '../batch/row-text.js';

/**
 * A segment is a text of groups. A group is a line such as `#rows=3 bytes=120 crc32=0a1b2c3d`, and then so many bytes of rows, one JSON object a
 * line. One write to the disk is one group, so a write that a crash has cut off is found by its length or its checksum. `grep -v '^#'` prints the
 * rows.
 */
const headerPattern = /^#rows=(\d{1,9}) bytes=(\d{1,12}) crc32=([0-9a-f]{8})$/;
const maxHeaderBytes = 64;
const lineFeed = 0x0a;

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
   * What follows them. `nothing`; `torn`: the start of a group that was not written completely; `unreadable`: a last group with the right length
   * and a wrong checksum; `damaged`: something with a complete group behind it.
   */
  readonly rest: 'nothing' | 'torn' | 'unreadable' | 'damaged';
}

/**
 * Reads a segment up to the first group that is not complete.
 * @param maxRows number of rows after which the rest is not looked at: it was not acknowledged
 */
export function parseSegment(segment: Buffer, maxRows = Infinity): SegmentContent {
  const contents: Buffer[] = [];
  let [rows, offset] = [0, 0];
  for (let group = groupAt(segment, 0); group.kind === 'complete' && rows < maxRows; group = groupAt(segment, offset)) {
    contents.push(group.content);
    rows += group.rows;
    offset = group.end;
  }
  return { rows, bytes: Buffer.concat(contents), length: offset, rest: rows >= maxRows ? 'nothing' : restAt(segment, offset) };
}

type Group =
  | { readonly kind: 'complete'; readonly rows: number; readonly content: Buffer; readonly end: number }
  | { readonly kind: 'torn' }
  | { readonly kind: 'unreadable' };

function groupAt(segment: Buffer, offset: number): Group {
  const headerEnd = segment.subarray(offset, offset + maxHeaderBytes).indexOf(lineFeed);
  const header = headerEnd === -1 ? null : headerPattern.exec(segment.toString('latin1', offset, offset + headerEnd));
  if (!header) return { kind: 'torn' };
  const [, rows, bytes, expected] = header;
  const start = offset + headerEnd + 1;
  const end = start + Number(bytes);
  if (end > segment.length) return { kind: 'torn' };
  const content = segment.subarray(start, end);
  return checksum(content) === expected ? { kind: 'complete', rows: Number(rows), content, end } : { kind: 'unreadable' };
}

function restAt(segment: Buffer, offset: number): SegmentContent['rest'] {
  if (offset >= segment.length) return 'nothing';
  // A group behind the fault was written after it, so the fault is no interrupted write.
  for (let next = segment.indexOf('\n#rows=', offset); next !== -1; next = segment.indexOf('\n#rows=', next + 1))
    if (groupAt(segment, next + 1).kind === 'complete') return 'damaged';
  return groupAt(segment, offset).kind === 'unreadable' ? 'unreadable' : 'torn';
}

function checksum(content: Buffer): string {
  return crc32(content).toString(16).padStart(8, '0');
}
