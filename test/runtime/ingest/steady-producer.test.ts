import { describe, expect, it, vi } from 'vitest';
import { openIngest } from '../../../runtime/src/ingest/create-ingest.js';
import { fakeServer } from './fake-service.js';
import { newFolder, open, rows, until } from './open-directory.js';
import { settle, TestClock } from './test-clock.js';

/** Adds single rows, each after the one before it, until it is stopped. */
function produce(add: (row: { readonly id: number }) => Promise<void>) {
  let [isStopped, count] = [false, 0];
  const ended = (async () => {
    while (!isStopped) await add({ id: ++count });
  })();
  return {
    get count() {
      return count;
    },
    stop: () => {
      isStopped = true;
      return ended;
    },
  };
}

describe('while a producer adds rows without a pause, an ingest with a directory', () => {
  it.each(['always', 'never'] as const)('with fsync "%s", sends a batch at its age', async (fsync) => {
    const { ingest, clock, server } = open(newFolder(), { maxBatchAgeMs: 500, fsync });
    const producer = produce((row) => ingest.add(row));
    await until(() => producer.count > 3);
    await clock.advance(500);
    await vi.waitFor(() => expect(server.stored.length).toBeGreaterThan(0));
    await producer.stop();
    await ingest.flush();
    expect(server.stored).toEqual(rows(producer.count));
  });

  it('ends flush() when the rows are delivered that were accepted before it', async () => {
    const { ingest, server } = open(newFolder(), { maxBatchAgeMs: Infinity });
    const producer = produce((row) => ingest.add(row));
    await until(() => producer.count > 3);
    const accepted = ingest.stats.acceptedRows;
    await ingest.flush();
    expect(server.stored.slice(0, accepted)).toEqual(rows(accepted));
    await producer.stop();
  });

  it('ends each of several calls of flush()', async () => {
    const { ingest, server } = open(newFolder(), { maxBatchAgeMs: Infinity });
    await ingest.add({ id: 1 });
    const first = ingest.flush();
    const added = ingest.add({ id: 2 });
    const second = ingest.flush();
    await Promise.all([first, added, second, ingest.flush()]);
    expect(server.stored).toEqual(rows(2));
  });
});

it('flush() ends with its signal while the disk does not answer', async () => {
  const { ingest, disk } = open(newFolder(), { maxBatchAgeMs: Infinity });
  await ingest.ready();
  disk.delayOf = () => new Promise(() => undefined);
  void ingest.add({ id: 1 }).catch(() => undefined);
  const controller = new AbortController();
  const flushed = ingest.flush({ abort_signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(flushed).rejects.toMatchObject({ code: 'ABORTED' });
});

it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('in memory, rows that are added %i microtasks after a delivery are sent', async (wrappers) => {
  const server = fakeServer();
  const options = { table: 'events', service: server.service, maxBatchRows: 2, maxBufferedRows: 2, maxBatchAgeMs: Infinity };
  const ingest = openIngest<{ readonly id: number }>(options, new TestClock());
  const add = async (row: { readonly id: number }, depth: number): Promise<void> =>
    depth === 0 ? ingest.add(row) : await add(row, depth - 1);
  const added = (async () => {
    for (const row of rows(8)) await add(row, wrappers);
  })();
  await settle();
  await settle();
  expect(server.stored).toEqual(rows(8));
  await added;
  await ingest.close();
});
