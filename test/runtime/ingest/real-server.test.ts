import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { clickHouse, closeClickHouse } from '../../../runtime/src/index.js';
import type { LazyClickHouseService } from '../../../runtime/src/accessor/lazy-service.js';
import { createIngest } from '../../../runtime/src/ingest/create-ingest.js';
import type { ClickHouseService } from '../../../runtime/src/statement/service.js';
import { type RealServer, realServer } from '../harness/real-server.js';
import { onRealServer, serverBinary } from '../harness/server-binary.js';

describe.skipIf(serverBinary() === undefined)(`an ingest ${onRealServer} that is older than tokens, with a query log`, () => {
  let server: RealServer;
  let clickhouse: LazyClickHouseService;

  beforeAll(async () => {
    server = await realServer({ queryLog: true });
    clickhouse = clickHouse({ url: server.url, env: false });
    await clickhouse.command({ query: 'CREATE TABLE events (id UInt64) ENGINE = MergeTree ORDER BY id' });
    // The log of a server that may have started during the insert proves nothing, and its age is in whole seconds.
    await vi.waitUntil(async () => (await uptime()) >= 2, { timeout: 20_000, interval: 200 });
  });

  async function uptime(): Promise<number> {
    const result = await clickhouse.query({ query: 'SELECT uptime() AS seconds', format: 'JSONEachRow' });
    const [row] = await result.json<{ readonly seconds: number }>();
    return row?.seconds ?? 0;
  }

  afterAll(async () => {
    await closeClickHouse();
    await server[Symbol.asyncDispose]();
  });

  /** Loses the answer to the first insert, which has run or not. */
  function losing({ hasRun }: { readonly hasRun: boolean }): ClickHouseService {
    let isLost = false;
    return {
      ...clickhouse,
      query: clickhouse.query.bind(clickhouse),
      command: clickhouse.command.bind(clickhouse),
      [Symbol.asyncDispose]: () => clickhouse.close(),
      insert: async (params) => {
        if (isLost) return clickhouse.insert(params);
        isLost = true;
        // A server that has refused the insert may lose its answer as well.
        if (hasRun) await clickhouse.insert(params).catch(() => undefined);
        throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
      },
    };
  }

  it.each([
    { refusedBy: 'the format', bad: 'nine', counted: 0, stored: 1 },
    { refusedBy: 'a view, which has left its rows', bad: 9, counted: 4, stored: 6 },
  ])('counts the rows of an insert that may be stored, and whose answer was lost: refused by $refusedBy', async (expected) => {
    const table = `refused_${expected.stored}`;
    await clickhouse.command({ query: `CREATE TABLE ${table} (id UInt64) ENGINE = MergeTree ORDER BY id` });
    await clickhouse.command({
      query: `CREATE MATERIALIZED VIEW ${table}_view ENGINE = Memory AS SELECT throwIf(id = 9) AS failed FROM ${table}`,
    });
    const ingest = createIngest({ table, service: losing({ hasRun: true }), onRejected: () => undefined });
    await ingest.add([{ id: 1 }, { id: expected.bad }]);
    await ingest.flush();
    const result = await clickhouse.query({ query: `SELECT toUInt32(count()) AS n FROM ${table}`, format: 'JSONEachRow' });
    expect(await result.json()).toEqual([{ n: expected.stored }]);
    expect(ingest.stats).toMatchObject({ deliveredRows: 1, rejectedRows: 1, possiblyDuplicatedRows: expected.counted });
    await ingest.close();
  });

  it.each([true, false])('inserts a batch once whose answer was lost. The first insert has run: %s', async (hasRun) => {
    await clickhouse.command({ query: 'DROP TABLE events' });
    await clickhouse.command({ query: 'CREATE TABLE events (id UInt64) ENGINE = MergeTree ORDER BY id' });
    const ingest = createIngest({ table: 'events', service: losing({ hasRun }) });
    await ingest.add([{ id: 1 }, { id: 2 }]);
    await ingest.flush();
    const result = await clickhouse.query({ query: 'SELECT toUInt32(count()) AS n FROM events', format: 'JSONEachRow' });
    expect(await result.json()).toEqual([{ n: 2 }]);
    expect(ingest.stats).toMatchObject({ delivery: 'at-least-once', deliveredRows: 2, possiblyDuplicatedRows: 0 });
    await ingest.close();
  });
});
