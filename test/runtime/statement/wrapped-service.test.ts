import type { ClickHouseClient } from '@clickhouse/client';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  clickHouse,
  closeClickHouse,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  loadClickHouseConfig,
} from '../../../runtime/src/index.js';
import { fakeServer } from '../harness/fake-server.js';

/** Wrappers that applications put around a client of the official package. */
const wrappers: Record<string, (client: ClickHouseClient) => ClickHouseClient> = {
  'a proxy that returns properties of the client': (client) =>
    new Proxy(client, { get: (target, name): unknown => Reflect.get(target, name) }),
  'a proxy that passes its receiver': (client) =>
    new Proxy(client, { get: (target, name, receiver): unknown => Reflect.get(target, name, receiver) }),
  'a proxy without handlers': (client) => new Proxy(client, {}),
  'an object that inherits from the client': (client) => Object.create(client) as ClickHouseClient,
};

const wrapperCases = Object.entries(wrappers);

/** Uses each method of the client, and returns the outcome of each. */
async function useAllMethods(client: ClickHouseClient): Promise<string[]> {
  const result = await client.query({ query: 'SELECT 1', format: 'JSONEachRow' });
  await result.text();
  await client.command({ query: 'OPTIMIZE TABLE t' });
  await client.insert({ table: 't', values: [{ id: 1 }], format: 'JSONEachRow' });
  const { stream } = await client.exec({ query: 'SELECT 2' });
  stream.resume();
  const { success } = await client.ping();
  await client.close();
  return success ? ['query', 'command', 'insert', 'exec', 'ping', 'close'] : ['no ping'];
}

const respond = (response: ServerResponse): void => void response.end();

const all = ['query', 'command', 'insert', 'exec', 'ping', 'close'];

describe('a service inside a wrapper of the application', () => {
  afterEach(() => closeClickHouse());

  it.each(wrapperCases)('runs every method of the service of the module through %s', async (_, wrap) => {
    await using server = await fakeServer(respond);
    const service = clickHouse({ url: server.url, env: false });
    expect(await useAllMethods(wrap(service))).toEqual(all);
  });

  it.each(wrapperCases)('runs every method of a session through %s', async (_, wrap) => {
    await using server = await fakeServer(respond);
    const manager = new ClickHouseConnectionManager({
      config: loadClickHouseConfig({ url: server.url }, {}),
      factory: new ClickHouseConnectionFactory(),
    });
    expect(await useAllMethods(wrap(await manager.session()))).toEqual(all);
    await manager.drain();
  });

  it('returns the manager through a proxy', () => {
    const service = clickHouse({ url: 'http://127.0.0.1:1', env: false });
    expect(new Proxy(service, {}).manager).toBe(service.manager);
  });

  it('lets tests replace a method', async () => {
    const service = clickHouse({ url: 'http://127.0.0.1:1', env: false });
    const command = vi.spyOn(service, 'command').mockRejectedValue(new Error('replaced'));
    await expect(service.command({ query: 'OPTIMIZE TABLE t' })).rejects.toThrow('replaced');
    command.mockRestore();
    await expect(service.command({ query: 'OPTIMIZE TABLE t' })).rejects.toThrow('No connection');
  });
});
