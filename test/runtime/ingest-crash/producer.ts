import { writeSync } from 'node:fs';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig, observe } from '../../../runtime/src/index.js';
import { createIngest, type Ingest } from '../../../runtime/src/ingest.js';
import { Random } from '../../random.js';
import { bounds, idsPerLife, type IngestUnderTest, keys, maxRowsPerLife, parseProducerOptions } from './producer-options.js';
import { formatRecord, type ProducerRecord } from './records.js';
import { type Row, rowOf } from './rows.js';

/** The producer process. Its argument is the options as JSON. It writes records to the file descriptor 3, and ends after `finish` on standard input. */
const options = parseProducerOptions(process.argv[2] ?? '');
const random = new Random(options.seed);
const config = loadClickHouseConfig({ url: options.url, requestTimeoutMs: 3_000, maxConcurrentStatements: 8 }, {});
const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
let isFinishing = false;

/** The write is synchronous: what it has written outlives a kill of this process. */
function record(entry: ProducerRecord): void {
  writeSync(3, formatRecord(entry));
}

const running = options.ingests.map((tested) => ({
  tested,
  ingest: createIngest<Row>({
    table: tested.table,
    service: manager.service,
    maxBatchRows: 100,
    maxBatchBytes: 256 << 10,
    maxBatchAgeMs: 10,
    maxBufferedRows: bounds.rows,
    maxBufferedBytes: bounds.bytes,
    ...(tested.directory === undefined
      ? { onRejected: ({ rows }) => record({ kind: 'rejected', table: tested.table, ids: rows.flatMap(idOf) }) }
      : { directory: tested.directory, fsync: tested.fsync, maxDirectoryBytes: bounds.directoryBytes }),
  }),
}));

function recordStats(): void {
  for (const { tested, ingest } of running) {
    const { bufferedRows, bufferedBytes, possiblyDuplicatedRows } = ingest.stats;
    record({ kind: 'stats', table: tested.table, stats: { bufferedRows, bufferedBytes, possiblyDuplicatedRows } });
  }
  record({ kind: 'memory', bytes: process.memoryUsage.rss() });
}

/** Adds the rows of one key, one call after the other. */
async function produce({ table }: IngestUnderTest, ingest: Ingest<Row>, key: number): Promise<void> {
  for (let next = key; !isFinishing && next < maxRowsPerLife;) {
    const rows: Row[] = [];
    for (const count = random.percent(60) ? 1 : random.between(2, 20); rows.length < count; next += keys) {
      const kind = random.weighted({ usual: 998, large: 1, invalid: options.hasInvalidRows ? 1 : 0 });
      rows.push(rowOf(options.life * idsPerLife + next, kind));
    }
    const ids = rows.map(({ id }) => id);
    try {
      await ingest.add(rows);
      record({ kind: 'added', table, ids });
    } catch (error) {
      // An array with a large row is more than one batch, and is accepted batch by batch.
      const accepted = acceptedRowsOf(error);
      record({ kind: 'added', table, ids: ids.slice(0, accepted) });
      record({ kind: 'refused', table, ids: ids.slice(accepted), message: String(error) });
      await sleep(20);
    }
    if (random.percent(30)) await sleep(random.between(0, 5));
    else await turn();
  }
}

function acceptedRowsOf(error: unknown): number {
  return error instanceof Error && 'acceptedRows' in error ? Number(error.acceptedRows) : 0;
}

function idOf(row: unknown): number[] {
  return typeof row === 'object' && row !== null && 'id' in row ? [Number(row.id)] : [];
}

async function open(): Promise<void> {
  for (const { tested, ingest } of running)
    await ingest.ready().catch((error: unknown) => {
      record({ kind: 'not-open', table: tested.table, message: String(error) });
      process.exit(1);
    });
  record({ kind: 'open' });
}

process.stdin.once('data', () => (isFinishing = true));
await open();
// A statement that repeats an insert starts after the repetition was counted.
observe('clickhouse-ssot:statement:start', recordStats);
const producing = running.flatMap(({ tested, ingest }) => Array.from({ length: keys }, (_, key) => produce(tested, ingest, key)));
await Promise.all(producing);
for (const { ingest } of running) {
  await ingest.flush();
  await ingest.close({ timeoutMs: 30_000 });
}
recordStats();
record({ kind: 'closed' });
await manager.close();
process.exit(0);
