import type { Pair } from './pair.js';

const client = `import { type ClickHouseClient, createClient } from '@clickhouse/client';`;

/** Bypasses without a flag of the usual name: an option, a second client, a lower layer. */
export const otherBypasses: readonly Pair[] = [
  {
    name: 'an option of another name',
    why: 'The option that skips the second step ends the cycle.',
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
    why: 'A manager that creates its own client requests none.',
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
    why: 'The function of the lower layer creates a client and requests none.',
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
    why: 'A module that caches clients is a manager.',
    path: ['getClient', 'cached'],
    files: {
      'client.ts': `${client}
import { cached } from './cache.js';
export async function getClient(url?: string): Promise<ClickHouseClient> { return url === undefined ? createClient() : cached(url); }
export async function openClient(url: string): Promise<ClickHouseClient> { return createClient({ url }); }`,
      'cache.ts': `import type { ClickHouseClient } from '@clickhouse/client';
import { getClient, openClient } from './client.js';
const clients = new Map<string, ClickHouseClient>();
export const openers = { getClient, openClient };
export async function cached(url: string) {
  const client = clients.get(url) ?? (await «getClient→openClient»(url));
  clients.set(url, client);
  return client;
}`,
    },
  },
  {
    name: 'a service',
    why: 'A service that requests itself in its constructor never returns.',
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
export const openers = [getService, openService];
export class AuditedService extends Service { constructor() { super(«getService→openService»().client); } }`,
      'get-service.ts': `import { manager } from './manager.js';
import type { Service } from './service.js';
export function getService(): Service { return manager.service(); }`,
    },
  },
  {
    name: 'a retry after a failure',
    why: 'A function that calls itself with a counter is a retry and no cycle through a manager.',
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
  {
    name: 'a query for the settings of a query',
    why: 'A query runs another query for its settings; the option, passed through an abstract method, makes the second query need no settings.',
    path: ['Service.query', 'NodeService.send', 'Service.settingsFor', 'Metadata.settings', 'callback in Metadata.settings'],
    files: {
      'service.ts': `import type { ClickHouseClient } from '@clickhouse/client';
import { metadataOf } from './metadata.js';
export interface Inputs { sql: string; skipSettings?: boolean }
export abstract class Service {
  protected client?: ClickHouseClient;
  query(inputs: Inputs): Promise<string> { return this.send(inputs); }
  protected abstract send(inputs: Inputs): Promise<string>;
  protected settingsFor(sql: string): Promise<string> { return metadataOf(this).settings(sql); }
}`,
      'node-service.ts': `${client}
import { Service, type Inputs } from './service.js';
export class NodeService extends Service {
  protected async send({ sql, skipSettings }: Inputs): Promise<string> {
    this.client ??= createClient();
    const settings = skipSettings ? '' : await this.settingsFor(sql);
    return String(await this.client.query({ query: sql + settings }));
  }
}`,
      'metadata.ts': `import type { Service } from './service.js';
import { Cache } from './cache.js';
export class Metadata {
  readonly #cache = new Cache();
  constructor(private readonly service: Service) {}
  settings(key: string): Promise<string> {
    return this.#cache.getOrLoad(key, () => this.service.query({ sql: 'SELECT name FROM system.settings'«→, skipSettings: true» }));
  }
}
export const metadataOf = (service: Service) => new Metadata(service);`,
      'cache.ts': `export class Cache {
  readonly #entries = new Map<string, Promise<string>>();
  getOrLoad(key: string, load: () => Promise<string>): Promise<string> {
    const entry = this.#entries.get(key) ?? load();
    this.#entries.set(key, entry);
    return entry;
  }
}`,
    },
  },
  {
    name: 'a logger that inserts into the logged store',
    why: 'Each insert writes a log entry, and each log entry is an insert; a logger that writes to the console ends the cycle.',
    path: ['EventStore.insert', 'Log.write'],
    files: {
      'store.ts': `${client}
import { log } from './log.js';
export class EventStore {
  readonly #client = createClient();
  async insert(rows: object[]): Promise<void> {
    log.write(String(rows.length));
    await this.#client.insert({ table: 'events', values: rows });
  }
}
export const store = new EventStore();`,
      'log.ts': `import { store } from './store.js';
class Log {
  write(message: string): void { «void store.insert([{ message }])→console.log(message, store)»; }
}
export const log = new Log();`,
    },
  },
];
