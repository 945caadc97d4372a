import type { ClickHouseSpan } from '@clickhouse/client';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  type ClickHouseConfigInput,
  loadClickHouseConfig,
  ManagerClosedError,
} from '../../../runtime/src/index.js';
import { configKey } from '../../../runtime/src/client/config-key.js';
import { fakeServer, deferred } from '../harness/fake-server.js';

const env = { CLICKHOUSE_URL: 'http://user:hunter2@127.0.0.1:9' };
const config = loadClickHouseConfig({}, env);

describe('the factory', () => {
  it('constructs one client for concurrent and later callers with the same configuration', async () => {
    const creation = deferred<undefined>();
    const factory = new ClickHouseConnectionFactory({ onCreate: () => creation.promise });
    const clientPromises = [factory.create(config), factory.create(loadClickHouseConfig({}, env))];
    creation.resolve(undefined);
    const clients = new Set([...(await Promise.all(clientPromises)), await factory.create(config)]);
    expect([clients.size, factory.created]).toEqual([1, 1]);
  });

  it.each<ClickHouseConfigInput>([
    { username: 'other' },
    { password: 'other' },
    { host: 'other' },
    { port: 10 },
    { secure: true },
    { database: 'other' },
    { requestTimeoutMs: 1 },
    { connectTimeoutMs: 1 },
    { application: 'other' },
  ])('constructs another client for a different configuration: %j', async (difference) => {
    const factory = new ClickHouseConnectionFactory();
    const [one, other] = await Promise.all([factory.create(config), factory.create(loadClickHouseConfig(difference, env))]);
    expect(one).not.toBe(other);
  });

  it('caches clients by a hash that contains no secret', () => {
    expect(configKey(config)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('does not cache a failed creation', async () => {
    let fails = true;
    const factory = new ClickHouseConnectionFactory({ onCreate: () => (fails ? Promise.reject(new Error('not yet')) : undefined) });
    await expect(factory.create(config)).rejects.toThrow('not yet');
    fails = false;
    await expect(factory.create(config)).resolves.toHaveProperty('query');
  });

  it('closes one client and keeps the others open', async () => {
    await using server = await fakeServer((response) => response.end('Ok.\n'));
    const factory = new ClickHouseConnectionFactory();
    const [one, other] = [config, loadClickHouseConfig({}, { CLICKHOUSE_URL: server.url })];
    const client = await factory.create(other);
    await factory.create(one);
    await factory.close(one);
    expect(await factory.create(other)).toBe(client);
    expect((await client.ping()).success).toBe(true);
    await factory.close();
    expect(await factory.create(other)).not.toBe(client);
    await factory.close();
  });

  it('ignores close() of a shared client', async () => {
    await using server = await fakeServer((response) => void setImmediate(() => response.end('Ok.\n')));
    const factory = new ClickHouseConnectionFactory();
    const client = await factory.create(loadClickHouseConfig({}, { CLICKHOUSE_URL: server.url }));
    const ping = client.ping();
    await server.received(1);
    await client.close();
    expect((await ping).success).toBe(true);
    await factory.close();
  });

  it('closes without waiting for a creation that hangs, and rejects its callers', async () => {
    const creation = deferred<undefined>();
    const factory = new ClickHouseConnectionFactory({ onCreate: () => creation.promise });
    const rejection = expect(factory.create(config)).rejects.toThrow(ManagerClosedError);
    await factory.close();
    creation.resolve(undefined);
    await rejection;
  });

  it('counts the busy and the idle sockets of all open clients', async () => {
    const responses: ServerResponse[] = [];
    await using server = await fakeServer((response) => void responses.push(response));
    const factory = new ClickHouseConnectionFactory();
    expect(factory.sockets).toEqual({ busy: 0, idle: 0 });
    const configs = ['one', 'other'].map((database) => loadClickHouseConfig({ url: server.url, database }, {}));
    const clients = await Promise.all(configs.map((each) => factory.create(each)));
    const pings = clients.flatMap((client) => [client.ping(), client.ping()]);
    await server.received(4);
    expect(factory.sockets).toEqual({ busy: 4, idle: 0 });
    for (const response of responses) response.end('Ok.\n');
    await Promise.all(pings);
    await expect.poll(() => factory.sockets).toEqual({ busy: 0, idle: 4 });
    await factory.close(configs[0]);
    expect(factory.sockets).toEqual({ busy: 0, idle: 2 });
    await factory.close();
    expect(factory.sockets).toEqual({ busy: 0, idle: 0 });
  });

  it('passes its tracer to the client', async () => {
    await using server = await fakeServer((response) => response.end('Ok.\n'));
    const names: string[] = [];
    const span: ClickHouseSpan = {
      setAttributes: () => span,
      setStatus: () => span,
      recordException: () => undefined,
      end: () => undefined,
    };
    const factory = new ClickHouseConnectionFactory({ tracer: { startActiveSpan: (name, _, run) => (names.push(name), run(span)) } });
    const client = await factory.create(loadClickHouseConfig({ url: server.url }, {}));
    await client.ping();
    expect(names).toEqual(['clickhouse.ping']);
    await factory.close();
  });
});
