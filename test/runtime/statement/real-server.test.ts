import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig } from '../../../runtime/src/index.js';
import { type RealServer, realServer } from '../harness/real-server.js';
import { serverBinary } from '../harness/server-binary.js';

describe.skipIf(serverBinary() === undefined)('requests to a real server', () => {
  let server: RealServer;
  let manager: ClickHouseConnectionManager;
  beforeAll(async () => {
    server = await realServer();
    manager = new ClickHouseConnectionManager({
      config: loadClickHouseConfig({ url: ['http://127.0.0.1:1', server.url] }, {}),
      factory: new ClickHouseConnectionFactory(),
    });
    await manager.service.command({ query: 'CREATE TABLE rows (a UInt32) ENGINE = Memory' });
  });
  afterAll(async () => {
    await manager.close();
    await server[Symbol.asyncDispose]();
  });

  it('whose URL is too long are refused once, and open no breaker', async () => {
    const single = new ClickHouseConnectionManager({
      config: loadClickHouseConfig({ url: server.url }, {}),
      factory: new ClickHouseConnectionFactory(),
    });
    for (let calls = 0; calls < 12; calls++)
      await expect(single.service.query({ query: 'SELECT 1', query_params: { ids: 'x'.repeat(20_000) } })).rejects.toMatchObject({
        code: 'GATEWAY_FAILED',
        httpStatus: 400,
        attempts: 1,
        message: expect.stringContaining('query_params') as unknown,
      });
    expect(single.health().status).toBe('ready');
    await single.service.command({ query: 'SELECT 1' });
    await single.close();
  });

  it('that fail after the first rows of their result fail a command as well', async () => {
    const query = 'SELECT throwIf(number = 3000000) FROM system.numbers LIMIT 5000000';
    for (const compressResponses of [false, true]) {
      const single = new ClickHouseConnectionManager({
        config: loadClickHouseConfig({ url: server.url, compressResponses }, {}),
        factory: new ClickHouseConnectionFactory(),
      });
      await expect(single.service.command({ query })).rejects.toMatchObject({ kind: 'ServerError', clickhouseCode: 395 });
      await single.close();
    }
  });

  it('with streams and functions insert all rows once, also if another server refuses connections', async () => {
    const rows = Array.from({ length: 1_000 }, (_, a) => ({ a }));
    const insert = { table: 'rows', format: 'JSONEachRow' } as const;
    for (let inserts = 0; inserts < 2; inserts++) {
      await manager.service.insert({ ...insert, values: Readable.from(rows) });
      await manager.service.insert({ ...insert, values: () => rows });
      const text = rows.map(({ a }) => `${a}\n`);
      const { stream } = await manager.service.exec({ query: 'INSERT INTO rows FORMAT CSV', values: () => text });
      await stream.toArray();
    }
    const result = await manager.service.query({
      query: 'SELECT toUInt32(count()) AS n, toUInt32(sum(a)) AS s FROM rows',
      format: 'JSONEachRow',
    });
    expect(await result.json()).toEqual([{ n: 6_000, s: 6 * 499_500 }]);
  });
});
