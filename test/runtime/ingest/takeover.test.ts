import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { away, newFolder, open, rows, rowsOnDisk, segmentsIn } from './open-directory.js';

/** Another process takes the directory: it has the next lock, and has closed the file of this one. */
function takeOver(directory: string): void {
  writeFileSync(join(directory, 'lock.2'), '');
  for (const name of segmentsIn(directory).filter((name) => name.endsWith('.open')))
    renameSync(join(directory, name), join(directory, name.replace('.open', '-2.batch')));
}

const locked = { code: 'INGEST_LOCKED' };

describe('an ingest whose directory another process has taken', () => {
  it('rejects flush(), also a call that waits', async () => {
    const directory = newFolder();
    const { ingest, clock } = open(directory, { behaviour: away });
    await ingest.add(rows(2));
    const flushed = ingest.flush();
    flushed.catch(() => undefined);
    await clock.advance(1_000);
    takeOver(directory);
    await clock.advance(5_000);
    await expect(flushed).rejects.toMatchObject(locked);
    await expect(ingest.flush()).rejects.toMatchObject(locked);
    expect(ingest.stats.state).toBe('failed');
  });

  it('accepts no row, also not by tryAdd()', async () => {
    const directory = newFolder();
    const { ingest, clock } = open(directory);
    await ingest.ready();
    takeOver(directory);
    await clock.advance(5_000);
    await vi.waitFor(() => expect(ingest.stats.state).toBe('failed'));
    expect(ingest.tryAdd({ id: 1 })).toBe(false);
    await expect(ingest.add({ id: 1 })).rejects.toMatchObject(locked);
    expect(rowsOnDisk(directory)).toEqual([]);
  });

  it('notices it at the first add() after it was suspended', async () => {
    const directory = newFolder();
    const { ingest, clock } = open(directory);
    await ingest.ready();
    takeOver(directory);
    clock.suspend(19_000);
    await expect(ingest.add({ id: 1 })).rejects.toMatchObject(locked);
  });

  it('rejects calls of add() that wait for space', async () => {
    const directory = newFolder();
    const { ingest, clock } = open(directory, { behaviour: away, maxDirectoryBytes: 150, maxBatchAgeMs: Infinity, addTimeoutMs: Infinity });
    for (const row of rows(2)) await ingest.add(row);
    const waiting = ingest.add(rows(8, 3));
    waiting.catch(() => undefined);
    await clock.advance(1_000);
    takeOver(directory);
    await clock.advance(5_000);
    await expect(waiting).rejects.toMatchObject(locked);
  });

  it('leaves the file as it is that the other process has, if a write fails', async () => {
    const directory = newFolder();
    const { ingest, disk } = open(directory, { maxBatchAgeMs: Infinity });
    await ingest.add(rows(2));
    disk.delayOf = ({ name }) => {
      if (name === 'sync') takeOver(directory);
      return undefined;
    };
    await expect(ingest.add(rows(2, 3))).rejects.toMatchObject(locked);
    expect(rowsOnDisk(directory)).toEqual(rows(4));
  });

  it('ends close() at once', async () => {
    const directory = newFolder();
    const { ingest, clock } = open(directory, { behaviour: away });
    await ingest.add(rows(2));
    takeOver(directory);
    await clock.advance(5_000);
    const ended = vi.fn<() => void>();
    void ingest.close().then(ended);
    await vi.waitFor(() => expect(ended).toHaveBeenCalled());
  });
});
