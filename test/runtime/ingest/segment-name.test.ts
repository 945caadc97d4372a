import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  compareSegmentNames,
  formatSegmentName,
  parseSegmentName,
  runNumberOf,
} from '../../../runtime/src/ingest/directory/segment-name.js';
import { leave, newFolder, open, rows } from './open-directory.js';

it('rows of the millionth start are delivered, after those of the starts before', async () => {
  const directory = newFolder();
  await open(directory).ingest.close();
  const path = join(directory, 'ingest.json');
  const identity: object = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...identity, runs: 999_998 }));
  for (let start = 0; start < 3; start++) await leave(directory, rows(2, 1 + 2 * start));
  const { ingest, server } = open(directory);
  await ingest.flush();
  expect(ingest.stats.recoveredRows).toBe(6);
  expect(server.stored).toEqual(rows(6));
});

it('names of files are read and ordered at any number of starts and batches', () => {
  const names = [
    '000007ffffffff-000000042-50000.batch',
    '999999ffffffff-000000001-2-01.sent',
    '100000000000000-000000001.open',
    '100000000000000-999999999-3.sent-token',
    '100000000000000-1000000000-3.batch',
  ];
  const parsed = names.map((name) => parseSegmentName(name)).filter((name) => name !== undefined);
  expect(parsed.map((name) => formatSegmentName(name))).toEqual(names);
  expect(parsed.map(({ run }) => runNumberOf(run))).toEqual([7, 999_999, 1_000_000, 1_000_000, 1_000_000]);
  expect(parsed.toReversed().sort(compareSegmentNames)).toEqual(parsed);
});
