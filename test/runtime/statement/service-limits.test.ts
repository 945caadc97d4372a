import { describe, expect, it } from 'vitest';
import {
  AmbiguousWriteError,
  type ClickHouseConfigInput,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  ConnectionRecursionError,
  DeadlineExceededError,
  loadClickHouseConfig,
  type ManagerOptions,
} from '../../../runtime/src/index.js';
import { fakeServer } from '../harness/fake-server.js';

const select = { query: 'SELECT n', format: 'JSONEachRow' } as const;

function managerFor(url: string, options: Partial<ManagerOptions> = {}, input: ClickHouseConfigInput = {}): ClickHouseConnectionManager {
  const config = loadClickHouseConfig(input, { CLICKHOUSE_URL: url });
  return new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory(), ...options });
}

it('a ping inside a creation rejects, since that is a mistake in the program', async () => {
  await using server = await fakeServer((response) => response.end('Ok.\n'));
  const factory: ClickHouseConnectionFactory = new ClickHouseConnectionFactory({
    onCreate: async () => {
      await manager.service.ping();
    },
  });
  const manager: ClickHouseConnectionManager = managerFor(server.url, { factory });
  await expect(manager.service.ping()).rejects.toThrow(ConnectionRecursionError);
  await manager.close();
});

it('with a deadline of 0, each statement fails and nothing is sent', async () => {
  await using server = await fakeServer((response) => response.end());
  const manager = managerFor(server.url);
  await expect(manager.serviceWith({ deadlineMs: 0 }).query(select)).rejects.toThrow(DeadlineExceededError);
  expect(server.requests).toEqual([]);
  await manager.close();
});

describe('a statement whose connection breaks', () => {
  it('is sent once with retry: false', async () => {
    await using server = await fakeServer((response) => void response.socket?.resetAndDestroy());
    const manager = managerFor(server.url, { retry: false });
    await expect(manager.service.query(select)).rejects.toMatchObject({ kind: 'ConnectionLostError', attempts: 1 });
    expect(server.requests).toHaveLength(1);
    await manager.close();
  });

  it('opens no breaker with breaker: false', async () => {
    await using server = await fakeServer((response) => void response.socket?.resetAndDestroy());
    const manager = managerFor(server.url, { retry: false, breaker: false });
    for (let index = 0; index < 12; index++)
      await expect(manager.service.query(select)).rejects.toMatchObject({ kind: 'ConnectionLostError' });
    expect(manager.health().endpoints).toMatchObject([{ breaker: 'closed' }]);
    expect(server.requests).toHaveLength(12);
    await manager.close();
  });

  it('holds one permit over all attempts', async () => {
    const inUse: number[] = [];
    await using server = await fakeServer((response) => {
      inUse.push(manager.stats.inUse);
      if (inUse.length < 3) response.socket?.resetAndDestroy();
      else response.end('{"n":1}\n');
    });
    const manager: ClickHouseConnectionManager = managerFor(server.url, { retry: { initialDelayMs: 0 } });
    await (await manager.service.query(select)).json();
    expect([inUse, manager.stats.granted]).toEqual([[1, 1, 1], 1]);
    await manager.close();
  });

  it('is ambiguous if the token of an insert is in the settings of the configuration only', async () => {
    await using server = await fakeServer((response) => void response.socket?.resetAndDestroy());
    const manager = managerFor(server.url, {}, { settings: { insert_deduplication_token: 'a' } });
    const insert = manager.service.insert({ table: 't', values: [{ n: 1 }], format: 'JSONEachRow' });
    await expect(insert).rejects.toThrow(AmbiguousWriteError);
    expect(server.requests).toHaveLength(1);
    await manager.close();
  });
});
