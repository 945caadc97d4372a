import type { ClickHouseService } from '@clickhouse-ssot/runtime';

/** What each application does: three rows of a statement. */
export async function readRows(clickhouse: ClickHouseService): Promise<unknown> {
  const result = await clickhouse.query({ query: 'SELECT number AS n FROM system.numbers LIMIT 3', format: 'JSONEachRow' });
  return result.json();
}

/** A statement that runs for minutes, with a text that a test finds in `system.processes`. */
export async function readSlowly(clickhouse: ClickHouseService): Promise<unknown> {
  const result = await clickhouse.query({
    query: "SELECT sleepEachRow(1), 'slow statement' FROM system.numbers LIMIT 300 SETTINGS max_block_size = 1",
    format: 'JSONEachRow',
  });
  return result.json();
}

/** The error of an application that has its own handling. */
export class OrderMissingError extends Error {}
