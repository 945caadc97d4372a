import { columns, isDamaged } from './rows.js';
import type { StoredRows } from './verdict.js';

/** Tables whose inserts the server deduplicates by their token, or not. */
export type TableKind = 'deduplicating' | 'plain';

// Without merges, the parts keep the order of the inserts.
const withoutMerges = 'max_bytes_to_merge_at_max_space_in_pool = 1, max_bytes_to_merge_at_min_space_in_pool = 1';

/** Creates a table on a server. @throws Error */
export async function createTable(url: string, name: string, kind: TableKind): Promise<void> {
  const window = kind === 'deduplicating' ? 'non_replicated_deduplication_window = 10000, ' : '';
  await run(url, `CREATE TABLE ${name} (${columns}) ENGINE = MergeTree ORDER BY tuple() SETTINGS ${window}${withoutMerges}`);
}

/** Reads the rows of a table in the order of their insertion. @throws Error */
export async function readRows(url: string, name: string): Promise<StoredRows> {
  const order = "toUInt64(splitByChar('_', _part)[2]), _part_offset";
  const ids = await run(url, `SELECT id FROM ${name} ORDER BY ${order} FORMAT TSV`);
  const damaged = await run(url, `SELECT count() FROM ${name} WHERE ${isDamaged} FORMAT TSV`);
  return { ids: ids.split('\n').filter(Boolean).map(Number), damaged: Number(damaged) };
}

/** Removes a table. @throws Error */
export async function dropTable(url: string, name: string): Promise<void> {
  await run(url, `DROP TABLE ${name} SYNC`);
}

async function run(url: string, query: string): Promise<string> {
  const response = await fetch(url, { method: 'POST', body: query });
  const text = await response.text();
  if (!response.ok) throw new Error(`${query} failed: ${text}`);
  return text;
}
