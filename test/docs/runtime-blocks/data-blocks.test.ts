import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, expect, it } from 'vitest';
import { read } from '../../../scripts/generated.js';
import { clickHouse, closeClickHouse, loadClickHouseConfig, parseFailure } from '../../../runtime/src/index.js';
import { httpStatusOf } from '../../../runtime/src/http.js';
import { logTo } from '../../../runtime/src/logging.js';
import { migrate } from '../../../runtime/src/migrations.js';
import { collectClickHouseMetrics } from '../../../runtime/src/prometheus.js';
import { repository } from '../../places.js';
import { blocksOf } from '../page-blocks.js';

const pages = ['runtime/README.md', ...readdirSync(join(repository, 'docs/runtime')).map((name) => `docs/runtime/${name}`)];
const manifest = JSON.parse(read('runtime/package.json')) as { readonly peerDependencies: object };

type LogLine = Readonly<Record<string, unknown>> & { readonly error: object };

afterAll(() => closeClickHouse());

it('each block has a tag that a test knows', () => {
  const tags = pages.flatMap((page) => [...read(page).matchAll(/^```(\S.*)$/gm)].map(([, tag = '']) => tag));
  const code = ['ts', 'typescript', 'ts testcontainers'];
  expect([...new Set(tags)].filter((tag) => !code.includes(tag)).sort()).toEqual(['json', 'promql', 'sh', 'sql', 'text']);
});

it('the commands install this package and packages that it uses', () => {
  const known = ['@clickhouse-ssot/runtime', ...Object.keys(manifest.peerDependencies)];
  const commands = pages.flatMap((page) => blocksOf(page, 'sh').flatMap((block) => block.trim().split('\n')));
  const installed = commands.filter((line) => line.startsWith('npm install ')).map((line) => line.replace(/ *#.*/, '').split(' ').slice(2));
  expect(installed.length).toBeGreaterThan(3);
  for (const name of installed.flat()) if (!name.startsWith('--')) expect(known).toContain(name.replace(/(?!^)@[\w.]+$/, ''));
});

it('the variables of the page about identities are a configuration of each connection', () => {
  const [variables = ''] = blocksOf('docs/runtime/identities.md', 'sh');
  const env = Object.fromEntries(
    variables
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s)) as [string, string][],
  );
  const userOf = (connection?: string): unknown => {
    const { engine } = loadClickHouseConfig(connection === undefined ? {} : { connection }, env);
    return engine.kind === 'server' && [engine.url, engine.username, engine.password.reveal()];
  };
  const url = 'https://ch.internal:8443';
  expect([userOf(), userOf('reader'), userOf('schema')]).toEqual(['app', 'reader', 'schema'].map((name) => [url, `shop_${name}`, '...']));
});

it('the SQL of the page about ingest runs', async () => {
  const [sql = ''] = blocksOf('docs/runtime/ingest.md', 'sql');
  const clickhouse = clickHouse();
  await clickhouse.command({ query: 'CREATE TABLE events (id UInt32) ENGINE = MergeTree ORDER BY id' });
  await clickhouse.command({ query: sql });
});

it('the line of the log has the fields and the message of the page', async () => {
  const documented = JSON.parse(blocksOf('docs/runtime/observability.md', 'json')[0] ?? '') as LogLine;
  const lines: string[] = [];
  const log = logTo(pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(line) }));
  await expect(clickHouse().command({ query: 'SELECT 1 FROM missing' })).rejects.toThrow();
  log[Symbol.dispose]();
  const line = JSON.parse(lines[0] ?? '') as LogLine;
  expect(Object.keys(line)).toEqual(Object.keys(documented));
  for (const key of ['level', 'event', 'operation', 'attempts', 'msg']) expect(line[key]).toEqual(documented[key]);
  // The page says that the error has further keys.
  expect(line.error).toMatchObject({ ...documented.error });
});

it('the response to an overload is that of the page', () => {
  const failure = parseFailure(new Error('Code: 202. DB::Exception: Too many simultaneous queries. (TOO_MANY_SIMULTANEOUS_QUERIES)'));
  expect(httpStatusOf(failure).body).toEqual(JSON.parse(blocksOf('docs/runtime/frameworks.md', 'json')[0] ?? ''));
});

it('the queries of the page about metrics name metrics and labels that exist', async () => {
  const registry = new Registry();
  collectClickHouseMetrics({ registry });
  await (await clickHouse().query({ query: 'SELECT 1' })).text();
  const text = await registry.metrics();
  const [queries = ''] = blocksOf('docs/runtime/observability.md', 'promql');
  const names = [...queries.matchAll(/clickhouse_\w+/g)].map(([name]) => name.replace(/_bucket$/, ''));
  expect(names).toHaveLength(3);
  for (const name of names) expect(text).toContain(`# TYPE ${name} `);
  expect(text).toMatch(/^clickhouse_client_statements_total\{(?=.*pool=)(?=.*outcome="done")/m);
});

it('the message of a migration that fails is that of the page', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  const table = (name: string): string => `CREATE TABLE ${name} (id UInt32) ENGINE = MergeTree ORDER BY id;`;
  writeFileSync(join(folder, '0001_events.sql'), table('first'));
  writeFileSync(join(folder, '0002_sessions.sql'), `${table('a')}\n${table('b')}\n\nDROP TABLE missing;\n${table('c')}\n`);
  const failure: unknown = await migrate(clickHouse(), { folder }).catch((error: unknown) => error);
  rmSync(folder, { recursive: true });
  const documented = (blocksOf('docs/runtime/schema-migrations.md', 'text')[1] ?? '').replaceAll(/\s+/g, ' ').trim();
  expect(failure instanceof Error ? failure.message.replaceAll(/\s+/g, ' ') : failure).toBe(documented);
});
