import type { ReleasePair } from './release-pair.js';

export const kept: readonly ReleasePair[] = [
  {
    name: 'a second client in the variable of the first',
    open: `
let client: ClickHouseClient;
export async function init(readOnly: boolean) {
  client = createClient();
  await client.ping();
  if (readOnly) client = createClient({ database: 'copy' });
  return client;
}
`,
    released: `
let client: ClickHouseClient;
export async function init(readOnly: boolean) {
  if (readOnly) client = createClient({ database: 'copy' });
  else client = createClient();
  await client.ping();
  return client;
}
`,
  },
  {
    name: 'a reconnection',
    open: `
export class Connection {
  private client = createClient();
  reconnect(url: string) { this.client = createClient({ url }); }
  ping() { return this.client.ping(); }
}
`,
    released: `
export class Connection {
  private client = createClient();
  async reconnect(url: string) { const old = this.client; this.client = createClient({ url }); await old.close(); }
  ping() { return this.client.ping(); }
}
`,
  },
  {
    name: 'clients of idle tenants',
    open: `
const clients = new Map<string, { client: ClickHouseClient; used: number }>();
export function clientOf(tenant: string) {
  let entry = clients.get(tenant);
  if (!entry) { entry = { client: createClient({ database: tenant }), used: 0 }; clients.set(tenant, entry); }
  entry.used = Date.now();
  return entry.client;
}
setInterval(() => { for (const [tenant, { used }] of clients) if (used < Date.now() - 60_000) clients.delete(tenant); }, 1000);
`,
    released: `
const clients = new Map<string, { client: ClickHouseClient; used: number }>();
export function clientOf(tenant: string) {
  let entry = clients.get(tenant);
  if (!entry) { entry = { client: createClient({ database: tenant }), used: 0 }; clients.set(tenant, entry); }
  entry.used = Date.now();
  return entry.client;
}
setInterval(() => { for (const [tenant, { client, used }] of clients) if (used < Date.now() - 60_000) { clients.delete(tenant); void client.close(); } }, 1000);
`,
  },
  {
    name: 'a cache of a package',
    open: `
import { LRUCache } from 'lru-cache';
const clients = new LRUCache<string, ClickHouseClient>({ max: 10 });
export function clientOf(tenant: string) {
  const known = clients.get(tenant);
  if (known) return known;
  const client = createClient({ database: tenant });
  clients.set(tenant, client);
  return client;
}
`,
    released: `
import { LRUCache } from 'lru-cache';
const clients = new LRUCache<string, ClickHouseClient>({ max: 10, dispose: (client) => void client.close() });
export function clientOf(tenant: string) {
  const known = clients.get(tenant);
  if (known) return known;
  const client = createClient({ database: tenant });
  clients.set(tenant, client);
  return client;
}
`,
  },
  {
    name: 'a client that goes straight into a cache of a package',
    open: `
import { LRUCache } from 'lru-cache';
const clients = new LRUCache<string, ClickHouseClient>({ max: 10 });
export function clientOf(tenant: string) {
  if (!clients.has(tenant)) clients.set(tenant, createClient({ database: tenant }));
  return clients.get(tenant);
}
`,
    released: `
import { LRUCache } from 'lru-cache';
const clients = new LRUCache<string, ClickHouseClient>({ max: 10, dispose: (client) => void client.close() });
export function clientOf(tenant: string) {
  if (!clients.has(tenant)) clients.set(tenant, createClient({ database: tenant }));
  return clients.get(tenant);
}
`,
  },
  {
    name: 'a map that a class of the module clears',
    open: `
class Shards {
  private readonly clients = new Map<string, ClickHouseClient>();
  of(name: string) {
    if (!this.clients.has(name)) this.clients.set(name, createClient({ database: name }));
    return this.clients.get(name);
  }
  reload() { this.clients.clear(); }
}
export const shards = new Shards();
`,
    released: `
class Shards {
  private readonly clients = new Map<string, ClickHouseClient>();
  of(name: string) {
    if (!this.clients.has(name)) this.clients.set(name, createClient({ database: name }));
    return this.clients.get(name);
  }
  async reload() { await Promise.all([...this.clients.values()].map((client) => client.close())); this.clients.clear(); }
}
export const shards = new Shards();
`,
  },
  {
    name: 'a field that a class of the module fills again',
    open: `
class Link {
  private client = createClient();
  reopen(url: string) { this.client = createClient({ url }); }
  ping() { return this.client.ping(); }
}
export const link = new Link();
`,
    released: `
class Link {
  private client = createClient();
  async reopen(url: string) { await this.client.close(); this.client = createClient({ url }); }
  ping() { return this.client.ping(); }
}
export const link = new Link();
`,
  },
  {
    name: 'a variable that each request fills',
    open: `
let client: ClickHouseClient;
export const handler = async (event: { sql: string }) => { client = createClient(); return client.query({ query: event.sql }); };
`,
    released: `
let client: ClickHouseClient | undefined;
export const handler = async (event: { sql: string }) => { if (!client) client = createClient(); return client.query({ query: event.sql }); };
`,
  },
  {
    name: 'a field that is emptied after an error',
    open: `
export class Store {
  private client?: ClickHouseClient;
  async query(sql: string) {
    this.client ??= createClient();
    try { return await this.client.query({ query: sql }); } catch (error) { this.client = undefined; throw error; }
  }
}
`,
    released: `
export class Store {
  private client?: ClickHouseClient;
  async query(sql: string) {
    this.client ??= createClient();
    try { return await this.client.query({ query: sql }); } catch (error) { await this.client?.close(); this.client = undefined; throw error; }
  }
}
`,
  },
];
