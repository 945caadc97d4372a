import { type BlocksOfPage, events, terminate } from './surroundings.js';

/** The controllers of an application that a block of NestJS leaves to the reader. */
const start = `
  const { NestFactory } = await import('@nestjs/core');
  const application = await NestFactory.create(Example, { logger: false });
  await application.init();`;

const edge: BlocksOfPage = {
  'Cloudflare Workers': {
    before: events,
    server: true,
    replace: { 'export default': 'const worker =' },
    after: `show(await (await worker.fetch(new Request('http://worker/'), process.env)).json());`,
    output: /^\[\{"n":"?1"?\}\]$/,
  },
  'Cloudflare Workers (2)': {
    server: true,
    after: `
      const requests = [];
      const TUNNEL = { fetch: (input, init) => (requests.push(1), fetch(input, init)) };
      show(await rowsOf(clickhouseOf({ TUNNEL, CLICKHOUSE_URL: serverUrl }), 'SELECT 1 AS n'));
      show(requests.length);`,
    output: '[{"n":1}]\n1',
  },
  'Deno and Bun': { server: true, after: `show(await rowsOf(clickhouse, 'SELECT 1 AS n'));`, output: '[{"n":1}]' },
  Browsers: {
    before: `
      globalThis.fetch = async (input, init) => {
        const request = new Request(input, init);
        show([new URL(request.url).origin, request.headers.get('authorization')]);
        return new Response('{"n":1}\\n', { headers: { 'x-clickhouse-query-id': 'a', 'x-clickhouse-format': 'JSONEachRow' } });
      };`,
    after: `show(await rowsOf(clickhouseWith('token'), 'SELECT 1 AS n'));`,
    output: '["https://host:8443","Bearer token"]\n[{"n":1}]',
  },
};

const ingest: BlocksOfPage = {
  'Quick start': {
    before: `
      for (const table of ['events', 'orders'])
        await runtime.clickHouse().command({ query: 'CREATE TABLE ' + table + ' (id UInt32, name String) ENGINE = MergeTree ORDER BY id' });`,
    replace: { '/var/lib/app/orders': 'orders' },
    after: `
      await Promise.all([events.flush(), orders.flush()]);
      for (const table of ['events', 'orders']) show(await rowsOf(runtime.clickHouse(), 'SELECT name FROM ' + table + ' ORDER BY id'));`,
    output: '[{"name":"Ada"}]\n[{"name":"Ada"},{"name":"Grace"}]',
  },
  'Quick start (2)': {
    before: `
      import { createIngest } from '@clickhouse-ssot/runtime/ingest';
      await runtime.clickHouse({ dataPath: 'data' }).command({ query: 'CREATE TABLE events (id UInt32) ENGINE = MergeTree ORDER BY id' });
      await createIngest({ table: 'events', service: runtime.clickHouse({ dataPath: 'data' }) }).add({ id: 1 });`,
    after: `show(await rowsOf(runtime.clickHouse({ dataPath: 'data' }), 'SELECT id FROM events'));`,
    output: '[{"id":1}]',
  },
  'Add rows': {
    before: `await runtime.clickHouse().command({ query: 'CREATE TABLE lines (line String) ENGINE = MergeTree ORDER BY line' });`,
    files: { 'events.log': 'a\nb\n' },
    after: `show(await rowsOf(runtime.clickHouse(), 'SELECT line FROM lines ORDER BY line'));`,
    output: '[{"line":"a"},{"line":"b"}]',
  },
  'When an insert fails': {
    before: `await runtime.clickHouse().command({ query: 'CREATE TABLE clicks (id UInt32) ENGINE = MergeTree ORDER BY id' });`,
    after: `
      show(await record({ id: 1 }));
      await clicks.flush();
      show(await rowsOf(runtime.clickHouse(), 'SELECT id FROM clicks'));`,
    output: '"accepted"\n[{"id":1}]',
  },
  'Rows that ClickHouse refuses': {
    before: `await runtime.clickHouse().command({ query: 'CREATE TABLE payments (id UInt32) ENGINE = MergeTree ORDER BY id' });`,
    after: `
      await payments.add([{ id: 1 }, { id: 'no number' }]);
      await payments.flush();
      show(await rowsOf(runtime.clickHouse(), 'SELECT id FROM payments'));`,
    output: '[{"id":1}]\n1 payments were refused ServerError',
  },
  'Metrics and events': {
    before: `
      import { createIngest } from '@clickhouse-ssot/runtime/ingest';
      createIngest({ table: 'events' });`,
    output: 'events open 0 undefined 0 undefined',
  },
};

const observability: BlocksOfPage = {
  Prometheus: {
    after: `
      await rowsOf(runtime.clickHouse(), 'SELECT 1 AS n');
      const text = await (await fetchHere('/')).text();
      console.log(text.match(/^clickhouse_client_statements_total.* 1$/m)?.[0]);
      setImmediate(() => process.exit());`,
    output: /^clickhouse_client_statements_total\{.*operation="SELECT".*\} 1$/,
  },
  Logs: {
    after: `
      await rowsOf(runtime.clickHouse(), 'SELECT 1 FROM missing').catch(({ kind }) => show(kind));`,
    output: '"ServerError"',
  },
  'Log of the official client': { server: true, after: `show(await rowsOf(clickhouse, 'SELECT 1 AS n'));`, output: '[{"n":1}]' },
};

const overHttp = (path: string): string => `show(await (await fetchHere('${path}')).json());`;

const frameworks: BlocksOfPage = {
  Fastify: { before: events, after: `${overHttp('/events')}\n${terminate}`, output: '[{"id":7}]' },
  Express: { before: events, after: `${overHttp('/events')}\n${terminate}`, output: '[{"id":7}]' },
  Hono: { before: events, after: `${overHttp('/events')}\n${terminate}`, output: '[{"id":7}]' },
  NestJS: { before: events, after: `${overHttp('/events')}\n${terminate}`, output: /\[\{"id":7\}\]/ },
  'NestJS (2)': {
    before: events,
    server: true,
    after: `
      const { clickHouseToken } = await import('@clickhouse-ssot/runtime/nestjs');
      class Urls {}
      const url = { provide: 'ANALYTICS_URL', useValue: serverUrl };
      const { Global } = await import('@nestjs/common');
      Global()(Urls);
      Module({ providers: [url], exports: [url] })(Urls);
      class Example {}
      Module({ imports: [Urls, AppModule] })(Example);
      ${start}
      for (const name of [undefined, 'analytics'])
        show(await rowsOf(application.get(clickHouseToken(name), { strict: false }), 'SELECT id FROM events'));
      await application.close();`,
    output: '[{"id":7}]\n[{"id":7}]',
  },
  'NestJS (3)': {
    after: `
      const { Module } = await import('@nestjs/common');
      const { TerminusModule } = await import('@nestjs/terminus');
      const { ClickHouseModule } = await import('@clickhouse-ssot/runtime/nestjs');
      class Example {}
      Module({ imports: [ClickHouseModule.forRoot(), TerminusModule], controllers: [HealthController] })(Example);
      ${start}
      await runtime.getClickHouseConnectionManager().warmUp();
      show((await application.get(HealthController).check()).status);
      await application.close();`,
    output: /"ok"/,
  },
  'NestJS (4)': { after: `show(await rowsOf(module.get(clickHouseToken()), 'SELECT id FROM events'));`, output: '[{"id":1}]' },
  Options: {
    before: `
      const analytics = runtime.clickHouse({ connection: 'analytics' });
      await analytics.command({ query: 'CREATE TABLE visits (id UInt32) ENGINE = MergeTree ORDER BY id' });`,
    env: { CLICKHOUSE_ANALYTICS_DATABASE: 'analytics' },
    after: `show((await app.inject('/visits')).json());\nawait app.close();`,
    output: /^\[\{"n":"?0"?\}\]$/,
  },
  'Clients that go away': { after: `${overHttp('/')}\n${terminate}`, output: '[{"n":1}]' },
  'Next.js': {
    before: events,
    after: `
      show(await (await GET(new Request('http://app/'))).json());
      await clickhouse.command({ query: 'DROP TABLE events' });
      show((await GET(new Request('http://app/'))).status);`,
    output: '[{"id":7}]\n500',
  },
  'Vercel and AWS Lambda': { before: events, after: `show(await handler());`, output: /^\[\{"n":"?1"?\}\]$/ },
};

/** The surroundings of the blocks of each page, by its path. */
export const pageBlocks: Readonly<Record<string, BlocksOfPage>> = {
  'docs/runtime/edge.md': edge,
  'docs/runtime/ingest.md': ingest,
  'docs/runtime/observability.md': observability,
  'docs/runtime/frameworks.md': frameworks,
};
