import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { afterEach, describe, expect, it } from 'vitest';
import { type ClickHouseConfigInput, clickHouse, closeClickHouse, ConfigError, loadClickHouseConfig } from '../../../runtime/src/index.js';
import { embeddedConnection } from '../../../runtime/src/embedded.js';

afterEach(() => closeClickHouse());

const inMemory = { env: {} } as const;
const rowsOf = async (service: Pick<ClickHouseClient, 'query'>, query: string): Promise<unknown> =>
  (await service.query({ query, format: 'JSONEachRow' })).json();

describe('the embedded engine', () => {
  it.each<[string, ClickHouseConfigInput]>([
    ['port', { port: 8_123 }],
    ['pathname', { pathname: '/p' }],
    ['secure', { secure: true }],
    ['username', { username: 'u' }],
    ['password', { password: 'p' }],
    ['accessToken', { accessToken: 'abc' }],
    ['role', { role: 'r' }],
    ['caFile', { caFile: 'ca.pem' }],
    ['certFile', { certFile: 'cert.pem' }],
    ['keyFile', { keyFile: 'key.pem' }],
    ['compressRequests', { compressRequests: true }],
    ['compressResponses', { compressResponses: true }],
  ])('%s is rejected without a server', (_, input) => {
    expect(() => loadClickHouseConfig(input, {})).toThrow(ConfigError);
  });

  it('keeps the data in memory until the last connection is closed', async () => {
    const [one, other] = [clickHouse(inMemory), clickHouse({ ...inMemory, deadlineMs: 60_000 })];
    await one.command({ query: 'CREATE TABLE kept (id UInt32) ENGINE = MergeTree ORDER BY id' });
    expect(await rowsOf(other, 'SELECT id FROM kept')).toEqual([]);
    await one.close();
    expect(await rowsOf(other, 'SELECT id FROM kept')).toEqual([]);
    await closeClickHouse();
    await expect(rowsOf(one, 'SELECT id FROM kept')).rejects.toMatchObject({ clickhouseCode: 60 });
  });

  it('runs one statement at a time, in the order of the calls', async () => {
    const clickhouse = clickHouse(inMemory);
    await clickhouse.command({ query: 'CREATE TABLE ordered (id UInt32) ENGINE = MergeTree ORDER BY id' });
    const insert = clickhouse.command({ query: 'INSERT INTO ordered SELECT sleepEachRow(0.2) FROM numbers(2)' });
    expect(await rowsOf(clickhouse, 'SELECT toUInt32(count()) AS n FROM ordered')).toEqual([{ n: 2 }]);
    await insert;
  });

  it('has no request timeout', async () => {
    const clickhouse = clickHouse({ ...inMemory, requestTimeoutMs: 1 });
    expect(await rowsOf(clickhouse, 'SELECT sleep(0.1) AS n')).toEqual([{ n: 0 }]);
  });

  it('ignores http_headers and use_multipart_params of a statement', async () => {
    const statement = { query: 'SELECT {a: String} AS a', query_params: { a: 'x' }, format: 'JSONEachRow' } as const;
    const result = await clickHouse(inMemory).query({ ...statement, http_headers: { 'X-A': 'b' }, use_multipart_params: true });
    expect(await result.json()).toEqual([{ a: 'x' }]);
  });
});

it('embeddedConnection() is a connection of the official client', async () => {
  const connection = await embeddedConnection(':memory:', 'shop');
  // eslint-disable-next-line clickhouse-ssot/no-direct-client -- the promise is about the official client
  const client = createClient({ connection, database: 'shop' });
  expect(await rowsOf(client, 'SELECT currentDatabase() AS name')).toEqual([{ name: 'shop' }]);
  await client.close();
});
