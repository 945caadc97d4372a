import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ServerError } from '../../../runtime/src/errors/index.js';
import type { RejectedBatch } from '../../../runtime/src/ingest/options.js';
import { type DiskOperation, FaultyDisk } from './faulty-disk.js';
import { leave, newFolder, open, rows, segmentsIn } from './open-directory.js';

it('the folder of rejected rows can be removed while the ingest runs', async () => {
  const directory = newFolder();
  const rejected: RejectedBatch[] = [];
  const { ingest } = open(directory, {
    onRejected: (batch) => rejected.push(batch),
    behaviour: () => {
      throw new ServerError({ clickhouseCode: 27, type: undefined, text: 'no number' });
    },
  });
  await ingest.add({ id: 1 });
  await ingest.flush();
  rmSync(join(directory, 'rejected'), { recursive: true });
  await ingest.add({ id: 2 });
  await ingest.flush();
  expect(rejected).toHaveLength(2);
  expect(readFileSync(rejected[1]?.file ?? '', 'utf8')).toBe('{"id":2}\n');
});

it.each<[string, number, string, (operation: DiskOperation) => boolean]>([
  ['the first write is damaged', 3, 'rejected', ({ name }) => name === 'write'],
  ['the last write is damaged', 7, 'rejected', ({ name }) => name === 'write'],
  ['the folder of rejected rows cannot be created', 7, '.', ({ name, path }) => name === 'write' || path.endsWith('rejected')],
])('a start on a full disk sets a damaged file aside as a whole, and delivers the others: %s', async (_, id, folder, isFaulty) => {
  const directory = newFolder();
  await leave(directory, rows(2));
  await leave(directory, rows(3, 3), rows(2, 6));
  const file = segmentsIn(directory).find((name) => name.endsWith('.open')) ?? '';
  const damaged = readFileSync(join(directory, file), 'utf8').replace(`{"id":${id}}`, '{"id":0}');
  writeFileSync(join(directory, file), damaged);
  const disk = new FaultyDisk();
  // A file that has its space can be written over.
  disk.faultOf = (operation) => (isFaulty(operation) && !operation.path.endsWith('lock.2') ? 'ENOSPC' : undefined);
  const { ingest, server, clock } = open(directory, { disk });
  await ingest.flush();
  expect(server.stored).toEqual(rows(2));
  expect(ingest.stats).toMatchObject({ recoveredRows: 2, rejectedRows: 5 });
  const path = join(directory, folder, `${file}.damaged`);
  expect(readFileSync(path, 'utf8')).toBe(damaged);
  expect(clock.warnings).toEqual([
    `The reason of ${path} could not be written: The ingest could not write ${path}.reason.json (ENOSPC). The disk is full: free space on it. Rows that were acknowledged before are kept.`,
    `5 rows of the ingest of events were set aside: A part of the file ${join(directory, file)} is damaged, as by a fault of the disk or a loss of power. They are in ${path}.`,
  ]);
  expect(readdirSync(join(directory, folder)).filter((name) => name.endsWith('.new'))).toEqual([]);
});
