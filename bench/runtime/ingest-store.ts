// Compares what a durable ingest could keep its rows in: append-only segments, as it does, and LevelDB by classic-level.
// Run it with: npx tsx bench/runtime/ingest-store.ts [folder on the disk to measure]
import { ClassicLevel } from 'classic-level';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RowChunk } from '../../runtime/src/ingest/batch/encode-rows.js';
import { processEnvironment } from '../../runtime/src/ingest/batch/environment.js';
import type { BatchStore } from '../../runtime/src/ingest/batch/store.js';
import { openDirectoryStore } from '../../runtime/src/ingest/directory/directory-store.js';

/** A queue on a disk. */
interface Queue extends AsyncDisposable {
  /** Resolves when the rows are on the disk, or with the operating system if it does not synchronise. */
  append(chunk: RowChunk): Promise<void>;
  /** Reads all rows in their order and removes them. Resolves with their number. */
  drain(): Promise<number>;
}

async function segments(folder: string, fsync: 'always' | 'never'): Promise<Queue> {
  const store: BatchStore = await openDirectoryStore({
    directory: folder,
    table: 'events',
    limits: { maxBatchRows: 50_000, maxBatchBytes: 8 << 20, maxBufferedRows: 1e9, maxBufferedBytes: 1e9, maxDirectoryBytes: 1e12, fsync },
    environment: processEnvironment,
    events: {
      accepted: () => undefined,
      opened: () => undefined,
      sealed: () => undefined,
      refused: () => undefined,
      failed: () => undefined,
      freed: () => undefined,
      damaged: () => undefined,
    },
  });
  return {
    append: async (chunk) => store.append(chunk),
    drain: async () => {
      await store.seal();
      let rows = 0;
      for (let batch = store.first; batch; batch = store.first) {
        const bytes = await store.read(batch);
        rows += bytes === undefined ? 0 : batch.rows;
        await store.remove(batch);
      }
      return rows;
    },
    [Symbol.asyncDispose]: async () => {
      await store.close();
    },
  };
}

async function level(folder: string, fsync: 'always' | 'never'): Promise<Queue> {
  const db = new ClassicLevel<string, string>(folder);
  await db.open();
  const sync = fsync === 'always';
  let number = 0;
  return {
    append: ({ text }) => db.put(String(++number).padStart(12, '0'), text, { sync }),
    drain: async () => {
      let rows = 0;
      for await (const [key, text] of db.iterator()) {
        rows += text.split('\n').length - 1;
        await db.del(key);
      }
      return rows;
    },
    [Symbol.asyncDispose]: () => db.close(),
  };
}

const row = `${JSON.stringify({ id: 123_456, name: 'signup', at: '2026-01-31 12:00:00', path: '/checkout/payment', duration: 12.5 })}\n`;

function chunkOf(rows: number): RowChunk {
  return { text: row.repeat(rows), rows, bytes: row.length * rows };
}

/** Appends `chunks` chunks, `writers` at a time. Returns rows a second for the appends, and for reading and removing all of them. */
async function measure(
  queue: Queue,
  chunks: number,
  rows: number,
  writers: number,
): Promise<{ readonly append: number; readonly drain: number }> {
  const chunk = chunkOf(rows);
  let left = chunks;
  const write = async (): Promise<void> => {
    while (left-- > 0) await queue.append(chunk);
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: writers }, write));
  const appendedAt = performance.now();
  const drained = await queue.drain();
  if (drained !== chunks * rows) throw new Error(`Drained ${drained} rows, expected ${chunks * rows}.`);
  const perSecond = (ms: number): number => Math.round((chunks * rows * 1000) / ms);
  return { append: perSecond(appendedAt - startedAt), drain: perSecond(performance.now() - appendedAt) };
}

const workloads = [
  { name: 'single rows, 1 writer', chunks: 2_000, rows: 1, writers: 1 },
  { name: 'single rows, 100 writers', chunks: 50_000, rows: 1, writers: 100 },
  { name: 'arrays of 1,000 rows, 1 writer', chunks: 500, rows: 1_000, writers: 1 },
  { name: 'arrays of 1,000 rows, 10 writers', chunks: 1_000, rows: 1_000, writers: 10 },
];

const parent = process.argv[2] ?? tmpdir();
const results: Record<string, unknown>[] = [];
for (const fsync of ['always', 'never'] as const)
  for (const { name, chunks, rows, writers } of workloads)
    for (const [store, open] of Object.entries({ segments, level })) {
      const folder = mkdtempSync(join(parent, 'ingest-store-'));
      {
        await using queue = await open(folder, fsync);
        const { append, drain } = await measure(queue, chunks, rows, writers);
        results.push({ fsync, workload: name, store, 'rows/s appended': append, 'rows/s read and removed': drain });
      }
      rmSync(folder, { recursive: true });
    }
console.table(results);
