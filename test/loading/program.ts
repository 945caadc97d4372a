/**
 * A program of a user, as an ES module. It uses every entry point and prints one line of JSON: rows of a server and of the double, an error,
 * the calls in the path of a recursion, and the row or the error of the embedded engine.
 */
export const program = `
import { createServer } from 'node:http';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  closeClickHouse,
  getClickHouseClient,
  getClickHouseConnectionManager,
  isConnectError,
  loadClickHouseConfig,
  ServerError,
  useClickHouseConnectionManager,
} from '@clickhouse-ssot/runtime';
import { embeddedConnection } from '@clickhouse-ssot/runtime/embedded';
import { logTo } from '@clickhouse-ssot/runtime/logging';
import { instrument } from '@clickhouse-ssot/runtime/otel';
import { collectClickHouseMetrics } from '@clickhouse-ssot/runtime/prometheus';
import { fileSecret } from '@clickhouse-ssot/runtime/secrets';
import { createTestService } from '@clickhouse-ssot/runtime/testing';

const select = { query: 'SELECT 1 AS n', format: 'JSONEachRow' };
const rowsOf = async (service) => (await service.query(select)).json();
const engineOf = async () => {
  try {
    const connection = await embeddedConnection(':memory:');
    await connection.close();
    const config = loadClickHouseConfig({}, {});
    const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
    return await rowsOf(manager.service).finally(() => manager.close());
  } catch (error) {
    return error.code + ': ' + error.message;
  }
};

async function main() {
  const nothing = () => undefined;
  const observers = [instrument(), collectClickHouseMetrics(), logTo({ info: nothing, warn: nothing, error: nothing })];
  const server = createServer((request, response) => {
    request.resume();
    response.end('{"n":1}\\n');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const config = loadClickHouseConfig({ url: 'http://127.0.0.1:' + server.address().port }, {});
  const factory = new ClickHouseConnectionFactory();
  useClickHouseConnectionManager(new ClickHouseConnectionManager({ config, factory }), factory);
  const rows = await rowsOf(await getClickHouseClient());

  const recursive = new ClickHouseConnectionFactory({
    onCreate: async function warmUpCache() {
      await recursive.create(config);
    },
  });
  async function readReport() {
    await recursive.create(config);
  }
  const path = await readReport().catch((error) => error.path);

  const refused = loadClickHouseConfig({ url: 'http://127.0.0.1:1', connectTimeoutMs: 5000 }, {});
  const unreachable = new ClickHouseConnectionManager({ config: refused, factory, retry: { maxAttempts: 1 } });
  const failure = await rowsOf(unreachable.service).catch((error) => error);
  await unreachable.close();

  const double = await rowsOf(createTestService([{ when: /./, rows: [{ n: 2 }] }]));
  const engine = await engineOf();
  const isSame = getClickHouseConnectionManager().service === (await getClickHouseClient());
  await closeClickHouse();
  for (const observer of observers) observer[Symbol.dispose]();
  server.close();
  console.log(JSON.stringify({ rows, path, failure: failure.code, isConnect: isConnectError(failure), isServer: failure instanceof ServerError, double, engine, isSame, secret: typeof fileSecret }));
}
main();
`;
