// Measures the ingest beside the bare client, in turn in one process. Usage: node ingest.js. `ROUNDS=7` is the default.
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig } from '../../runtime/dist/index.js';
import { createIngest } from '../../runtime/dist/ingest.js';
import { median, percentile } from '../measure.js';

/** @typedef {{ readonly id: number; readonly name: string; readonly value: number }} Row */
/** @typedef {{ readonly url: string; readonly folder: string }} Place */
/** @typedef {(place: Place) => Promise<void>} Contender */
/** @typedef {import('../../runtime/dist/ingest.js').IngestOptions<Row>} Options */

const rounds = Number(process.env['ROUNDS'] ?? 7);
const [batchRows, batches] = [10_000, 20];
const rowCount = batchRows * batches;
/** Rows of the contenders that send each row alone. */
const singleRows = 1_000;
/** Callers that add single rows to a durable ingest at the same time, as the requests of a busy service. */
const producers = 1_000;
/** Calls of `add` whose times are measured. */
const timedRows = 10_000;
/** Asynchronous inserts of the bare client at the same time. */
const connections = 100;
/** On a busy machine the client warns of each socket that was idle for long. */
const log = { level: ClickHouseLogLevel.OFF };
const asyncInsert = /** @type {const} */ ({ async_insert: 1, wait_for_async_insert: 1 });

const rows = Array.from({ length: rowCount }, (_, id) => ({ id, name: `name of row ${id}`, value: id / 7 }));
const chunks = Array.from({ length: batches }, (_, index) => rows.slice(index * batchRows, (index + 1) * batchRows));
let folders = 0;

/** Runs the body with an ingest, and waits until all rows are delivered. @param {Place} place @param {Partial<Options>} options @param {(ingest: import('../../runtime/dist/ingest.js').Ingest<Row>) => Promise<void>} body */
async function withIngest({ url }, options, body) {
  const factory = new ClickHouseConnectionFactory();
  const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig({ url }, {}), factory });
  const ingest = createIngest({ table: 't', service: manager.service, maxBatchRows: batchRows, maxBatchBytes: 64 << 20, ...options });
  await ingest.ready();
  await body(ingest);
  await ingest.flush();
  if (ingest.stats.bufferedRows > 0 || ingest.stats.rejectedRows > 0) throw new Error('Expected that all rows are delivered.');
  await ingest.close();
  await manager.close();
  await factory.close();
}

/** Runs the body with a bare client. @param {string} url @param {(client: import('@clickhouse/client').ClickHouseClient) => Promise<void>} body */
async function withClient(url, body) {
  const client = createClient({ url, log, max_open_connections: connections });
  try {
    await body(client);
  } finally {
    await client.close();
  }
}

/** Adds all rows, each by a call of its own. @param {import('../../runtime/dist/ingest.js').Ingest<Row>} ingest */
async function addEach(ingest) {
  for (const row of rows) await ingest.add(row);
}

/** Adds all rows, each by a call of its own, from many producers. @param {import('../../runtime/dist/ingest.js').Ingest<Row>} ingest */
async function addEachConcurrently(ingest) {
  const iterator = rows.values();
  const produce = async () => {
    for (const row of iterator) await ingest.add(row);
  };
  await Promise.all(Array.from({ length: producers }, produce));
}

/** Adds all rows in arrays of a thousand. @param {import('../../runtime/dist/ingest.js').Ingest<Row>} ingest */
async function addArrays(ingest) {
  for (let start = 0; start < rowCount; start += 1_000) await ingest.add(rows.slice(start, start + 1_000));
}

/** @param {Place} place @param {'always' | 'never'} fsync @returns {Partial<Options>} */
function durable({ folder }, fsync) {
  return { directory: join(folder, `ingest-${folders++}`), fsync };
}

/** Each inserts `rowCount` rows, or `singleRows` if it sends each row alone. @type {Readonly<Record<string, Contender>>} */
const contenders = {
  'bare insert of the same batches': ({ url }) =>
    withClient(url, async (client) => {
      for (const values of chunks) await client.insert({ table: 't', values, format: 'JSONEachRow' });
    }),
  'bare asynchronous insert of each row': ({ url }) =>
    withClient(url, async (client) => {
      const iterator = rows.slice(0, singleRows).values();
      const produce = async () => {
        for (const row of iterator)
          await client.insert({ table: 't', values: [row], format: 'JSONEachRow', clickhouse_settings: asyncInsert });
      };
      await Promise.all(Array.from({ length: connections }, produce));
    }),
  'in memory, one row each call': (place) => withIngest(place, {}, addEach),
  'in memory, a thousand rows each call': (place) => withIngest(place, {}, addArrays),
  'durable without fsync, one row each call': (place) => withIngest(place, durable(place, 'never'), addEachConcurrently),
  'durable without fsync, a thousand rows each call': (place) => withIngest(place, durable(place, 'never'), addArrays),
  'durable with fsync, one row each call': (place) => withIngest(place, durable(place, 'always'), addEachConcurrently),
  'durable with fsync, a thousand rows each call': (place) => withIngest(place, durable(place, 'always'), addArrays),
};

const batchesName = 'bare insert of the same batches';
const singlesName = 'bare asynchronous insert of each row';

/** Times of single calls of `add`, one after the other, in milliseconds. @param {Place} place @param {Partial<Options>} options */
async function addTimes(place, options) {
  /** @type {number[]} */
  const times = [];
  await withIngest(place, options, async (ingest) => {
    for (const row of rows.slice(0, timedRows)) {
      const started = performance.now();
      await ingest.add(row);
      times.push(performance.now() - started);
    }
  });
  return times;
}

/** Returns rows per second, by the clock and by the processor time of this process. @param {string} name @param {Place} place */
async function throughput(name, place) {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  await contenders[name]?.(place);
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const count = name === singlesName ? singleRows : rowCount;
  return { perSecond: count / seconds, perProcessorSecond: (count * 1e6) / (user + system) };
}

/** Peak memory of a process that runs one contender, in megabytes. @param {string} name @param {Place} place */
function peakMemory(name, place) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), name, JSON.stringify(place)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${name} failed:\n${stderr}`);
  return Number(stdout) / 1024;
}

/** Prints a row of the table. @param {readonly string[]} cells */
function row(...cells) {
  console.log(`| ${[52, 28, 10, 7].map((width, index) => (cells[index] ?? '').padEnd(width)).join(' | ')} |`);
}

/** Prints the medians of the throughputs, and of the ratios within a round. @param {Place} place */
async function compareThroughput(place) {
  const names = Object.keys(contenders);
  // The first runs compile the code.
  for (const name of names) await throughput(name, place);
  /** @type {Record<string, { readonly perSecond: number; readonly perProcessorSecond: number }>[]} */
  const samples = [];
  for (let round = 0; round < rounds; round++) {
    /** @type {Record<string, { readonly perSecond: number; readonly perProcessorSecond: number }>} */
    const sample = {};
    // Each is first in some round, since a run pays for the garbage of the run before it.
    for (const [index] of names.entries()) {
      const name = names[(index + round) % names.length] ?? '';
      sample[name] = await throughput(name, place);
    }
    samples.push(sample);
  }
  const ratio = (/** @type {string} */ name, /** @type {string} */ base, /** @type {'perSecond' | 'perProcessorSecond'} */ figure) =>
    median(samples.map((sample) => (sample[name]?.[figure] ?? 0) / (sample[base]?.[figure] ?? 0)));
  for (const name of names) {
    row(name, `${(median(samples.map((sample) => sample[name]?.perSecond ?? 0)) / 1_000).toFixed(1)} thousand rows/s`);
    if (name === batchesName || name === singlesName) continue;
    const target = name.startsWith('in memory') ? 0.9 : 0.6;
    const [ofBatches, ofSingles] = [ratio(name, batchesName, 'perSecond'), ratio(name, singlesName, 'perSecond')];
    row(`  times ${batchesName}`, ofBatches.toFixed(2), `>= ${target}`, ofBatches >= target ? 'met' : 'missed');
    row('  the same by processor time of the process', ratio(name, batchesName, 'perProcessorSecond').toFixed(2));
    row(`  times ${singlesName}`, ofSingles.toFixed(1), '>= 20', ofSingles >= 20 ? 'met' : 'missed');
  }
}

/** Prints the times of `add`. @param {Place} place */
async function measureAdd(place) {
  const cases = { 'in memory': {}, 'durable without fsync': durable(place, 'never') };
  for (const [name, options] of Object.entries(cases)) {
    const times = await addTimes(place, options);
    const p99 = percentile(times, 0.99);
    row(
      `add of one row, ${name}: p50, p99, p99.9`,
      [0.5, 0.99, 0.999].map((share) => percentile(times, share).toFixed(3)).join(', '),
      '<= 1 ms',
      p99 <= 1 ? 'met' : 'missed',
    );
  }
}

/** Prints the peak memory. @param {Place} place */
function measureMemory(place) {
  for (const name of Object.keys(contenders)) row(`peak memory: ${name}`, `${peakMemory(name, place).toFixed(0)} MB`);
}

const [only, placeText] = process.argv.slice(2);
if (only !== undefined) {
  await contenders[only]?.(JSON.parse(placeText ?? ''));
  console.log(process.resourceUsage().maxRSS);
} else {
  const server = fork(new URL('throughput-server.js', import.meta.url));
  const [port] = await once(server, 'message');
  const place = { url: `http://127.0.0.1:${port}`, folder: mkdtempSync(join(tmpdir(), 'clickhouse-ssot-bench-')) };
  console.log(
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, ${rounds} rounds of ${rowCount} rows, load average ${loadavg()[0]?.toFixed(1)}\n`,
  );
  row('measurement', 'result', 'target', '');
  row('---', '---', '---', '---');
  await compareThroughput(place);
  await measureAdd(place);
  measureMemory(place);
  rmSync(place.folder, { recursive: true, force: true });
  server.kill();
  process.exit();
}
