import type { ClickHouseSettings } from '@clickhouse/client';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  closeClickHouse,
  getClickHouseClient,
  getClickHouseConnectionManager,
  loadClickHouseConfig,
  UnsupportedByBackendError,
} from '../../../runtime/src/index.js';
import type { EngineConnection } from '../../../runtime/src/embedded.js';
import { type SerialConnection, serialize } from '../../../runtime/src/embedded/serial-connection.js';

afterAll(() => closeClickHouse());

describe('the embedded engine', () => {
  it('runs real ClickHouse where no server is set, behind the same service', async () => {
    const clickhouse = await getClickHouseClient();
    await clickhouse.command({ query: 'CREATE TABLE events (id UInt32, name String) ENGINE = MergeTree ORDER BY id' });
    await clickhouse.insert({
      table: 'events',
      values: [
        { id: 2, name: 'b' },
        { id: 1, name: 'a' },
      ],
      format: 'JSONEachRow',
    });
    const result = await clickhouse.query({
      query: 'SELECT id, name FROM events WHERE id < {most: UInt32} ORDER BY id',
      query_params: { most: 9 },
      format: 'JSONEachRow',
    });
    expect(await result.json()).toEqual([
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
    ]);
    const { stream } = await clickhouse.exec({ query: 'SELECT count() FROM events FORMAT CSV' });
    expect(Buffer.concat(await stream.toArray()).toString()).toBe('2\n');
    expect(await clickhouse.ping()).toMatchObject({ success: true });
    expect(getClickHouseConnectionManager().stats).toMatchObject({ created: 1, inUse: 0, granted: 5 });
  });

  it('fails as the server does', async () => {
    const clickhouse = await getClickHouseClient();
    await expect(clickhouse.query({ query: 'SELECT * FROM nowhere' })).rejects.toMatchObject({ clickhouseCode: 60 });
    expect(getClickHouseConnectionManager().stats.inUse).toBe(0);
  });

  it('fault 33: refuses what it would silently ignore', async () => {
    const clickhouse = await getClickHouseClient();
    const asked = { session_id: 's', query: 'SELECT 1' };
    const statements = [
      clickhouse.query(asked),
      clickhouse.command(asked),
      clickhouse.exec(asked),
      clickhouse.insert({ session_id: 's', table: 'events', values: [{ id: 3 }], format: 'JSONEachRow' }),
    ];
    for (const refused of await Promise.allSettled(statements))
      expect(refused).toMatchObject({ reason: expect.any(UnsupportedByBackendError) as unknown });
    await expect(clickhouse.command({ query: 'SELECT 1', role: 'admin' })).rejects.toThrow(/role.*CLICKHOUSE_URL/);
    expect(getClickHouseConnectionManager().stats.inUse).toBe(0);
  });

  it('fault 33: keeps no setting of one statement for the next, whether it was answered or refused', async () => {
    const clickhouse = await getClickHouseClient();
    const blockSize = async (settings: ClickHouseSettings = {}) => {
      const result = await clickhouse.query({
        query: "SELECT value FROM system.settings WHERE name = 'max_block_size'",
        format: 'JSONEachRow',
        clickhouse_settings: settings,
      });
      return (await result.json<{ value: string }>())[0]?.value;
    };
    const usual = await blockSize();
    const together = await Promise.all([blockSize({ max_block_size: '77' }), blockSize(), blockSize({ max_block_size: '78' })]);
    expect(together).toEqual(['77', usual, '78']);
    await expect(clickhouse.query({ query: 'SELECT * FROM nowhere', clickhouse_settings: { max_block_size: '79' } })).rejects.toThrow();
    expect(await blockSize()).toBe(usual);
  });

  describe('with settings that forbid others', () => {
    const read = async (settings: ClickHouseSettings, query = "SELECT toUInt8(getSetting('readonly')) AS readonly") => {
      const clickhouse = await getClickHouseClient();
      return (await clickhouse.query({ query, format: 'JSONEachRow', clickhouse_settings: settings })).json();
    };

    it('reads, whatever else is set, and as often as it likes', async () => {
      for (const settings of [{ readonly: '1' }, { readonly: '1', max_threads: 1 }, { max_threads: 1, readonly: '1' }, { readonly: '1' }])
        expect(await read(settings)).toEqual([{ readonly: 1 }]);
      expect(await read({ readonly: '2' })).toEqual([{ readonly: 2 }]);
      expect(await read({})).toEqual([{ readonly: 0 }]);
    });

    it('writes nothing then, and keeps nobody else from it, nor from what he has', async () => {
      const clickhouse = await getClickHouseClient();
      await clickhouse.command({ query: 'CREATE TEMPORARY TABLE had (id UInt8)' });
      const create = { query: 'CREATE TABLE written (id UInt8) ENGINE = Memory' };
      const insert = { table: 'written', values: [{ id: 1 }], format: 'JSONEachRow' } as const;
      await expect(clickhouse.command({ ...create, clickhouse_settings: { readonly: '1' } })).rejects.toMatchObject({
        clickhouseCode: 164,
      });
      await clickhouse.command(create);
      for (const readonly of ['1', '2'])
        await expect(clickhouse.insert({ ...insert, clickhouse_settings: { readonly } })).rejects.toMatchObject({ clickhouseCode: 164 });
      await clickhouse.insert(insert);
      expect(await read({}, 'SELECT * FROM written')).toEqual([{ id: 1 }]);
      expect(await read({ readonly: '1' }, 'SELECT * FROM had')).toEqual([]);
      expect(await read({}, 'SELECT * FROM had')).toEqual([]);
    });

    it('takes their values as they are', async () => {
      const value = String.raw`\'; DROP TABLE written; --\n`;
      expect(await read({ bool_true_representation: value }, "SELECT getSetting('bool_true_representation') AS value")).toEqual([
        { value },
      ]);
      expect(await read({ log_comment: value }, "SELECT getSetting('log_comment') AS value")).toEqual([
        { value: expect.stringContaining(`${value} `) as unknown },
      ]);
    });
  });

  describe('with what would hold for everybody from then on', () => {
    const run = async (query: string) => (await getClickHouseClient()).command({ query });

    it.each([
      'SET max_threads = 1',
      'use system',
      ' \n\t-- a comment\nSET max_threads = 1',
      '-- SELECT\r\n// SELECT\n# SELECT\n#! SELECT\nset max_threads = 1',
      '/* a /* nested */ comment */SET max_threads = 1',
      '/***/ /* */ Use system',
      '\u00a0\u200b\ufeffSET max_threads = 1',
    ])('fault 33: refuses %j, with a way out', async (query) => {
      await expect(run(query)).rejects.toThrow(/clickhouse_settings|database/);
      await expect(run(query)).rejects.toThrow(UnsupportedByBackendError);
      await expect((await getClickHouseClient()).query({ query })).rejects.toThrow(UnsupportedByBackendError);
      await expect((await getClickHouseClient()).exec({ query })).rejects.toThrow(UnsupportedByBackendError);
    });

    it.each([
      "SELECT 'SET max_threads = 1'",
      '/* SET max_threads = 1 */ SELECT 1',
      '-- SET\nSELECT 1',
      'SELECT 1 -- SET',
      'WITH 1 AS set SELECT set',
    ])('runs %j', async (query) => {
      await expect(run(query)).resolves.toHaveProperty('query_id');
    });

    it.each(['/* */ ', '/**/', '/*', '-- a -- b\n', '\n', '*/', '/* *', '#', '//'])(
      'looks no longer than it must: %j, often',
      async (part) => {
        const clickhouse = await getClickHouseClient();
        const since = performance.now();
        await clickhouse.command({ query: `${part.repeat(50_000)}SELECT` }).catch(() => undefined);
        expect(performance.now() - since).toBeLessThan(2_000);
      },
    );
  });

  it('works in the database that is configured, and creates it', async () => {
    const config = loadClickHouseConfig({ database: 'with `tick' }, {});
    const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
    const result = await manager.service.query({ query: 'SELECT currentDatabase() AS name', format: 'JSONEachRow' });
    expect(await result.json()).toEqual([{ name: 'with `tick' }]);
    await manager.close();
  });

  it('fault 33: refuses a second data folder, with a way out', async () => {
    await (await getClickHouseClient()).ping();
    const dataPath = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-data-'));
    const factory = new ClickHouseConnectionFactory();
    await expect(factory.create(loadClickHouseConfig({ dataPath }, {}))).rejects.toThrow(/second data folder.*closeClickHouse/);
  });
});

describe('a connection that cannot be cleaned after a statement failed', () => {
  const refused = () => Promise.reject(new Error('It has had enough.'));

  /** Remembers what it was told, and fails where the test says so. */
  function connection(name: string, told: string[], failing: readonly string[] = []): EngineConnection {
    return {
      command: ({ query }) => {
        told.push(`${name}: ${query}`);
        return failing.includes(query) ? refused() : Promise.resolve({ query_id: '', response_headers: {} });
      },
      close: () => Promise.resolve(void told.push(`${name}: closed`)),
      query: refused,
      exec: refused,
      insert: refused,
      ping: refused,
    };
  }

  const run = (lane: SerialConnection, query: string) => lane.run({ query }, (on, given) => on.command(given));

  it('fault 33: is replaced before the next one', async () => {
    const told: string[] = [];
    const stained = connection('first', told, ['SELECT secret', 'SELECT 1']);
    const connect = () => connection('second', told);
    const lane = serialize(stained, { connect, open: () => Promise.resolve(connect()) });
    const failed = run(lane, 'SELECT secret');
    const next = run(lane, 'SELECT 2');
    await expect(failed).rejects.toThrow('It has had enough.');
    await next;
    await lane.close();
    expect(told).toEqual(['first: SELECT secret', 'first: SELECT 1', 'first: closed', 'second: SELECT 2', 'second: closed']);
  });

  it('fault 33: is replaced as well where the settings of the one before cannot be taken back', async () => {
    const told: string[] = [];
    const stained = connection('first', told, ['SET max_threads = DEFAULT']);
    const connect = () => connection('second', told);
    const lane = serialize(stained, { connect, open: () => Promise.resolve(connect()) });
    await lane.run({ query: 'SELECT 1', clickhouse_settings: { max_threads: 1 } }, (on, given) => on.command(given));
    await expect(run(lane, 'SELECT 2')).rejects.toThrow('It has had enough.');
    await run(lane, 'SELECT 3');
    await lane.close();
    expect(told.slice(-3)).toEqual(['first: closed', 'second: SELECT 3', 'second: closed']);
  });

  it('fault 33: runs nothing where it cannot be replaced either, until it can', async () => {
    const told: string[] = [];
    let opened = 0;
    const stained = connection('first', told, ['SELECT secret', 'SELECT 1']);
    const open = () => (opened++ < 2 ? refused() : Promise.resolve(connection('second', told)));
    const lane = serialize(stained, { connect: () => connection('other', told), open });
    await expect(run(lane, 'SELECT secret')).rejects.toThrow();
    await expect(run(lane, 'SELECT 2')).rejects.toThrow('It has had enough.');
    await run(lane, 'SELECT 3');
    await lane.close();
    expect(told.filter((what) => what.startsWith('second'))).toEqual(['second: SELECT 3', 'second: closed']);
    expect(told).not.toContain('first: SELECT 2');
  });
});
