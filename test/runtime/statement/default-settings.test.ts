import { gzipSync } from 'node:zlib';
import { type ClickHouseSettings, SettingsMap } from '@clickhouse/client';
import { describe, expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  describeConfig,
  loadClickHouseConfig,
} from '../../../runtime/src/index.js';
import { managerOf, selectOne } from '../../faults/server-under-test.js';
import { fakeServer } from '../harness/fake-server.js';
import { describeOnServers } from '../harness/test-servers.js';

describe('the settings of the configuration', () => {
  const settingsOf = (request: string | undefined) =>
    Object.fromEntries(
      [...new URLSearchParams(request?.slice(request.indexOf('?'))).entries()].filter(([name]) => name.startsWith('max_')),
    );

  it('apply to every statement, and those of the statement override them', async () => {
    await using server = await fakeServer((response) => void response.end('{"n":1}\n'));
    await using setup = managerOf(server.url, { input: { settings: { max_threads: 2, max_rows_to_read: '100' } } });
    const { service } = setup.manager;
    await (await service.query(selectOne)).text();
    await (await service.query({ ...selectOne, clickhouse_settings: { max_threads: 4 } })).text();
    await service.insert({ table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' });
    expect(server.requests.map(settingsOf)).toEqual([
      { max_threads: '2', max_rows_to_read: '100' },
      { max_threads: '4', max_rows_to_read: '100' },
      { max_threads: '2', max_rows_to_read: '100' },
    ]);
  });

  it('are a frozen copy', () => {
    const settings: Record<string, number> = { max_threads: 2 };
    const config = loadClickHouseConfig({ url: 'http://ch', settings }, {});
    settings['max_threads'] = 3;
    expect(config.settings).toEqual({ max_threads: 2 });
    expect(Object.isFrozen(config.settings)).toBe(true);
    expect(describeConfig(config)).toContainEqual({ key: 'settings.max_threads', value: '2', source: 'code' });
  });

  it('are copied and frozen at any depth, and maps keep the class that the client recognises', () => {
    const filters = { 'system.numbers': 'number != 3' };
    const settings: ClickHouseSettings = { additional_table_filters: SettingsMap.from(filters), something_else: undefined };
    const config = loadClickHouseConfig({ settings }, {});
    filters['system.numbers'] = '1';
    const { additional_table_filters: map } = config.settings;
    expect(map).toBeInstanceOf(SettingsMap);
    expect(String(map)).toBe("{'system.numbers':'number != 3'}");
    expect([Object.isFrozen(map), Object.isFrozen(Reflect.get(Object(map), 'record'))]).toEqual([true, true]);
    expect(describeConfig(config).filter(({ key }) => key.startsWith('settings.'))).toEqual([
      { key: 'settings.additional_table_filters', value: "{'system.numbers':'number != 3'}", source: 'code' },
    ]);
  });

  it('are described as JSON if they are plain objects', () => {
    const input: object = { settings: { additional_table_filters: { 'system.numbers': 'number != 3' } } };
    expect(describeConfig(loadClickHouseConfig(input, {})).at(-1)?.value).toBe('{"system.numbers":"number != 3"}');
  });

  it('distinguish clients', async () => {
    const factory = new ClickHouseConnectionFactory();
    const url = 'http://ch';
    const [first, same, other] = await Promise.all(
      [{ max_threads: 1, max_block_size: '2' }, { max_block_size: '2', max_threads: 1 }, { max_threads: 2 }].map((settings) =>
        factory.create(loadClickHouseConfig({ url, settings }, {})),
      ),
    );
    expect(first).toBe(same);
    expect(first).not.toBe(other);
  });

  it('apply to the embedded engine', async () => {
    const manager = new ClickHouseConnectionManager({
      config: loadClickHouseConfig({ settings: { max_block_size: '77' } }, {}),
      factory: new ClickHouseConnectionFactory(),
    });
    const result = await manager.service.query({
      query: "SELECT value FROM system.settings WHERE name = 'max_block_size'",
      format: 'JSONEachRow',
    });
    expect(await result.json()).toEqual([{ value: '77' }]);
    await manager.close();
  });
});

describe('compression', () => {
  it('is used in the directions that the configuration enables', async () => {
    const bodies: Promise<string>[] = [];
    await using server = await fakeServer((response, request) => {
      if (request.headers['accept-encoding'] === 'gzip') response.setHeader('content-encoding', 'gzip').end(gzipSync('{"n":1}\n'));
      else response.end('{"n":1}\n');
      bodies.push(Promise.resolve(request.headers['content-encoding'] ?? 'plain'));
    });
    const both = { compressRequests: true, compressResponses: true };
    for (const [input, expected] of [
      [{}, 'plain'],
      [both, 'gzip'],
    ] as const) {
      await using setup = managerOf(server.url, { input });
      expect(await (await setup.manager.service.query(selectOne)).json()).toEqual([{ n: 1 }]);
      await setup.manager.service.insert({ table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' });
      expect(await bodies.at(-1)).toBe(expected);
    }
  });

  describeOnServers((startServer) => {
    it('changes neither rows nor errors', async () => {
      await using server = await startServer();
      await using setup = managerOf(server.url, { input: { compressRequests: true, compressResponses: true } });
      const { service } = setup.manager;
      await service.command({ query: 'CREATE TABLE packed (id UInt32) ENGINE = Memory' });
      await service.insert({ table: 'packed', values: Array.from({ length: 1_000 }, (_, id) => ({ id })), format: 'JSONEachRow' });
      expect(await (await service.query({ query: 'SELECT toUInt32(sum(id)) AS sum FROM packed', format: 'JSONEachRow' })).json()).toEqual([
        { sum: 499_500 },
      ]);
      await expect(service.query({ query: 'SELECT * FROM nowhere' })).rejects.toMatchObject({ clickhouseCode: 60 });
      const midway = service.query({
        query: 'SELECT number, throwIf(number = 900000) FROM system.numbers LIMIT 1000000',
        format: 'JSONEachRow',
        clickhouse_settings: { max_block_size: '1000' },
      });
      await expect(midway.then((result) => result.text())).rejects.toThrow();
      expect(setup.manager.stats.inUse).toBe(0);
    });
  });
});
