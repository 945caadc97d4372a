import { join } from 'node:path';
import { repository } from '../places.js';

/** A service on the official client, with its own tests. `test/service.test.ts` needs a ClickHouse at CLICKHOUSE_URL. */
export const officialService: Readonly<Record<string, string | object>> = {
  'package.json': { name: 'visits', type: 'module', dependencies: { '@clickhouse/client': '^1.23.0' } },
  'tsconfig.json': {
    compilerOptions: {
      module: 'nodenext',
      target: 'es2022',
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      types: ['node'],
      paths: { '@clickhouse-ssot/runtime': [join(repository, 'runtime/src/index.ts')] },
    },
    include: ['src', 'test'],
  },
  'vitest.config.js': `export default { resolve: { alias: { '@clickhouse-ssot/runtime': ${JSON.stringify(join(repository, 'runtime/src/index.ts'))} } } };\n`,
  'src/clickhouse.ts': `import { createClient, type ClickHouseClient } from '@clickhouse/client';

/** The client of the service. */
export const clickhouse: ClickHouseClient = createClient({
  url: process.env.CLICKHOUSE_URL,
  username: process.env.CLICKHOUSE_USER,
  password: process.env.CLICKHOUSE_PASSWORD,
  database: process.env.CLICKHOUSE_DATABASE,
});
`,
  'src/visits.ts': `import { ClickHouseError } from '@clickhouse/client';
import { clickhouse } from './clickhouse.js';

export async function createVisits(): Promise<void> {
  await clickhouse.command({ query: 'CREATE TABLE IF NOT EXISTS visits (id UInt32) ENGINE = MergeTree ORDER BY id' });
}

export async function addVisits(ids: readonly number[]): Promise<void> {
  await clickhouse.insert({ table: 'visits', values: ids.map((id) => ({ id })), format: 'JSONEachRow' });
}

/** The rows of a table; undefined if there is no such table. */
export async function rowsOf(table: string): Promise<unknown[] | undefined> {
  try {
    const result = await clickhouse.query({ query: \`SELECT * FROM \${table}\`, format: 'JSONEachRow' });
    return await result.json();
  } catch (error) {
    if (error instanceof ClickHouseError && error.code === '60') return undefined;
    throw error;
  }
}
`,
  'src/report.ts': `import { createClient } from '@clickhouse/client';

/** A report has a client of its own, with a longer timeout. */
export async function report(query: string): Promise<string> {
  const client = createClient({
    url: process.env.CLICKHOUSE_URL,
    request_timeout: 60_000, // a report may be slow
    max_open_connections: 2,
    compression: { response: true },
    // No socket is kept.
    keep_alive: { enabled: false },
    clickhouse_settings: { max_threads: 1 },
  });
  try {
    const result = await client.query({ query, format: 'TabSeparated' });
    return await result.text();
  } finally {
    await client.close();
  }
}
`,
  'src/tenant.ts': `import { createClient } from '@clickhouse/client';

/** Counts rows on the server of a customer. */
export async function countFor(server: { url: string; username: string; password: string }): Promise<string> {
  const client = createClient({ ...server.url !== '' && { application: 'visits' }, url: server.url, username: server.username, password: server.password });
  const result = await client.query({ query: 'SELECT count() FROM numbers(3)', format: 'TabSeparated' });
  const text = await result.text();
  await client.close();
  return text.trim();
}
`,
  'src/slow.ts': `import { createClient } from '@clickhouse/client';

const impatient = createClient({ url: process.env.CLICKHOUSE_URL, request_timeout: 100 });

export async function sleep(): Promise<string> {
  try {
    await impatient.query({ query: 'SELECT sleep(3)' });
    return 'slept';
  } catch (error: any) {
    if (error.message === 'Timeout error.') return 'too slow';
    throw error;
  }
}
`,
  'src/probe.ts': `import { createClient } from '@clickhouse/client';

export async function isDown(url: string): Promise<boolean> {
  const client = createClient({ url });
  try {
    await client.command({ query: 'SELECT 1' });
    return false;
  } catch (error: any) {
    return error.code === 'ECONNREFUSED';
  } finally {
    await client.close();
  }
}
`,
  'src/main.ts': `import './probe.js';\nimport './report.js';\nimport './slow.js';\nimport './tenant.js';\nimport './visits.js';\n`,
  'test/service.test.ts': `import { expect, it } from 'vitest';
import { isDown } from '../src/probe.js';
import { report } from '../src/report.js';
import { sleep } from '../src/slow.js';
import { countFor } from '../src/tenant.js';
import { addVisits, createVisits, rowsOf } from '../src/visits.js';

it('writes and reads', async () => {
  await createVisits();
  await addVisits([1, 2]);
  expect(await rowsOf('visits')).toEqual(expect.arrayContaining([{ id: 1 }, { id: 2 }]));
});

it('knows a missing table', async () => {
  expect(await rowsOf('nothing')).toBeUndefined();
});

it('runs reports at the same time', async () => {
  const reports = await Promise.all(['SELECT 1', "SELECT getSetting('max_threads')", 'SELECT 3'].map(report));
  expect(reports).toEqual(['1\\n', '1\\n', '3\\n']);
});

it('asks the server of a customer', async () => {
  expect(await countFor({ url: process.env.CLICKHOUSE_URL ?? '', username: 'customer', password: 'secret' })).toBe('3');
});

it('knows a timeout', async () => {
  expect(await sleep()).toBe('too slow');
});

it('knows a server that is down', async () => {
  expect(await isDown('http://127.0.0.1:1')).toBe(true);
});
`,
  'test/mocked.test.ts': `import { expect, it, vi } from 'vitest';
import { addVisits } from '../src/visits.js';

const insert = vi.hoisted(() => vi.fn());

vi.mock('@clickhouse/client', async (importOriginal) => ({
  ...(await importOriginal<typeof import('@clickhouse/client')>()),
  createClient: () => ({ insert }),
}));

it('inserts rows', async () => {
  await addVisits([7]);
  expect(insert).toHaveBeenCalledWith({ table: 'visits', values: [{ id: 7 }], format: 'JSONEachRow' });
});
`,
};
