/** Two modules of a program on the runtime: the first declares the concrete client, the second does not. */
export interface ServicePair {
  readonly name: string;
  readonly concrete: string;
  readonly right: string;
}

const client = `import type { ClickHouseClient } from '@clickhouse/client';\n`;
const service = `import type { ClickHouseService } from '@clickhouse-ssot/runtime';\n`;

/** Forms of a declaration. */
export const declarations: readonly ServicePair[] = [
  {
    name: 'an options object',
    concrete: `${client}export interface Deps { client: ClickHouseClient; table: string }\nexport const rows = ({ client, table }: Deps) => client.query({ query: table });`,
    right: `${service}export interface Deps { client: ClickHouseService; table: string }\nexport const rows = ({ client, table }: Deps) => client.query({ query: table });`,
  },
  {
    name: 'a field with a default',
    concrete: `${client}export class Rows { protected client: ClickHouseClient | null = null; }`,
    right: `${service}export class Rows { protected client: ClickHouseService | null = null; }`,
  },
  {
    name: 'a function as a parameter',
    concrete: `${client}export const run = (task: (client: ClickHouseClient) => Promise<void>) => task;`,
    right: `${service}export const run = (task: (client: ClickHouseService) => Promise<void>) => task;`,
  },
  {
    name: 'a bound of a type parameter',
    concrete: `${client}export const rows = <Client extends ClickHouseClient>(client: Client) => client.query({ query: 'SELECT 1' });`,
    right: `${client}export const rows = <Client extends Pick<ClickHouseClient, 'query'>>(client: Client) => client.query({ query: 'SELECT 1' });`,
  },
  {
    name: 'the type of a result of a generic client',
    concrete: `import type { createClient } from '@clickhouse/client';\nexport let shared: ReturnType<typeof createClient> | undefined;`,
    right: `import type { QueryResult } from '@clickhouse/client';\nexport let shared: QueryResult<'JSON'> | undefined;`,
  },
  {
    name: 'an alias with another name',
    concrete: `import type { ClickHouseClient as Ch } from '@clickhouse/client';\nexport const ping = (ch: Ch) => ch.ping();`,
    right: `import type { ClickHouseClientConfigOptions as Ch } from '@clickhouse/client';\nexport const urlOf = (ch: Ch) => ch.url;`,
  },
];

/** What public code does, in other words. */
export const publicCode: readonly ServicePair[] = [
  {
    name: 'a repository with a client by a constructor',
    concrete: `${client}export class TraceRepository {\n  constructor(private readonly clickhouse: ClickHouseClient) {}\n  all() { return this.clickhouse.query({ query: 'SELECT * FROM traces' }); }\n}`,
    right: `${service}export class TraceRepository {\n  constructor(private readonly clickhouse: ClickHouseService) {}\n  all() { return this.clickhouse.query({ query: 'SELECT * FROM traces' }); }\n}`,
  },
  {
    name: 'a map of clients by tenant',
    concrete: `${client}const clients = new Map<string, string>();\nexport const clientOf = (all: Map<string, ClickHouseClient>, tenant: string) => all.get(tenant) ?? clients;`,
    right: `${service}export const clientOf = (all: Map<string, ClickHouseService>, tenant: string) => all.get(tenant);`,
  },
  {
    name: 'a provider of Nest',
    concrete: `import { Inject, Injectable } from '@nestjs/common';\n${client}@Injectable()\nexport class Usage {\n  constructor(@Inject('CLICKHOUSE') private client: ClickHouseClient) {}\n  add(values: object[]) { return this.client.insert({ table: 'usage', values }); }\n}`,
    right: `import { Inject, Injectable } from '@nestjs/common';\n${service}@Injectable()\nexport class Usage {\n  constructor(@Inject('CLICKHOUSE') private client: ClickHouseService) {}\n  add(values: object[]) { return this.client.insert({ table: 'usage', values }); }\n}`,
  },
  {
    name: 'a batch writer',
    concrete: `${client}export async function flush(client: ClickHouseClient, rows: object[]) { if (rows.length > 0) await client.insert({ table: 'spans', values: rows, format: 'JSONEachRow' }); }`,
    right: `${service}export async function flush(client: ClickHouseService, rows: object[]) { if (rows.length > 0) await client.insert({ table: 'spans', values: rows, format: 'JSONEachRow' }); }`,
  },
  {
    name: 'a declaration of a context of requests',
    concrete: `${client}export interface AppContext { readonly user: string; readonly ch: Promise<ClickHouseClient> }`,
    right: `${service}export interface AppContext { readonly user: string; readonly ch: Promise<ClickHouseService> }`,
  },
  {
    name: 'a helper of migrations',
    concrete: `${client}export const applied = async (db: ClickHouseClient) => (await db.query({ query: 'SELECT name FROM migrations' })).json();`,
    right: `import type { ClickHouseSettings } from '@clickhouse/client';\n${service}export const applied = async (db: ClickHouseService, settings: ClickHouseSettings) => (await db.query({ query: 'SELECT name FROM migrations', clickhouse_settings: settings })).json();`,
  },
  {
    name: 'a namespace import',
    concrete: `import type * as clickhouse from '@clickhouse/client';\nexport const check = (client: clickhouse.ClickHouseClient) => client.ping();`,
    right: `import type * as clickhouse from '@clickhouse/client';\nexport const check = (row: clickhouse.Row) => row.text;`,
  },
  {
    name: 'the client of the web package',
    concrete: `import type { ClickHouseClient } from '@clickhouse/client-web';\nexport const count = (client: ClickHouseClient) => client.query({ query: 'SELECT count() FROM clicks' });`,
    right: `import type { ClickHouseClient } from './own-client';\nexport const count = (client: ClickHouseClient) => client.query({ query: 'SELECT count() FROM clicks' });`,
  },
  {
    name: 'an adapter, or a consumer',
    concrete: `${client}export class Sink { constructor(readonly client: ClickHouseClient) {} }`,
    right: `${client}${service}export const serviceOf = (client: ClickHouseClient): ClickHouseService => client;`,
  },
];
