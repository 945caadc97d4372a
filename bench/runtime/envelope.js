// Measures the overhead of a managed statement over the bare client, whose methods return at once without a server. Prints one line of JSON.
import { ResultSet } from '@clickhouse/client';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig } from '../../runtime/dist/index.js';
import { median } from '../measure.js';

const [statements, rounds] = [20_000, 25];
const headers = { response_headers: {}, http_headers: {} };
const factory = new ClickHouseConnectionFactory({
  onCreate: (client) =>
    void Object.assign(client, {
      // The official client sets a query id if the caller has set none.
      command: async ({ query_id = randomUUID() }) => ({ query_id, ...headers }),
      query: async () => new ResultSet(Readable.from([Buffer.from('{"n":1}\n')]), 'JSONEachRow', 'q'),
    }),
});
const config = loadClickHouseConfig({ url: 'http://127.0.0.1:1' }, {});
const manager = new ClickHouseConnectionManager({ config, factory });

/** @typedef {import('../../runtime/dist/index.js').ClickHouseService} Service */
const command = { query: 'SELECT 1' };
const query = /** @type {const} */ ({ query: 'SELECT 1 AS n', format: 'JSONEachRow' });
const calls = {
  command: (/** @type {Service} */ service) => service.command(command),
  'query and json()': async (/** @type {Service} */ service) => (await service.query(query)).json(),
};

/** Returns the mean time of a call in microseconds. @param {(service: Service) => Promise<unknown>} call @param {Service} service @param {number} count */
async function perCall(call, service, count) {
  const started = performance.now();
  for (let completed = 0; completed < count; completed++) await call(service);
  return ((performance.now() - started) * 1_000) / count;
}

const client = await factory.create(config);
await manager.service.command(command);
const report = [];
for (const [name, call] of Object.entries(calls)) {
  const count = name === 'command' ? statements : statements / 10;
  const samples = /** @type {{ bare: number; managed: number }[]} */ ([]);
  for (let round = 0; round < rounds; round++)
    samples.push({ bare: await perCall(call, client, count), managed: await perCall(call, manager.service, count) });
  // The first rounds compile the code.
  const measured = samples.slice(5);
  report.push({
    name,
    bare: median(measured.map(({ bare }) => bare)),
    managed: median(measured.map(({ managed }) => managed)),
    overhead: median(measured.map(({ bare, managed }) => managed - bare)),
  });
}
console.log(JSON.stringify(report));
await manager.close();
