import rule from '../../rules/no-nested-acquire.js';
import { fixture } from '../places.js';
import { testRule } from './rule-tester.js';

const filename = `${fixture('rule-tester')}/src/leases.ts`;

/** Returns a module with two pools and the given code. */
function pool(code: string): string {
  return `import { type ClickHouseClient, createClient } from '@clickhouse/client';
class Pool {
  async acquire(): Promise<ClickHouseClient> { return createClient(); }
  release(client: ClickHouseClient): void { void client; }
  async use<T>(task: (client: ClickHouseClient) => Promise<T>): Promise<T> {
    const client = await this.acquire();
    try { return await task(client); } finally { this.release(client); }
  }
}
const pool = new Pool();
const spare = new Pool();
async function count() { const client = await pool.acquire(); try { return await client.query({}); } finally { pool.release(client); } }
${code}`;
}

/** Returns a module with the given code between an acquisition and its release. */
function holding(code: string): string {
  return pool(
    `export async function report(deep: boolean) {\n  const client = await pool.acquire();\n  try { ${code} } finally { pool.release(client); }\n}`,
  );
}

/** Returns a module with the given code that uses sessions of the runtime, which are leases. */
function sessions(code: string): string {
  return `import { getClickHouseConnectionManager } from '@clickhouse-ssot/runtime';\nconst manager = getClickHouseConnectionManager();\n${code}`;
}

const nested = (line: number, path?: string) => ({
  messageId: 'nested' as const,
  line,
  ...(path === undefined ? {} : { data: { pool: '`Pool`', path } }),
});

testRule(rule, {
  valid: [
    { name: 'an empty file', filename, code: '' },
    { name: 'one lease at a time', filename, code: holding('await client.query({});') },
    { name: 'two leases, one after the other', filename, code: pool('export async function report() { await count(); await count(); }') },
    {
      name: 'released before the next',
      filename,
      code: pool('export async function report() { const client = await pool.acquire(); pool.release(client); return count(); }'),
    },
    {
      name: 'released before the next in a branch',
      filename,
      code: pool(
        'export async function report(deep: boolean) {\n  const client = await pool.acquire();\n  if (deep) { pool.release(client); const again = await pool.acquire(); pool.release(again); return; }\n  pool.release(client);\n}',
      ),
    },
    { name: 'another pool', filename, code: holding('await spare.acquire();') },
    {
      name: 'the held lease is passed on',
      filename,
      code: pool(
        'async function total(client: ClickHouseClient) { return client.query({}); }\nexport const report = () => pool.use((client) => total(client));',
      ),
    },
    {
      name: 'a function that only returns the lease that it acquires',
      filename,
      code: pool(
        'const open = () => pool.acquire();\nexport async function report() { const client = await open(); await client.query({}); pool.release(client); }',
      ),
    },
    {
      name: 'a callback that runs before a lease is held',
      filename,
      code: pool('export async function report() { const rows = await count(); return pool.use(async () => rows); }'),
    },
    {
      name: 'a `using` scope that ends before the next lease',
      filename,
      code: sessions(
        'export async function report() { { await using session = await manager.session(); await session.query({}); } await using other = await manager.session(); }',
      ),
    },
    {
      name: 'an array with a method of such a name',
      filename,
      code: pool(
        'export const take = (list: { take(n: number): number[] }) => { const some = list.take(2); const more = list.take(3); return [some, more]; };',
      ),
    },
  ],
  invalid: [
    {
      name: 'a release in one branch, the next acquisition in the other',
      filename,
      code: pool(
        'export async function report(deep: boolean) {\n  const client = await pool.acquire();\n  if (deep) { pool.release(client); return; }\n  await count();\n  pool.release(client);\n}',
      ),
      errors: [nested(16)],
    },
    {
      name: 'a second lease in the same function',
      filename,
      code: holding('const other = await pool.acquire(); pool.release(other);'),
      errors: [nested(15, '  report acquires (src/leases.ts:14)\n  -> report acquires again (src/leases.ts:15)\n  -> waits')],
    },
    {
      name: 'a second lease in a called function',
      filename,
      code: holding('await count();'),
      errors: [
        nested(
          15,
          '  report acquires (src/leases.ts:14)\n  -> report (src/leases.ts:15)\n  -> count acquires again (src/leases.ts:12)\n  -> waits',
        ),
      ],
    },
    { name: 'a second lease under a condition', filename, code: holding('if (deep) await count();'), errors: [nested(15)] },
    {
      name: 'released early only on a branch that returns',
      filename,
      code: holding('if (deep) { pool.release(client); return; } await count();'),
      errors: [nested(15)],
    },
    {
      name: 'in a callback that runs while the lease is held',
      filename,
      code: pool('export const report = () => pool.use(async (client) => { await client.query({}); return count(); });'),
      errors: [
        nested(
          13,
          '  Pool.use acquires (src/leases.ts:6)\n  -> report (src/leases.ts:13)\n  -> callback in report (src/leases.ts:13)\n  -> count acquires again (src/leases.ts:12)\n  -> waits',
        ),
      ],
    },
    {
      name: 'a function that calls itself while it holds a lease',
      filename,
      code: pool(
        'export async function report(depth: number): Promise<void> { const client = await pool.acquire(); try { if (depth > 0) await report(depth - 1); } finally { pool.release(client); } }',
      ),
      errors: [nested(13)],
    },
    {
      name: 'through a function that returns the lease that it acquires',
      filename,
      code: pool(
        'const open = () => pool.acquire();\nexport async function report() { const client = await open(); await count(); pool.release(client); }',
      ),
      errors: [nested(14)],
    },
    {
      name: 'sessions of the runtime',
      filename,
      code: sessions(
        'export async function report() {\n  await using session = await manager.session();\n  await session.query({});\n  await using other = await manager.session();\n}',
      ),
      errors: [nested(6)],
    },
    {
      name: 'sessions of a lazy service of the runtime',
      filename,
      code: "import { clickHouse } from '@clickhouse-ssot/runtime';\nconst clickhouse = clickHouse();\nexport async function report() {\n  await using session = await clickhouse.manager.session();\n  await session.query({});\n  await using other = await clickhouse.manager.session();\n}",
      errors: [nested(6)],
    },
    {
      name: 'sessions of a tenant of the runtime',
      filename,
      code: "import { ClickHouseTenants } from '@clickhouse-ssot/runtime';\nconst tenants = new ClickHouseTenants();\nexport async function report(tenant: {}) {\n  const { manager } = tenants.for(tenant);\n  await using session = await manager.session();\n  await session.query({});\n  await using other = await manager.session();\n}",
      errors: [nested(7)],
    },
    {
      name: 'a pool of another package',
      filename,
      code: `import { createPool } from 'generic-pool';\nimport { createClient } from '@clickhouse/client';\nconst pool = createPool({ create: async () => createClient(), destroy: async () => {} }, { max: 2 });\nasync function count() { const client = await pool.acquire(); await pool.release(client); }\nexport async function report() { const client = await pool.acquire(); await count(); await pool.release(client); }`,
      errors: [nested(5)],
    },
  ],
});
