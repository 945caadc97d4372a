import { type BlocksOfPage, events, terminate } from './surroundings.js';

/** Fails an insert with an error, which the block then handles. */
const failingInsert = (error: string): string => `
  import { createTestService } from '@clickhouse-ssot/runtime/testing';
  const clickhouse = createTestService([{ when: 'INSERT', error: ${error} }]);
  Object.assign(globalThis, {
    clickhouse,
    values: [{ id: 1 }],
    lookBeforeYouRepeat: async () => show('look'),
    insertInSmallerPieces: async () => show('smaller'),
  });`;

export const readmeBlocks: BlocksOfPage = {
  'Quick start': { output: '[ { id: 1 } ]' },
  'Migrate from `@clickhouse/client`': { before: events, server: true, output: '[ { id: 7 } ]' },
  'Migrate from `@clickhouse/client` (2)': { before: events, server: true, output: '[ { id: 7 } ]' },
  '`clickHouse(options?)`': {
    env: { SHOP_URL: 'http://shop:8123', CLICKHOUSE_ANALYTICS_URL: 'http://analytics:8123' },
    after: `
      show([clickhouse, analytics, shop].flatMap(({ manager }) => manager.health().endpoints.map(({ url }) => url)));
      show(shop.manager.stats.max);`,
    output: '["chdb:","http://analytics:8123","http://shop:8123"]\n40',
  },
  Tenants: {
    before: events,
    server: true,
    after: `show(await count({ url: serverUrl, username: 'shop', password: 'secret' }));
      show([tenants.stats.max, tenants.stats.open]);`,
    output: /^\[\{"n":"?1"?\}\]\n\[200,1\]$/,
  },
  'Streamed values': {
    before: events,
    files: { 'events.csv': '1\n2\n' },
    after: `show(await rowsOf(clickhouse, 'SELECT id FROM events ORDER BY id'));`,
    output: '[{"id":1},{"id":2},{"id":7}]',
  },
  Manager: {
    after: `show([manager.health().endpoints.map(({ url }) => url), manager.config.deadlineMs, manager.state]);`,
    output: '[["http://ch-1:8123","http://ch-2:8123"],20000,"open"]',
  },
  Session: {
    before: `${events}
      await clickhouse.insert({ table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' });`,
    server: true,
    output: '[ { id: 1 } ]',
  },
  '`client`': {
    env: { CLICKHOUSE_URL: 'http://ch:8123' },
    after: `show([config.client.json.parse('[1]'), config.client.keep_alive]);`,
    output: '[[1],{"idle_socket_ttl":1000}]',
  },
  Identities: {
    before: events,
    after: `
      show(await rowsOf(reader, 'SELECT id FROM events'));
      await reader.insert({ table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' }).catch(({ kind }) => show(kind));`,
    output: '[{"id":7}]\n"PermissionError"',
  },
  'Configuration in code': { output: /'database' +│ 'shop' +│ 'code'[^]*'maxConcurrentStatements' +│ '40' +│ 'code'/ },
  'Bulkhead options': { before: events, output: /^\[ \{ n: '?2'? \} \]$/ },
  '`onCreate`': {
    before: 'globalThis.ClickHouseConnectionFactory = runtime.ClickHouseConnectionFactory;',
    after: `
      const manager = new runtime.ClickHouseConnectionManager({ config: runtime.loadClickHouseConfig(), factory });
      show(await rowsOf(manager.service, 'SELECT 1 AS n'));`,
    output: '[{"n":1}]',
  },
  Outcomes: { before: failingInsert(`new Error('socket hang up')`), output: '"look"' },
  'Outcomes, refused': { before: failingInsert(`new Error('Code: 241. DB::Exception: Memory limit')`), output: '"smaller"' },
  'Outcomes, other': { before: failingInsert(`new Error('Code: 60. DB::Exception: no table')`), output: /^\{.*"kind":"ServerError".*\}$/ },
  Telemetry: { before: events, after: `show(await rowsOf(clickhouse, 'SELECT id FROM events'));`, output: '[{"id":7}]' },
  OpenTelemetry: { after: `show(typeof instrumentation[Symbol.dispose]);`, output: '"function"' },
  'Prometheus metrics': {
    after: `
      const { register } = await import('prom-client');
      show(await rowsOf(runtime.clickHouse(), 'SELECT 1 AS n'));
      console.log((await register.metrics()).match(/^clickhouse_client_statements_total.* 1$/m)?.[0]);`,
    output: /^\[\{"n":1\}\]\nclickhouse_client_statements_total\{.*operation="SELECT".*\} 1$/,
  },
  Logging: { after: `log[Symbol.dispose]();`, output: '' },
  Testing: { after: `show(await rowsOf(clickhouse, 'SELECT id FROM events'));`, output: '[{"id":1}]' },
  'Assertions and test databases': {
    env: { NODE_ENV: 'test' },
    files: { 'test/schema.sql': 'CREATE TABLE events (id UInt32) ENGINE = MergeTree ORDER BY id; INSERT INTO events VALUES (3)' },
    // The result is read before the database is dropped.
    replace: { 'await database.drop();': 'show(await result.json()); await database.drop();' },
    output: '[{"id":3}]',
  },
  Ingest: {
    before: `
      const clickhouse = runtime.clickHouse();
      await clickhouse.command({ query: 'CREATE TABLE events (id UInt32, name String) ENGINE = MergeTree ORDER BY id' });
      await clickhouse.command({ query: 'CREATE TABLE orders (id UInt32, total UInt32) ENGINE = MergeTree ORDER BY id' });`,
    replace: { '/var/lib/app/orders': 'orders' },
    after: `
      await Promise.all([events.flush(), orders.flush()]);
      for (const table of ['events', 'orders']) show(await rowsOf(runtime.clickHouse(), 'SELECT * FROM ' + table));`,
    output: '[{"id":1,"name":"signup"}]\n[{"id":1,"total":20}]',
  },
  Secrets: {
    env: { CLICKHOUSE_USER: 'shop' },
    server: true,
    files: { 'secret.txt': 'secret\n' },
    replace: { '/run/secrets/clickhouse': 'secret.txt' },
    after: `show(await rowsOf(await runtime.getClickHouseClient(), 'SELECT 1 AS n'));`,
    output: '[{"n":1}]',
  },
  'Start-up': { before: events, output: '' },
  'Schema migrations': {
    files: { 'migrations/0001_notes.sql': 'CREATE TABLE notes (text String) ENGINE = MergeTree ORDER BY text' },
    after: `show(await rowsOf(schema, 'SELECT count() < 1 AS isEmpty FROM notes'));`,
    output: /^\[\{"isEmpty":(1|true)\}\]$/,
  },
  Readiness: { after: `show(await isReady());`, output: 'true' },
  'HTTP frameworks': { before: events, after: `show(await (await fetchHere('/events')).json());\n${terminate}`, output: '[{"id":7}]' },
  'Next.js': { before: events, after: `show(await rowsOf(clickhouse, 'SELECT id FROM events'));`, output: '[{"id":7}]' },
  'End of the process': {
    before: `globalThis.stopTakingRequests = async () => show('stopped');`,
    after: `process.once('exit', (code) => show(code));\n${terminate}\nawait sleep(60_000);`,
    output: '"stopped"\n0',
  },
  'Workers, Deno, Bun and browsers': {
    before: events,
    server: true,
    replace: { 'export default': 'const worker =' },
    after: `show(await (await worker.fetch(new Request('http://worker/'), process.env)).json());`,
    output: /^\[\{"n":"?1"?\}\]$/,
  },
};
