import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSegment } from '../../../runtime/src/ingest/directory/segment-format.js';
import { leave, newFolder, open, rows, segmentsIn } from './open-directory.js';

/** Changes the file that a killed process was writing: groups of three and of two rows. Returns its name. */
async function damage(directory: string, change: (text: string) => string): Promise<string> {
  await leave(directory, rows(3), rows(2, 4));
  const [file = ''] = segmentsIn(directory);
  const path = join(directory, file);
  writeFileSync(path, change(readFileSync(path, 'latin1')), 'latin1');
  return file;
}

/** Replaces the last occurrence. */
function replaceLast(text: string, found: string, replacement: string): string {
  const index = text.lastIndexOf(found);
  return text.slice(0, index) + replacement + text.slice(index + found.length);
}

function reasonOf(path: string): unknown {
  return JSON.parse(readFileSync(`${path}.reason.json`, 'utf8'));
}

describe('acknowledged rows in a damaged file', () => {
  it.each<[string, number, (text: string) => string]>([
    ['a changed byte in the last header', 2, (text) => replaceLast(text, '#rows', '#rOws')],
    ['a first byte of the last header that is no #', 2, (text) => replaceLast(text, '#rows', 'Xrows')],
    ['changed bytes in all headers', 5, (text) => text.replaceAll('#rows', '#rowz')],
    ['a last header that says too many bytes', 2, (text) => replaceLast(text, 'bytes=', 'bytes=9')],
    ['a last header that says too few bytes', 2, (text) => replaceLast(text, 'bytes=18', 'bytes=10')],
    ['a last header that says too many rows', 2, (text) => replaceLast(text, '#rows=2', '#rows=7')],
    [
      'a first header that says too many bytes, before a write that was cut off',
      5,
      (text) => text.replace('bytes=', 'bytes=9').slice(0, -3),
    ],
    ['a changed last checksum', 2, (text) => text.replace(/.(?=\n\{"id":4\})/, (digit) => (digit === '0' ? '1' : '0'))],
    ['a changed last row', 2, (text) => text.replace('{"id":5}', '{"id":9}')],
    ['a last row without its brace', 2, (text) => text.replace('{"id":5}', '{"id":5x')],
    ['a changed first row', 5, (text) => text.replace('{"id":1}', '{"id":9}')],
  ])('by %s are set aside, counted and reported, and those before it are delivered', async (_, damaged, change) => {
    const directory = newFolder();
    const file = await damage(directory, change);
    const { ingest, server, clock } = open(directory);
    await ingest.add(rows(1, 6));
    await ingest.flush();
    expect(server.stored).toEqual([...rows(5 - damaged), ...rows(1, 6)]);
    expect(ingest.stats).toMatchObject({ recoveredRows: 5 - damaged, rejectedRows: damaged, bufferedRows: 0 });
    const path = join(directory, 'rejected', `${file}.damaged`);
    expect(clock.warnings).toEqual([
      `${damaged} rows of the ingest of events were set aside: A part of the file ${join(directory, file)} is damaged, as by a fault of the disk or a loss of power. They are in ${path}.`,
    ]);
    expect(reasonOf(path)).toMatchObject({ table: 'events', rows: damaged });
    expect(segmentsIn(directory)).toEqual([]);
  });

  it('are kept with all bytes of the damaged part', async () => {
    const directory = newFolder();
    const file = await damage(directory, (text) => text.replace('{"id":5}', '{"id":9}'));
    const { ingest } = open(directory);
    await ingest.ready();
    expect(readFileSync(join(directory, 'rejected', `${file}.damaged`), 'utf8')).toMatch(/^#rows=2 .*\n\{"id":4\}\n\{"id":9\}\n$/);
  });
});

describe('a write that a crash has cut off', () => {
  it('is removed without a report, at whatever byte it ends', async () => {
    const directory = newFolder();
    await leave(directory, rows(2, 4));
    const [file = ''] = segmentsIn(directory);
    const group = readFileSync(join(directory, file));
    for (let length = 1; length < group.length; length++) {
      const segment = Buffer.concat([group, group.subarray(0, length)]);
      expect(parseSegment(segment)).toMatchObject({ rows: 2, length: group.length, rest: 'torn' });
    }
  });

  it('may have its length and no content, after a loss of power', async () => {
    const directory = newFolder();
    await damage(directory, (text) => text + '\0'.repeat(4_096));
    const { ingest, server } = open(directory);
    await ingest.flush();
    expect(server.stored).toEqual(rows(5));
    expect(ingest.stats.rejectedRows).toBe(0);
    expect(existsSync(join(directory, 'rejected'))).toBe(false);
  });
});

it('a segment is read up to the first incomplete group', () => {
  expect(parseSegment(Buffer.from('#rows=1 bytes=9 crc32=00000000\n{"id":1}\n'))).toMatchObject({ rows: 0, length: 0, rest: 'damaged' });
  expect(parseSegment(Buffer.from('#rows=1 bytes=9'))).toMatchObject({ rows: 0, rest: 'torn' });
  expect(parseSegment(Buffer.alloc(4_096))).toMatchObject({ rows: 0, rest: 'torn' });
  expect(parseSegment(Buffer.alloc(0))).toMatchObject({ rows: 0, rest: 'nothing' });
});
