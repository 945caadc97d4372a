import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ServerError } from '../../../runtime/src/errors/index.js';
import type { InsertBehaviour } from './fake-service.js';
import type { FaultyDisk } from './faulty-disk.js';
import { newFolder, open } from './open-directory.js';

/** Folders whose names were synchronised before the first file was created. */
function syncedFirst({ operations }: FaultyDisk): string[] {
  const first = operations.findIndex(({ name }) => name === 'create');
  return operations
    .slice(0, first)
    .filter(({ name }) => name === 'syncFolder')
    .map(({ path }) => path);
}

it('a directory that the ingest creates survives a loss of power with its parents', async () => {
  const folder = newFolder();
  const { ingest, disk } = open(join(folder, 'app', 'queues', 'orders'));
  await ingest.ready();
  expect(syncedFirst(disk)).toEqual([folder, join(folder, 'app'), join(folder, 'app', 'queues')]);
});

it('a directory that exists is not synchronised again', async () => {
  const directory = join(newFolder(), 'orders');
  mkdirSync(directory);
  const { ingest, disk } = open(directory);
  await ingest.ready();
  expect(syncedFirst(disk)).toEqual([]);
});

it('the folder of rejected rows survives a loss of power', async () => {
  const directory = newFolder();
  const refuseAll: InsertBehaviour = () => {
    throw new ServerError({ clickhouseCode: 27, type: undefined, text: 'no number' });
  };
  const { ingest, disk } = open(directory, { behaviour: refuseAll, onRejected: () => undefined });
  await ingest.add({ id: 1 });
  await ingest.flush();
  const made = disk.operations.findIndex(({ name, path }) => name === 'makeFolder' && path.endsWith('rejected'));
  expect(disk.operations[made + 1]).toEqual({ name: 'syncFolder', path: directory });
});

it('a directory whose place is a file is an error with the path', async () => {
  const file = join(newFolder(), 'file');
  writeFileSync(file, '');
  await expect(open(file).ingest.ready()).rejects.toMatchObject({ code: 'INGEST_STORE_FAILED', path: file, systemCode: 'EEXIST' });
});
