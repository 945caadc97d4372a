import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { ConnectError } from '../../../runtime/src/errors/index.js';
import { newFolder, open, rows, segmentsIn, until } from './open-directory.js';

describe('close() of an ingest with a directory', () => {
  it.each(['sync', 'write', 'rename', 'remove'])('ends in its time if the disk does not answer to "%s"', async (operation) => {
    const { ingest, disk } = open(newFolder(), { maxBatchAgeMs: Infinity });
    await ingest.add(rows(2));
    disk.delayOf = ({ name }) => (name === operation ? new Promise(() => undefined) : undefined);
    void ingest.add(rows(1, 3)).catch(() => undefined);
    expect(await ingest.close({ timeoutMs: 20 })).toMatchObject({ undeliveredRows: expect.any(Number) as number });
    expect(ingest.stats.state).toBe('closed');
  });

  it('that ends before the directory is open, lets no row in later', async () => {
    const directory = newFolder();
    writeFileSync(join(directory, 'lock.1'), '');
    const { ingest, clock } = open(directory);
    await ingest.close({ timeoutMs: 0 });
    for (let second = 0; second < 2; second++) {
      await until(() => clock.due.length > 0);
      await clock.advance(1_000);
    }
    await ingest.ready();
    expect(ingest.tryAdd({ id: 1 })).toBe(false);
    await expect(ingest.add({ id: 1 })).rejects.toMatchObject({ code: 'INGEST_CLOSED' });
    expect(segmentsIn(directory)).toEqual([]);
  });

  it('rejects each flush() that has no end, also one that is called meanwhile', async () => {
    const { ingest } = open(newFolder(), {
      behaviour: () => {
        throw new ConnectError('ECONNREFUSED', false, 'refused');
      },
    });
    await ingest.add(rows(2));
    void ingest.close({ timeoutMs: 50 });
    const flushes: Promise<unknown>[] = [];
    while (ingest.stats.state !== 'closed') {
      flushes.push(ingest.flush().catch((error: unknown) => error));
      await setImmediate();
    }
    for (const failure of await Promise.all(flushes)) expect(failure).toMatchObject({ code: 'INGEST_CLOSED' });
  });

  it('during a pause after a failed insert, tries once more', async () => {
    let isAway = true;
    const { ingest, server } = open(newFolder(), {
      behaviour: () => {
        if (isAway) throw new ConnectError('ECONNREFUSED', false, 'refused');
      },
    });
    await ingest.add(rows(2));
    void ingest.flush().catch(() => undefined);
    await vi.waitFor(() => expect(ingest.stats.state).toBe('retrying'));
    isAway = false;
    expect(await ingest.close()).toEqual({ undeliveredRows: 0 });
    expect(server.stored).toEqual(rows(2));
  });
});
