/** Two programs with one pool of one lease. Both were run: `report` of the first never ends. */
export interface LeasePair {
  /** The code between the acquisition and the release, or the way in which a lease is kept. */
  readonly name: string;
  /** The module with `report`, or several modules by their paths: a lease is acquired while one of the pool is held. */
  readonly nested: string | Readonly<Record<string, string>>;
  /** The same without a second lease at the same time. */
  readonly sequential: string | Readonly<Record<string, string>>;
}

/** The module `pool.ts` of all programs. */
const pool = `import { createClient, type ClickHouseClient } from '@clickhouse/client';
export class Pool {
  private readonly idle: ClickHouseClient[] = Array.from({ length: 1 }, () => createClient());
  private readonly waiting: ((client: ClickHouseClient) => void)[] = [];
  async acquire(): Promise<ClickHouseClient> {
    const client = this.idle.pop();
    return client ?? new Promise((resolve) => this.waiting.push(resolve));
  }
  release(client: ClickHouseClient): void {
    const next = this.waiting.shift();
    if (next) next(client);
    else this.idle.push(client);
  }
  async use<R>(work: (client: ClickHouseClient) => Promise<R>): Promise<R> {
    const client = await this.acquire();
    try { return await work(client); } finally { this.release(client); }
  }
}
export const pool = new Pool();
export const other = new Pool();
`;

/** The imports and helpers of each module. */
const prelude = `import { pool, other } from './pool';
import type { ClickHouseClient } from '@clickhouse/client';
async function count() { const c = await pool.acquire(); try { return await c.ping(); } finally { pool.release(c); } }
`;

/** Returns the files of a program. */
export function filesOf(code: LeasePair['nested']): Record<string, string> {
  const modules = typeof code === 'string' ? { 'report.ts': prelude + code } : code;
  return {
    'src/pool.ts': pool,
    ...Object.fromEntries(Object.entries(modules).map(([file, text]): [string, string] => [`src/${file}`, text])),
  };
}
