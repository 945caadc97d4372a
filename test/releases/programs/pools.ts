import type { ReleasePair } from './release-pair.js';

const pool = `import { createPool } from 'generic-pool';
const pool = createPool({ create: async () => createClient(), destroy: async (client: ClickHouseClient) => client.close() }, { max: 5 });
`;

export const pools: readonly ReleasePair[] = [
  {
    name: 'a lease that an error keeps',
    open: `${pool}
export async function report(day: string) {
  const client = await pool.acquire();
  const rows = await client.query({ query: day });
  await pool.release(client);
  return rows;
}
`,
    released: `${pool}
export async function report(day: string) {
  const client = await pool.acquire();
  try { return await client.query({ query: day }); } finally { await pool.release(client); }
}
`,
  },
  {
    name: 'a session of the runtime',
    open: `
import { getClickHouseConnectionManager } from '@clickhouse-ssot/runtime';
const manager = getClickHouseConnectionManager();
export async function report(day: string) {
  const session = await manager.session();
  return await session.query({ query: day });
}
`,
    released: `
import { getClickHouseConnectionManager } from '@clickhouse-ssot/runtime';
const manager = getClickHouseConnectionManager();
export async function report(day: string) {
  await using session = await manager.session();
  return await session.query({ query: day });
}
`,
  },
  {
    name: 'a pool for each call',
    open: `
import { createPool } from 'generic-pool';
export async function report(day: string) {
  const pool = createPool({ create: async () => createClient(), destroy: async (client: ClickHouseClient) => client.close() });
  return await pool.use((client) => client.query({ query: day }));
}
`,
    released: `
import { createPool } from 'generic-pool';
export async function report(day: string) {
  const pool = createPool({ create: async () => createClient(), destroy: async (client: ClickHouseClient) => client.close() });
  try { return await pool.use((client) => client.query({ query: day })); } finally { await pool.drain().then(() => pool.clear()); }
}
`,
  },
];
