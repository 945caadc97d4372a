// Measures statements over HTTP, managed and with the bare client, in turn in one process. Prints one line of JSON.
import { createClient } from '@clickhouse/client';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig } from '../../runtime/dist/index.js';
import { median } from '../measure.js';

/** @typedef {Pick<import('../../runtime/dist/index.js').ClickHouseService, 'query' | 'insert'>} Service */
/** @typedef {{ readonly name: string; readonly target: number; readonly run: (service: Service) => Promise<unknown> }} Case */

const rounds = Number(process.argv[2] ?? 9);
const concurrency = 20;

/** Runs a call again and again, `concurrency` at a time. @param {number} count @param {() => Promise<unknown>} call */
async function repeat(count, call) {
  const loop = async () => {
    for (let index = 0; index < count / concurrency; index++) await call();
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
}

const rows = Array.from({ length: 1_000 }, (_, id) => ({ id, name: `name of row ${id}`, value: id / 7 }));

/** @type {readonly Case[]} */
const cases = [
  {
    name: 'a million streamed rows',
    target: 0.98,
    run: async (service) => {
      const result = await service.query({ query: 'rows', format: 'JSONEachRow' });
      let count = 0;
      for await (const batch of result.stream()) for (const row of batch) count += row.text.length > 0 ? 1 : 0;
      if (count !== 1_000_000) throw new Error(`expected a million rows, got ${count}`);
    },
  },
  { name: 'text() of 80 MB', target: 0.98, run: async (service) => (await service.query({ query: 'text', format: 'CSV' })).text() },
  {
    name: `query and json(), ${concurrency} at a time`,
    target: 0.97,
    run: (service) => repeat(2_000, async () => (await service.query({ query: 'small', format: 'JSONEachRow' })).json()),
  },
  {
    name: `inserts of 1,000 rows, ${concurrency} at a time`,
    target: 0.98,
    run: (service) => repeat(400, () => service.insert({ table: 't', values: rows, format: 'JSONEachRow' })),
  },
];

const server = fork(new URL('throughput-server.js', import.meta.url));
const [port] = await once(server, 'message');
const config = loadClickHouseConfig({ url: `http://127.0.0.1:${port}`, maxConcurrentStatements: concurrency }, {});
const factory = new ClickHouseConnectionFactory();
const manager = new ClickHouseConnectionManager({ config, factory });
const bare = createClient({ url: `http://127.0.0.1:${port}`, max_open_connections: concurrency });

/** @param {Case} measured @param {Service} service */
async function seconds({ run }, service) {
  const started = performance.now();
  await run(service);
  return (performance.now() - started) / 1_000;
}

const report = [];
for (const measured of cases) {
  // The first runs compile the code.
  for (const service of [bare, manager.service, bare, manager.service]) await measured.run(service);
  const samples = [];
  for (let round = 0; round < rounds; round++) {
    // Each is first in every second round, since a run pays for the garbage of the run before it.
    const first = round % 2 === 0 ? bare : manager.service;
    const [one, other] = [await seconds(measured, first), await seconds(measured, first === bare ? manager.service : bare)];
    samples.push(first === bare ? { bare: one, managed: other } : { bare: other, managed: one });
  }
  report.push({
    name: measured.name,
    target: measured.target,
    bare: median(samples.map((sample) => sample.bare)),
    managed: median(samples.map((sample) => sample.managed)),
    ratio: median(samples.map((sample) => sample.bare / sample.managed)),
  });
}
console.log(JSON.stringify(report));
await manager.close();
await factory.close();
await bare.close();
server.kill();
process.exit();
