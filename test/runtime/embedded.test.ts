import { afterAll, expect, it } from 'vitest';
import { closeClickHouse, getClickHouseClient, getClickHouseConnectionManager } from '../../runtime/src/index.js';

afterAll(() => closeClickHouse());

it('the embedded engine runs real ClickHouse where no server is set, behind the same service', async () => {
  const clickhouse = await getClickHouseClient();
  await clickhouse.command({ query: 'CREATE TABLE events (id UInt32, name String) ENGINE = MergeTree ORDER BY id' });
  await clickhouse.insert({ table: 'events', values: [{ id: 2, name: 'b' }, { id: 1, name: 'a' }], format: 'JSONEachRow' });
  const result = await clickhouse.query({ query: 'SELECT id, name FROM events ORDER BY id', format: 'JSONEachRow' });
  expect(await result.json()).toEqual([{ id: 1, name: 'a' }, { id: 2, name: 'b' }]);
  const version = await clickhouse.query({ query: 'SELECT version() AS version', format: 'JSONEachRow' });
  expect(await version.json()).toEqual([{ version: expect.stringMatching(/^\d+\.\d+/) as string }]);
  expect(getClickHouseConnectionManager().stats).toMatchObject({ created: 1, inUse: 0, granted: 4 });
});
