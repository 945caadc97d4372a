import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { newFolder, open, rows, segmentsIn } from './open-directory.js';

describe('after a first write of a file that failed', () => {
  it('there is no file, and stats have the error and no age', async () => {
    const directory = newFolder();
    const { ingest, clock, disk, server } = open(directory);
    await ingest.ready();
    disk.faultOf = ({ name }) => (name === 'write' ? 'ENOSPC' : undefined);
    await expect(ingest.add({ id: 1 })).rejects.toMatchObject({ systemCode: 'ENOSPC' });
    disk.faultOf = () => undefined;
    expect(segmentsIn(directory)).toEqual([]);
    await clock.advance(2_000);
    expect(ingest.stats).toMatchObject({ oldestRowAgeMs: undefined, bufferedRows: 0, lastError: { systemCode: 'ENOSPC' } });
    await ingest.add({ id: 2 });
    await ingest.flush();
    expect(server.stored).toEqual([{ id: 2 }]);
  });
});

it('a batch whose file is removed while it is delivered is delivered, and those behind it as well', async () => {
  const directory = newFolder();
  const { ingest, disk, server } = open(directory, { maxBatchRows: 2 });
  disk.delayOf = ({ name, path }) => {
    if (name === 'rename' && path.endsWith('.batch')) rmSync(join(directory, segmentsIn(directory)[0] ?? ''), { force: true });
    return undefined;
  };
  await ingest.add(rows(2));
  await vi.waitFor(() => expect(server.stored).toEqual(rows(2)));
  disk.delayOf = () => undefined;
  await ingest.add(rows(2, 3));
  await ingest.flush();
  expect(server.stored).toEqual(rows(4));
  expect(ingest.stats).toMatchObject({ deliveredRows: 4, rejectedRows: 0, bufferedRows: 0 });
});
