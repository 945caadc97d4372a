import { describe, expect, it } from 'vitest';
import { newFolder, rows } from './open-directory.js';
import { never, openOnClock } from './open-on-clock.js';
import { settle } from './test-clock.js';

describe('tryAdd() of an array that can never fit', () => {
  it.each([
    ['maxBufferedRows', { maxBufferedRows: 10 }, '11 rows, expected at most maxBufferedRows (10)'],
    ['maxBufferedBytes', { maxBufferedBytes: 90, maxBatchRows: 4 }, '101 bytes of rows, expected at most maxBufferedBytes (90)'],
    [
      'maxDirectoryBytes',
      { directory: newFolder(), maxDirectoryBytes: 90, maxBatchRows: 4 },
      '101 bytes of rows, expected at most maxDirectoryBytes (90)',
    ],
  ])('throws and accepts nothing, also if the ingest is empty: %s', async (_, options, found) => {
    const { ingest } = openOnClock(options);
    await ingest.ready();
    expect(() => ingest.tryAdd(rows(11))).toThrow(`tryAdd() found ${found}. Pass fewer rows, or await add().`);
    expect(ingest.stats).toMatchObject({ acceptedRows: 0, bufferedRows: 0 });
    expect(ingest.tryAdd(rows(9))).toBe(true);
  });

  it('is accepted by add() in parts, as space becomes free', async () => {
    let most = 0;
    const { server, ingest } = openOnClock({ maxBufferedRows: 10 }, () => {
      most = Math.max(most, ingest.stats.bufferedRows);
    });
    await ingest.add(rows(101));
    await ingest.flush();
    expect(most).toBe(10);
    expect(server.stored).toEqual(rows(101));
  });
});

describe('tryAdd() into a buffer that is smaller than a batch', () => {
  it.each([
    ['in memory', {}],
    ['in a directory', { directory: newFolder(), maxDirectoryBytes: 400 }],
  ])('%s, closes the open batch, so that there is space again without maxBatchAgeMs', async (_, options) => {
    const { ingest, server } = openOnClock({ maxBufferedRows: 10, maxBatchAgeMs: Infinity, ...options });
    await ingest.ready();
    let accepted = 0;
    for (let attempt = 0; attempt < 10_000 && accepted < 100; attempt++)
      if (ingest.tryAdd({ id: ++accepted })) await settle();
      else {
        accepted--;
        await settle();
      }
    await ingest.flush();
    expect(accepted).toBe(100);
    expect(server.stored).toEqual(rows(100));
  });

  it('does not close a batch for each call that finds no space', async () => {
    const { ingest } = openOnClock({ maxBufferedRows: 2 }, never);
    expect(ingest.tryAdd(rows(2))).toBe(true);
    for (let call = 0; call < 10; call++) expect(ingest.tryAdd({ id: 3 })).toBe(false);
    expect(ingest.stats).toMatchObject({ bufferedRows: 2, bufferedBatches: 1 });
  });
});
