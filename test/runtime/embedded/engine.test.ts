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
  it('runs ClickHouse behind the same service if no server is configured', async () => {
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
      query: 'SELECT id, name FROM events WHERE id < {limit: UInt32} ORDER BY id',
      query_params: { limit: 9 },
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

  it('fails like a server', async () => {
    const clickhouse = await getClickHouseClient();
    await expect(clickhouse.query({ query: 'SELECT * FROM nowhere' })).rejects.toMatchObject({ clickhouseCode: 60 });
    expect(getClickHouseConnectionManager().stats.inUse).toBe(0);
  });

  it('fault 33: rejects parameters that it would silently ignore', async () => {
    const clickhouse = await getClickHouseClient();
    const withSession = { session_id: 's', query: 'SELECT 1' };
    const statements = [
      clickhouse.query(withSession),
      clickhouse.command(withSession),
      clickhouse.exec(withSession),
      clickhouse.insert({ session_id: 's', table: 'events', values: [{ id: 3 }], format: 'JSONEachRow' }),
    ];
    for (const result of await Promise.allSettled(statements))
      expect(result).toMatchObject({ reason: expect.any(UnsupportedByBackendError) as unknown });
    await expect(clickhouse.command({ query: 'SELECT 1', role: 'admin' })).rejects.toThrow(/role.*CLICKHOUSE_URL/);
    expect(getClickHouseConnectionManager().stats.inUse).toBe(0);
  });

  it('fault 33: keeps no setting of a statement for the next one, whether it succeeded or failed', async () => {
    const clickhouse = await getClickHouseClient();
    const blockSize = async (settings: ClickHouseSettings = {}) => {
      const result = await clickhouse.query({
        query: "SELECT value FROM system.settings WHERE name = 'max_block_size'",
        format: 'JSONEachRow',
        clickhouse_settings: settings,
      });
      return (await result.json<{ value: string }>())[0]?.value;
    };
    const initial = await blockSize();
    const concurrent = await Promise.all([blockSize({ max_block_size: '77' }), blockSize(), blockSize({ max_block_size: '78' })]);
    expect(concurrent).toEqual(['77', initial, '78']);
    await expect(clickhouse.query({ query: 'SELECT * FROM nowhere', clickhouse_settings: { max_block_size: '79' } })).rejects.toThrow();
    expect(await blockSize()).toBe(initial);
  });

  describe('with the setting readonly', () => {
    const read = async (settings: ClickHouseSettings, query = "SELECT toUInt8(getSetting('readonly')) AS readonly") => {
      const clickhouse = await getClickHouseClient();
      return (await clickhouse.query({ query, format: 'JSONEachRow', clickhouse_settings: settings })).json();
    };

    it('reads repeatedly, also with other settings', async () => {
      for (const settings of [{ readonly: '1' }, { readonly: '1', max_threads: 1 }, { max_threads: 1, readonly: '1' }, { readonly: '1' }])
        expect(await read(settings)).toEqual([{ readonly: 1 }]);
      expect(await read({ readonly: '2' })).toEqual([{ readonly: 2 }]);
      expect(await read({})).toEqual([{ readonly: 0 }]);
    });

    it('rejects writes, and neither affects later statements nor temporary tables', async () => {
      const clickhouse = await getClickHouseClient();
      await clickhouse.command({ query: 'CREATE TEMPORARY TABLE temporary (id UInt8)' });
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
      expect(await read({ readonly: '1' }, 'SELECT * FROM temporary')).toEqual([]);
      expect(await read({}, 'SELECT * FROM temporary')).toEqual([]);
    });

    it('passes values of settings unchanged', async () => {
      const value = String.raw`\'; DROP TABLE written; --\n`;
      expect(await read({ bool_true_representation: value }, "SELECT getSetting('bool_true_representation') AS value")).toEqual([
        { value },
      ]);
      expect(await read({ log_comment: value }, "SELECT getSetting('log_comment') AS value")).toEqual([
        { value: expect.stringContaining(`${value} `) as unknown },
      ]);
    });
  });

  describe('with statements that would apply to all later ones', () => {
    const run = async (query: string) => (await getClickHouseClient()).command({ query });

    it.each([
      'SET max_threads = 1',
      'use system',
      ' \n\t-- a comment\nSET max_threads = 1',
      '-- SELECT\r\n// SELECT\n# SELECT\n#! SELECT\nset max_threads = 1',
      '/* a /* nested */ comment */SET max_threads = 1',
      '/***/ /* */ Use system',
      '\u00a0\u200b\ufeffSET max_threads = 1',
    ])('fault 33: rejects %j, and says what to do instead', async (query) => {
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
      'finds the keyword in linear time: %j, repeated',
      async (part) => {
        const clickhouse = await getClickHouseClient();
        const since = performance.now();
        await clickhouse.command({ query: `${part.repeat(50_000)}SELECT` }).catch(() => undefined);
        expect(performance.now() - since).toBeLessThan(2_000);
      },
    );
  });

  it('creates and uses the configured database', async () => {
    const config = loadClickHouseConfig({ database: 'with `tick' }, {});
    const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
    const result = await manager.service.query({ query: 'SELECT currentDatabase() AS name', format: 'JSONEachRow' });
    expect(await result.json()).toEqual([{ name: 'with `tick' }]);
    await manager.close();
  });

  it('fault 33: rejects a second data folder, and says what to do instead', async () => {
    await (await getClickHouseClient()).ping();
    const dataPath = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-data-'));
    const factory = new ClickHouseConnectionFactory();
    await expect(factory.create(loadClickHouseConfig({ dataPath }, {}))).rejects.toThrow(/second data folder.*closeClickHouse/);
  });
});

describe('a connection that cannot be cleaned after a statement failed', () => {
  const reject = () => Promise.reject(new Error('scripted failure'));

  /** Records its calls, and fails for the given statements. */
  function connection(name: string, calls: string[], failing: readonly string[] = []): EngineConnection {
    return {
      command: ({ query }) => {
        calls.push(`${name}: ${query}`);
        return failing.includes(query) ? reject() : Promise.resolve({ query_id: '', response_headers: {} });
      },
      close: () => Promise.resolve(void calls.push(`${name}: closed`)),
      query: reject,
      exec: reject,
      insert: reject,
      ping: reject,
    };
  }

  const run = (serial: SerialConnection, query: string) => serial.run({ query }, (target, params) => target.command(params));

  it('fault 33: is replaced before the next statement', async () => {
    const calls: string[] = [];
    const first = connection('first', calls, ['SELECT secret', 'SELECT 1']);
    const connect = () => connection('second', calls);
    const serial = serialize(first, { connect, open: () => Promise.resolve(connect()) });
    const failed = run(serial, 'SELECT secret');
    const next = run(serial, 'SELECT 2');
    await expect(failed).rejects.toThrow('scripted failure');
    await next;
    await serial.close();
    expect(calls).toEqual(['first: SELECT secret', 'first: SELECT 1', 'first: closed', 'second: SELECT 2', 'second: closed']);
  });

  it('fault 33: is replaced if the settings of the previous statement cannot be reset', async () => {
    const calls: string[] = [];
    const first = connection('first', calls, ['SET max_threads = DEFAULT']);
    const connect = () => connection('second', calls);
    const serial = serialize(first, { connect, open: () => Promise.resolve(connect()) });
    await serial.run({ query: 'SELECT 1', clickhouse_settings: { max_threads: 1 } }, (target, params) => target.command(params));
    await expect(run(serial, 'SELECT 2')).rejects.toThrow('scripted failure');
    await run(serial, 'SELECT 3');
    await serial.close();
    expect(calls.slice(-3)).toEqual(['first: closed', 'second: SELECT 3', 'second: closed']);
  });

  it('fault 33: runs no statement until it can be replaced', async () => {
    const calls: string[] = [];
    let opened = 0;
    const first = connection('first', calls, ['SELECT secret', 'SELECT 1']);
    const open = () => (opened++ < 2 ? reject() : Promise.resolve(connection('second', calls)));
    const serial = serialize(first, { connect: () => connection('other', calls), open });
    await expect(run(serial, 'SELECT secret')).rejects.toThrow();
    await expect(run(serial, 'SELECT 2')).rejects.toThrow('scripted failure');
    await run(serial, 'SELECT 3');
    await serial.close();
    expect(calls.filter((call) => call.startsWith('second'))).toEqual(['second: SELECT 3', 'second: closed']);
    expect(calls).not.toContain('first: SELECT 2');
  });
});
