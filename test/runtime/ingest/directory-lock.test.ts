import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DiskOperation, FaultyDisk } from './faulty-disk.js';
import { leave, newFolder, open, rows, until } from './open-directory.js';

function locksIn(directory: string): string[] {
  return readdirSync(directory).filter((name) => name.startsWith('lock.'));
}

function diskWith(faultOf: (operation: DiskOperation) => string | undefined): FaultyDisk {
  return Object.assign(new FaultyDisk(), { faultOf });
}

describe('on a full disk, a directory', () => {
  // A file that has its space can be written over.
  const full = () => diskWith(({ name, path }) => (name === 'write' && !path.endsWith('lock.1') ? 'ENOSPC' : undefined));

  it('is not taken from a process that delivers what fills it', async () => {
    const directory = newFolder();
    await leave(directory, rows(3));
    const long = readFileSync(join(directory, 'lock.1'), 'utf8').replace('"state"', `"name":"${'x'.repeat(100)}","state"`);
    writeFileSync(join(directory, 'lock.1'), long);
    const first = open(directory, { disk: full() });
    await first.ingest.ready();
    const second = open(directory, { disk: full() });
    await expect(second.ingest.ready()).rejects.toMatchObject({ code: 'INGEST_LOCKED', owner: { pid: process.pid } });
    expect(locksIn(directory)).toEqual(['lock.2']);
    expect(JSON.parse(readFileSync(join(directory, 'lock.2'), 'utf8'))).toMatchObject({ pid: process.pid, state: 'held    ' });
    await first.ingest.flush();
    expect(first.server.stored).toEqual(rows(3));
    await first.ingest.close();
    await open(directory).ingest.ready();
  });

  it('is not opened if the owner cannot be written, and is free afterwards', async () => {
    const directory = newFolder();
    const disk = diskWith(({ name }) => (name === 'write' ? 'ENOSPC' : undefined));
    await expect(open(directory, { disk }).ingest.ready()).rejects.toMatchObject({
      code: 'INGEST_STORE_FAILED',
      systemCode: 'ENOSPC',
      retryable: true,
    });
    expect(locksIn(directory)).toEqual([]);
    await open(directory).ingest.ready();
  });
});

it('a directory is opened if the lock of a dead process cannot be removed', async () => {
  const directory = newFolder();
  await leave(directory, rows(1));
  const disk = diskWith(({ name, path }) => (name === 'remove' && path.endsWith('lock.1') ? 'EPERM' : undefined));
  const { ingest } = open(directory, { disk });
  await ingest.ready();
  expect(locksIn(directory)).toEqual(['lock.1', 'lock.2']);
  await ingest.close();
  await open(directory, { disk }).ingest.ready();
});

it('a directory that cannot be listed after its lock was created is free afterwards', async () => {
  const directory = newFolder();
  const disk = new FaultyDisk();
  disk.faultOf = ({ name }) => (name === 'list' && disk.operations.some((operation) => operation.name === 'create') ? 'EIO' : undefined);
  await expect(open(directory, { disk }).ingest.ready()).rejects.toMatchObject({ code: 'INGEST_STORE_FAILED', systemCode: 'EIO' });
  expect(locksIn(directory)).toEqual([]);
  await open(directory).ingest.ready();
});

it('a directory whose owner was killed before it has written its lock is free after two seconds', async () => {
  const directory = newFolder();
  writeFileSync(join(directory, 'lock.1'), '');
  const { ingest, clock } = open(directory);
  for (let second = 0; second < 2; second++) {
    await until(() => clock.due.length > 0);
    await clock.advance(1_000);
  }
  await ingest.ready();
  expect(locksIn(directory)).toEqual(['lock.2']);
});

it('a process that has taken long to write its lock leaves the directory to the one that has taken it meanwhile', async () => {
  const directory = newFolder();
  const other = open(directory);
  await other.ingest.ready();
  const content = readFileSync(join(directory, 'lock.1'));
  await other.ingest.close();
  const disk = new FaultyDisk();
  disk.delayOf = ({ name, path }) => {
    if (name === 'write' && path.endsWith('lock.2')) writeFileSync(join(directory, 'lock.3'), content);
    return undefined;
  };
  await expect(open(directory, { disk }).ingest.ready()).rejects.toMatchObject({ code: 'INGEST_LOCKED' });
  expect(locksIn(directory)).toContain('lock.3');
});
