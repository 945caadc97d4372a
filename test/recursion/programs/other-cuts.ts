import type { Pair } from './pair.js';

const client = `import { type ClickHouseClient, createClient } from '@clickhouse/client';`;

/** The same idea without a flag of that name: an option, a second client, a lower layer. */
export const otherCuts: readonly Pair[] = [
  {
    name: 'an option of another name',
    why: 'The option that skips the second step is what cuts the circle.',
    path: ['getClient', 'applySettings'],
    files: {
      'client.ts': `${client}
import { applySettings } from './apply-settings.js';
let isApplied = false;
export async function getClient({ shouldSkipApplySettings = false } = {}): Promise<ClickHouseClient> {
  const client = createClient({ url: 'http://localhost:8123' });
  if (!isApplied && !shouldSkipApplySettings) {
    await applySettings();
    isApplied = true;
  }
  return client;
}`,
      'apply-settings.ts': `import { getClient } from './client.js';
export async function applySettings(): Promise<void> {
  const client = await getClient(«→{ shouldSkipApplySettings: true }»);
  await client.command({ query: 'ALTER USER app SETTINGS max_threads = 8' });
}`,
    },
  },
  {
    name: 'a second client',
    why: 'Who builds a client of its own asks nobody.',
    path: ['getClient', 'Manager.take'],
    files: {
      'client.ts': `${client}
import { manager } from './manager.js';
export async function getClient(tenant?: string): Promise<ClickHouseClient> {
  if (tenant === undefined) return createClient();
  return manager.take(tenant);
}`,
      'manager.ts': `${client}
import { getClient } from './client.js';
class Manager {
  readonly #clients = new Map<string, ClickHouseClient>();
  async take(tenant: string) {
    const client = this.#clients.get(tenant) ?? (await «getClient(tenant)→createClient()»);
    this.#clients.set(tenant, client);
    return client;
  }
}
export const manager = new Manager();`,
    },
  },
  {
    name: 'a lower layer',
    why: 'The function below opens and asks nobody.',
    path: ['getClient', 'ConnectionManager.take'],
    files: {
      'open.ts': `${client}
export function openClient(): ClickHouseClient { return createClient(); }`,
      'client.ts': `import type { ClickHouseClient } from '@clickhouse/client';
import { manager } from './manager.js';
export function getClient(): ClickHouseClient { return manager.take(); }
export { openClient } from './open.js';`,
      'manager.ts': `import type { ClickHouseClient } from '@clickhouse/client';
import { getClient, openClient } from './client.js';
class ConnectionManager {
  #client?: ClickHouseClient;
  take(): ClickHouseClient { return (this.#client ??= «getClient→openClient»()); }
}
export const manager = new ConnectionManager();
export const connect = [getClient, openClient];`,
    },
  },
  {
    name: 'a lower layer of a module without a class',
    why: 'A module that caches clients manages them.',
    path: ['getClient', 'cached'],
    files: {
      'client.ts': `${client}
import { cached } from './cache.js';
export async function getClient(url?: string): Promise<ClickHouseClient> { return url === undefined ? createClient() : cached(url); }
export async function openClient(url: string): Promise<ClickHouseClient> { return createClient({ url }); }`,
      'cache.ts': `import type { ClickHouseClient } from '@clickhouse/client';
import { getClient, openClient } from './client.js';
const clients = new Map<string, ClickHouseClient>();
export const ways = { getClient, openClient };
export async function cached(url: string) {
  const client = clients.get(url) ?? (await «getClient→openClient»(url));
  clients.set(url, client);
  return client;
}`,
    },
  },
  {
    name: 'a service',
    why: 'A service that asks for the service it is part of never answers.',
    path: ['getService', 'ServiceManager.service', 'AuditedService', 'new AuditedService'],
    files: {
      'service.ts': `${client}
export class Service { constructor(readonly client: ClickHouseClient) {} }
export const openService = () => new Service(createClient());`,
      'manager.ts': `import { AuditedService } from './audited.js';
class ServiceManager { service() { return new AuditedService(); } }
export const manager = new ServiceManager();`,
      'audited.ts': `import { getService } from './get-service.js';
import { openService, Service } from './service.js';
export const ways = [getService, openService];
export class AuditedService extends Service { constructor() { super(«getService→openService»().client); } }`,
      'get-service.ts': `import { manager } from './manager.js';
import type { Service } from './service.js';
export function getService(): Service { return manager.service(); }`,
    },
  },
  {
    name: 'asking again after a failure',
    why: 'Who asks itself once more, counting down, is a retry and no circle through a manager.',
    path: ['connect', 'Manager.take'],
    files: {
      'client.ts': `import type { ClickHouseClient } from '@clickhouse/client';
import { manager } from './manager.js';
export async function connect(left = 3): Promise<ClickHouseClient> {
  try {
    return await manager.take();
  } catch (error) {
    if (left === 0) throw error;
    return connect(left - 1);
  }
}`,
      'manager.ts': `${client}
import { connect } from './client.js';
export const reconnect = connect;
class Manager {
  #client?: ClickHouseClient;
  async take(): Promise<ClickHouseClient> { return (this.#client ??= await «connect→createClient»()); }
}
export const manager = new Manager();`,
    },
  },
];
