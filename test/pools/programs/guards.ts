import type { LeasePair } from './lease-pair.js';

export const guards: readonly LeasePair[] = [
  {
    name: 'a test of the lock',
    nested: `
import { Mutex } from 'async-mutex';
const gate = new Mutex();
async function compact() { await gate.runExclusive(() => count()); }
export function report() { return gate.runExclusive(async () => { await compact(); }); }
`,
    sequential: `
import { Mutex } from 'async-mutex';
const gate = new Mutex();
async function compact() { if (gate.isLocked()) await count(); else await gate.runExclusive(() => count()); }
export function report() { return gate.runExclusive(async () => { await compact(); }); }
`,
  },
  {
    name: 'a test of another lock',
    nested: `
import { Mutex } from 'async-mutex';
const gate = new Mutex();
const side = new Mutex();
async function compact() { if (!side.isLocked()) await gate.runExclusive(() => count()); }
export function report() { return gate.runExclusive(async () => { await compact(); }); }
`,
    sequential: `
import { Mutex } from 'async-mutex';
const gate = new Mutex();
async function compact() { if (!gate.isLocked()) await gate.runExclusive(() => count()); }
export function report() { return gate.runExclusive(async () => { await compact(); }); }
`,
  },
  {
    name: 'a lease in the context of the call',
    nested: `
import { AsyncLocalStorage } from 'node:async_hooks';
const context = new AsyncLocalStorage<ClickHouseClient>();
async function leased<T>(work: (client: ClickHouseClient) => Promise<T>): Promise<T> {
  const known = context.getStore();
  if (known) return work(known);
  const client = await pool.acquire();
  try { return await work(client); } finally { pool.release(client); }
}
const ping = () => leased((client) => client.ping());
export const report = () => leased(async () => ping());
`,
    sequential: `
import { AsyncLocalStorage } from 'node:async_hooks';
const context = new AsyncLocalStorage<ClickHouseClient>();
async function leased<T>(work: (client: ClickHouseClient) => Promise<T>): Promise<T> {
  const known = context.getStore();
  if (known) return work(known);
  const client = await pool.acquire();
  try { return await context.run(client, () => work(client)); } finally { pool.release(client); }
}
const ping = () => leased((client) => client.ping());
export const report = () => leased(async () => ping());
`,
  },
  {
    name: 'a lease that a function keeps for its next call',
    nested: `
const lease = () => pool.acquire();
async function ping() { const client = await lease(); return client.ping(); }
export async function report() {
  const client = await lease();
  try { await ping(); } finally { pool.release(client); }
}
`,
    sequential: `
let held: Promise<ClickHouseClient> | undefined;
const lease = () => (held ??= pool.acquire());
async function ping() { const client = await lease(); return client.ping(); }
export async function report() {
  const client = await lease();
  try { await ping(); } finally { held = undefined; pool.release(client); }
}
`,
  },
  {
    name: 'a lease that an object keeps for the next call',
    nested: `
class Unit {
  private lease?: ClickHouseClient;
  private async connection() { this.lease = await pool.acquire(); return this.lease; }
  async ping() { return (await this.connection()).ping(); }
  async run() { const client = await this.connection(); await this.ping(); pool.release(client); }
}
export const report = () => new Unit().run();
`,
    sequential: `
class Unit {
  private lease?: ClickHouseClient;
  private async connection() {
    if (this.lease) return this.lease;
    this.lease = await pool.acquire();
    return this.lease;
  }
  async ping() { return (await this.connection()).ping(); }
  async run() { const client = await this.connection(); await this.ping(); pool.release(client); this.lease = undefined; }
}
export const report = () => new Unit().run();
`,
  },
  {
    name: 'a pool of each object',
    nested: `
import { Pool } from './pool';
class Store {
  private readonly pool = new Pool();
  size() { return this.pool.use((client) => client.ping()); }
  copy() { return this.pool.use(async () => { await this.size(); }); }
}
export const report = () => new Store().copy();
`,
    sequential: `
import { Pool } from './pool';
class Store {
  private readonly pool = new Pool();
  size() { return this.pool.use((client) => client.ping()); }
  copy(target: Store) { return this.pool.use(async () => { await target.size(); }); }
}
const [east, west] = [new Store(), new Store()];
export const report = () => east.copy(west);
`,
  },
  {
    name: 'a lock of each object',
    nested: `
import { Mutex } from 'async-mutex';
class Table {
  private readonly lock = new Mutex();
  write(): Promise<void> { return this.lock.runExclusive(async () => { await count(); await this.flush(); }); }
  flush() { return this.lock.runExclusive(() => count()); }
}
export const report = () => new Table().write();
`,
    sequential: `
import { Mutex } from 'async-mutex';
class Table {
  private readonly lock = new Mutex();
  constructor(private readonly next?: Table) {}
  write(): Promise<void> { return this.lock.runExclusive(async () => { await count(); await this.next?.write(); }); }
}
export const report = () => new Table(new Table()).write();
`,
  },
];
