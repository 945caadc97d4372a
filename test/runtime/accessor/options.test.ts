import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  clickHouse,
  type ClickHouseConfigInput,
  ClickHouseTenants,
  closeClickHouse,
  ConfigError,
  CreateTimeoutError,
  type LazyClickHouseService,
} from '../../../runtime/src/index.js';
import { type FakeServer, fakeServer } from '../harness/fake-server.js';

afterEach(async () => {
  vi.unstubAllEnvs();
  await closeClickHouse({ timeoutMs: 0 });
});

/** A server that records the headers of each request. It answers with one row. */
async function recordingServer(): Promise<FakeServer & { readonly headers: readonly IncomingHttpHeaders[] }> {
  const headers: IncomingHttpHeaders[] = [];
  const server = await fakeServer((response, request) => {
    headers.push(request.headers);
    response.end('{"n":18446744073709551615}\n');
  });
  return { ...server, headers };
}

const query = { query: 'SELECT n', format: 'JSONEachRow' } as const;

describe.each<[string, (options: ClickHouseConfigInput) => LazyClickHouseService]>([
  ['clickHouse()', (options) => clickHouse({ ...options, env: false })],
  ['the for() of ClickHouseTenants', (options) => new ClickHouseTenants().for(options)],
])('%s takes', (_, serviceFor) => {
  it('pathname and role', async () => {
    await using server = await recordingServer();
    await serviceFor({ url: server.url, pathname: '/proxy', role: ['reader', 'writer'] }).query(query);
    expect(server.requests[0]).toMatch(/^POST \/proxy\?.*role=reader&role=writer/);
  });

  it('accessToken', async () => {
    await using server = await recordingServer();
    await serviceFor({ url: server.url, accessToken: 'a.b-c' }).query(query);
    expect(server.headers[0]?.authorization).toBe('Bearer a.b-c');
  });

  it('options of the official client', async () => {
    await using server = await recordingServer();
    const json = { parse: (text: string): never => JSON.parse(text.replace(/\d+/, '"$&"')) as never };
    const service = serviceFor({ url: server.url, client: { json, http_headers: { 'x-proxy-token': 'token' } } });
    const rows = await (await service.query(query)).json();
    expect([server.headers[0]?.['x-proxy-token'], rows]).toEqual(['token', [{ n: '18446744073709551615' }]]);
  });

  it('environment', async () => {
    expect(serviceFor({ url: 'http://127.0.0.1:9', environment: 'staging' }).manager.config.environment).toBe('staging');
    const statement = serviceFor({ dataPath: ':memory:', environment: 'production' }).query(query);
    await expect(statement).rejects.toThrow('environment');
  });

  it('different identities in connections of their own', () => {
    const url = 'http://127.0.0.1:9';
    const json = { parse: (text: string): never => JSON.parse(text) as never };
    const inputs: readonly ClickHouseConfigInput[] = [
      {},
      { pathname: '/a' },
      { role: 'a' },
      { accessToken: 'a' },
      { accessToken: 'b' },
      { client: { json } },
      { client: { http_headers: { 'x-proxy-token': 'a' } } },
      { environment: 'staging' },
    ];
    const managers = inputs.map((input) => serviceFor({ url, ...input }).manager);
    expect(new Set(managers).size).toBe(inputs.length);
  });
});

describe('onCreateTimeoutMs', () => {
  const url = 'http://127.0.0.1:9';
  const options = { onCreate: () => new Promise<void>(() => undefined), onCreateTimeoutMs: 1, retry: false } as const;

  it.each<[string, LazyClickHouseService]>([
    ['clickHouse()', clickHouse({ ...options, url, env: false })],
    ['ClickHouseTenants', new ClickHouseTenants(options).for({ url })],
  ])('ends a creation of %s', async (_, service) => {
    await expect(service.query(query)).rejects.toThrow(CreateTimeoutError);
  });

  it('is no option of one tenant', async () => {
    const input: object = { url, onCreateTimeoutMs: 1 };
    await expect(new ClickHouseTenants().for(input).query(query)).rejects.toThrow('onCreateTimeoutMs: found an option in the parameter');
  });
});

describe('the options of one tenant', () => {
  it('complete the settings and the client options of all tenants', async () => {
    await using server = await recordingServer();
    const tenants = new ClickHouseTenants({ settings: { max_threads: 2 }, client: { max_response_headers_size: 4_096 } });
    const service = tenants.for({ url: server.url, settings: { max_rows_to_read: '9' }, client: { http_headers: { 'x-shop': 'a' } } });
    await service.query(query);
    expect(service.manager.config).toMatchObject({
      settings: { max_threads: 2, max_rows_to_read: '9' },
      client: { max_response_headers_size: 4_096, http_headers: { 'x-shop': 'a' } },
    });
    expect(server.headers[0]?.['x-shop']).toBe('a');
  });

  it.each<[string, object]>([
    ['settings', { settings: 'none' }],
    ['client', { client: 'none' }],
  ])('are rejected if %s is no object', async (key, input) => {
    const statement = new ClickHouseTenants().for({ url: 'http://127.0.0.1:9', ...input }).query(query);
    await expect(statement).rejects.toThrow(ConfigError);
    await expect(statement).rejects.toThrow(`${key}: found`);
  });
});

it('clickHouse() reads the variables of a named connection with further options', async () => {
  await using server = await recordingServer();
  vi.stubEnv('CLICKHOUSE_ANALYTICS_URL', server.url);
  vi.stubEnv('CLICKHOUSE_ANALYTICS_PATHNAME', '/analytics');
  await clickHouse({ connection: 'analytics', role: 'reader' }).query(query);
  expect(server.requests[0]).toMatch(/^POST \/analytics\?.*role=reader/);
});

it.each<[string, object, string]>([
  ['a misspelled option', { onCreateTimeout: 1 }, 'expected "onCreateTimeoutMs"'],
  ['a misspelled key', { acessToken: 'a' }, 'expected "accessToken"'],
  ['a misspelled option of the manager', { retrys: false }, 'expected "retry"'],
  ['an environment that is none', { env: 'production' }, 'env: found'],
  ['an empty environment', { env: null }, 'env: found'],
])('clickHouse() rejects %s', async (_, options, text) => {
  const statement = clickHouse({ url: 'http://127.0.0.1:9', ...options }).query(query);
  await expect(statement).rejects.toThrow(ConfigError);
  await expect(statement).rejects.toThrow(text);
});
