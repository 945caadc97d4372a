import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthenticationError, clickHouse, ClickHouseTenants, closeClickHouse, PermissionError } from '../../../runtime/src/index.js';
import { runBlocks } from '../../docs/page-blocks.js';
import { httpFront } from '../harness/http-front/front.js';
import { realServer, type RealServer } from '../harness/real-server.js';
import { onRealServer, serverBinary } from '../harness/server-binary.js';

const password = 'secret';
const readers = ['shop_reader', 'tenant_a', 'tenant_b'];
const writers = ['shop_app', 'shop_schema'];

/** A user of the old server, whose rights are in a file: a profile, and the databases that it may use. */
function userXml(name: string): string {
  const database = name.startsWith('tenant_') ? name : 'shop';
  return (
    `<${name}><password>${password}</password><networks><ip>127.0.0.1</ip></networks><quota>default</quota>` +
    `<profile>${readers.includes(name) ? 'reader' : 'default'}</profile><allow_databases><database>${database}</database></allow_databases></${name}>`
  );
}

function oldServer(): Promise<RealServer> {
  const users = [...readers, ...writers].map(userXml).join('');
  return realServer({ access: { profiles: '<reader><readonly>2</readonly></reader>', quotas: '', users } });
}

function newServer(): Promise<RealServer> {
  return httpFront({
    users: [...writers.map((name) => ({ name, password })), ...readers.map((name) => ({ name, password, readonly: 2 as const }))],
  });
}

/** The users of the page, as far as the server has rights: the old one by database, the front by readonly alone. */
describe.each([
  { name: onRealServer, start: oldServer, isSkipped: serverBinary() === undefined, hasDatabaseRights: true },
  { name: 'on the HTTP front over chDB', start: newServer, isSkipped: false, hasDatabaseRights: false },
])('$name', ({ start, isSkipped, hasDatabaseRights }) => {
  let server: RealServer;
  const env = (): Record<string, string> => ({
    CLICKHOUSE_URL: `${server.url}/shop`,
    CLICKHOUSE_USER: 'shop_app',
    CLICKHOUSE_PASSWORD: password,
    CLICKHOUSE_READER_USER: 'shop_reader',
    CLICKHOUSE_READER_PASSWORD: password,
    CLICKHOUSE_SCHEMA_USER: 'shop_schema',
    CLICKHOUSE_SCHEMA_PASSWORD: password,
    CLICKHOUSE_TENANT_A_USER: 'tenant_a',
    CLICKHOUSE_TENANT_A_PASSWORD: password,
    CLICKHOUSE_TENANT_B_USER: 'tenant_b',
    CLICKHOUSE_TENANT_B_PASSWORD: password,
  });
  const asRow = { table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' } as const;

  beforeAll(async () => {
    if (isSkipped) return;
    server = await start();
    const admin = clickHouse({ url: server.url, env: false });
    for (const database of ['shop', 'tenant_a', 'tenant_b']) {
      await admin.command({ query: `CREATE DATABASE ${database}` });
      await admin.command({ query: `CREATE TABLE ${database}.events (id UInt32) ENGINE = MergeTree ORDER BY id` });
    }
  });
  afterAll(async () => {
    await closeClickHouse();
    if (!isSkipped) await server[Symbol.asyncDispose]();
  });

  it.skipIf(isSkipped)('the service reads and inserts', async () => {
    const clickhouse = clickHouse({ env: env() });
    await clickhouse.insert(asRow);
    const result = await clickhouse.query({ query: 'SELECT id FROM events', format: 'JSONEachRow' });
    expect(await result.json()).toEqual([{ id: 1 }]);
  });

  it.skipIf(isSkipped)('the reader reads, and the server refuses its writes, whatever the statement sets', async () => {
    const reader = clickHouse({ connection: 'reader', settings: { readonly: '2' }, env: env() });
    const result = await reader.query({
      query: 'SELECT count() AS n FROM events',
      format: 'JSONEachRow',
      clickhouse_settings: { max_threads: 1 },
    });
    await result.json();
    await expect(reader.insert(asRow)).rejects.toThrow(PermissionError);
    await expect(reader.query({ query: 'DROP TABLE events', format: 'JSONEachRow' })).rejects.toThrow(PermissionError);
    await expect(reader.insert({ ...asRow, clickhouse_settings: { readonly: '0' } })).rejects.toThrow(PermissionError);
  });

  it.skipIf(isSkipped)('a connection with another user inherits no password, so the server refuses it', async () => {
    const reader = clickHouse({ connection: 'reader', env: { ...env(), CLICKHOUSE_READER_PASSWORD: undefined } });
    await expect(reader.query({ query: 'SELECT 1', format: 'JSONEachRow' })).rejects.toThrow(AuthenticationError);
    expect(reader.manager.health().status).not.toBe('ready');
  });

  if (hasDatabaseRights)
    it.skipIf(isSkipped)('a tenant reaches its own database, and no other', async () => {
      const tenants = new ClickHouseTenants({ settings: { readonly: '2' } });
      const [a, b] = ['tenant_a', 'tenant_b'].map((username) => tenants.for({ url: server.url, username, password, database: username }));
      const count = { query: 'SELECT count() AS n FROM events', format: 'JSONEachRow' } as const;
      for (const tenant of [a, b]) expect(await (await tenant?.query(count))?.json()).toEqual([{ n: '0' }]);
      await expect(a?.query({ ...count, query: 'SELECT * FROM tenant_b.events' })).rejects.toThrow(PermissionError);
      await expect(a?.query({ ...count, query: 'SELECT * FROM shop.events' })).rejects.toThrow(PermissionError);
      await tenants.close();
    });

  it.skipIf(isSkipped)('the code of the page runs with the variables of the page', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'identities-'));
    mkdirSync(join(cwd, 'migrations'));
    writeFileSync(join(cwd, 'migrations/0001_notes.sql'), 'CREATE TABLE notes (text String) ENGINE = MergeTree ORDER BY text');
    const after = `
      const { clickhouse, reader, connectionOf, byTenant } = blocks;
      const read = async (service, query) => (await service.query({ query, format: 'JSONEachRow' })).json();
      await clickhouse.insert({ table: 'notes', values: [{ text: 'a' }], format: 'JSONEachRow' });
      const texts = await read(reader, 'SELECT text FROM notes');
      const one = (service) => read(service, 'SELECT 1 AS n');
      process.env.CLICKHOUSE_URL = ${JSON.stringify(server.url)};
      const tenants = [await one(connectionOf({ name: 'a', password: ${JSON.stringify(password)} }))];
      const refused = await reader.insert({ table: 'notes', values: [{ text: 'b' }], format: 'JSONEachRow' }).catch((error) => error.kind);
      console.log(JSON.stringify({ texts, tenants, refused, byTenant: Object.keys(byTenant) }));`;
    const stdout = await runBlocks('docs/runtime/identities.md', { cwd, env: env(), after });
    expect(JSON.parse(stdout)).toEqual({ texts: [{ text: 'a' }], tenants: [[{ n: 1 }]], refused: 'PermissionError', byTenant: ['a', 'b'] });
  });
});
