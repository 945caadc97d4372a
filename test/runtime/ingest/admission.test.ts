import { readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { newFolder, rows } from './open-directory.js';
import { never, openOnClock } from './open-on-clock.js';
import { settle } from './test-clock.js';

/** Continues in the next turn of the event loop at first, and then in the next microtask. */
const nextMicrotask = (index: number): Promise<void> => (index === 0 ? setImmediate() : Promise.resolve());

describe('rows that wait for space', () => {
  it('are all refused by close(), also those for which there would be space', async () => {
    const { ingest } = openOnClock({ maxBufferedRows: 10 }, never);
    await ingest.add(rows(6));
    const large = ingest.add(rows(6, 100)).catch((error: unknown) => error);
    const small = ingest.add({ id: 200 }).catch((error: unknown) => error);
    await settle();
    const closed = ingest.close({ timeoutMs: 0 }).catch(() => undefined);
    expect(await Promise.all([large, small])).toMatchObject([{ code: 'INGEST_CLOSED' }, { code: 'INGEST_CLOSED' }]);
    await closed;
    expect(ingest.stats.acceptedRows).toBe(6);
  });

  it.each([undefined, 'directory'])(
    'are accepted one after the other before the age of a batch, as ClickHouse takes them (%s)',
    async (kind) => {
      const directory = kind === undefined ? undefined : newFolder();
      const { server, ingest } = openOnClock({ maxBufferedRows: 10, maxBatchAgeMs: Infinity, addTimeoutMs: Infinity, directory });
      await Promise.all([rows(6), rows(6, 7), rows(6, 13), rows(6, 19)].map((each) => ingest.add(each)));
      await ingest.flush();
      expect(server.stored).toEqual(rows(24));
    },
  );

  it('of one array wait for addTimeoutMs at most, all its parts together', async () => {
    const { clock, ingest } = openOnClock({ maxBatchRows: 1, maxBufferedRows: 1, addTimeoutMs: 400 }, async () => {
      await new Promise<void>((resolve) => clock.after(150, resolve));
    });
    const added = ingest.add(rows(20)).catch((error: unknown) => error);
    await clock.advance(399);
    expect(ingest.stats.acceptedRows).toBe(3);
    await clock.advance(1);
    expect(await added).toMatchObject({ code: 'INGEST_FULL', acceptedRows: 3, waitedMs: 400 });
  });

  it('of several calls wait for addTimeoutMs each', async () => {
    const { clock, ingest } = openOnClock({ maxBatchRows: 1, maxBufferedRows: 1, addTimeoutMs: 400 }, async () => {
      await new Promise<void>((resolve) => clock.after(150, resolve));
    });
    let accepted = 0;
    const loop = async () => {
      for (const row of rows(10)) await ingest.add(row).then(() => accepted++);
    };
    const ended = loop();
    await clock.advance(3_000);
    await ended;
    expect(accepted).toBe(10);
  });
});

describe('calls before the directory is open', () => {
  it('are accepted in their order, with and without a signal', async () => {
    const { ingest, server } = openOnClock({ directory: newFolder() });
    const { signal } = new AbortController();
    await Promise.all([
      ingest.add({ id: 1 }, { abort_signal: signal }),
      ingest.add({ id: 2 }),
      ingest.add([{ id: 3 }], { abort_signal: signal }),
      ingest.add({ id: 4 }),
    ]);
    await ingest.flush();
    expect(server.stored).toEqual(rows(4));
  });

  it('are accepted before the calls that come as soon as it is open', async () => {
    const { ingest, server } = openOnClock({ directory: newFolder() });
    const { signal } = new AbortController();
    const first = [ingest.add({ id: 1 }, { abort_signal: signal }), ingest.add({ id: 2 })];
    const state = () => ingest.stats.state;
    // The store may open in any microtask of a turn of the event loop.
    while (state() === 'opening')
      for (let microtask = 0; microtask < 20 && state() === 'opening'; microtask++) await nextMicrotask(microtask);
    first.push(ingest.add({ id: 3 }));
    await Promise.all(first);
    await ingest.flush();
    expect(server.stored).toEqual(rows(3));
  });

  it('do not wait for an aborted one', async () => {
    const { ingest, server } = openOnClock({ directory: newFolder() });
    const abort = new AbortController();
    const aborted = ingest.add({ id: 9 }, { abort_signal: abort.signal }).catch((error: unknown) => error);
    const added = [ingest.add({ id: 1 }), ingest.add({ id: 2 })];
    abort.abort();
    expect(await aborted).toMatchObject({ name: 'AbortError' });
    await Promise.all(added);
    await ingest.flush();
    expect(server.stored).toEqual(rows(2));
  });

  it('reject if it cannot be opened', async () => {
    const directory = newFolder();
    const first = openOnClock({ directory });
    await first.ingest.ready();
    const { ingest } = openOnClock({ directory });
    for (const added of [ingest.add({ id: 1 }), ingest.add(rows(2))])
      await expect(added).rejects.toMatchObject({ code: 'INGEST_LOCKED', acceptedRows: 0 });
  });
});

describe('an array of several batches', () => {
  it('whose directory is taken over after two rows, says how many rows were accepted', async () => {
    const directory = newFolder();
    const { ingest } = openOnClock({ directory, maxBatchRows: 2 });
    await ingest.ready();
    const added = ingest.add(rows(5)).catch((error: unknown) => error);
    while (ingest.stats.acceptedRows < 2) await setImmediate();
    writeFileSync(join(directory, 'lock.2'), '');
    for (const name of readdirSync(directory)) if (name.endsWith('.open')) unlinkSync(join(directory, name));
    const error = await added;
    expect(ingest.stats.acceptedRows).toBeGreaterThan(0);
    expect(error).toMatchObject({ code: 'INGEST_LOCKED', acceptedRows: ingest.stats.acceptedRows });
  });
});
