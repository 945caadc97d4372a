import type { ClickHouseSettings, InsertResult } from '@clickhouse/client';
import { createTestService } from '../../../runtime/src/testing/test-double.js';
import type { ClickHouseService } from '../../../runtime/src/statement/service.js';
import type { ServiceInsertParams } from '../../../runtime/src/statement/streamed-values.js';

/** An insert as the service received it. */
export interface ReceivedInsert {
  readonly table: string;
  readonly rows: readonly unknown[];
  readonly token: string | undefined;
  readonly queryId: string;
  readonly settings: ClickHouseSettings;
}

/** What the service does with an insert: resolves, or rejects with an error. */
export type InsertBehaviour = (insert: ReceivedInsert, signal: AbortSignal | undefined) => Promise<void> | void;

export interface FakeServer {
  readonly service: ClickHouseService;
  readonly inserts: readonly ReceivedInsert[];
  /** SQL of the queries. */
  readonly queries: readonly string[];
  /** Rows of the inserts that succeeded. */
  readonly stored: readonly unknown[];
}

/** What system tables have: rows by a part of the SQL. */
export type SystemTables = Readonly<Record<string, readonly object[] | Error>>;

/** A table that drops copies, on a server that knows all settings. */
export const deduplicating: SystemTables = {
  'system.settings': ['async_insert', 'insert_deduplicate', 'deduplicate_insert', 'insert_deduplication_token'].map((name) => ({ name })),
  'system.tables': [{ engine: 'ReplicatedMergeTree', engine_full: '' }],
  'system.replicated_merge_tree_settings': [{ value: '1000' }],
};

/** A table that keeps copies. */
export const plain: SystemTables = {
  ...deduplicating,
  'system.tables': [{ engine: 'MergeTree', engine_full: 'MergeTree ORDER BY id' }],
  'system.merge_tree_settings': [{ value: '0' }],
};

/** A service that receives inserts as a manager does. */
export function fakeServer(behaviour: InsertBehaviour = () => undefined, tables: SystemTables = deduplicating): FakeServer {
  const [inserts, stored]: [ReceivedInsert[], unknown[]] = [[], []];
  const answers = Object.entries(tables).map(([when, found]) => ({
    when,
    ...(found instanceof Error ? { error: found } : { rows: found }),
  }));
  const double = createTestService(answers);
  const insert = async (params: ServiceInsertParams<unknown>): Promise<InsertResult> => {
    const { table, values, query_id = '', clickhouse_settings: settings = {}, abort_signal } = params;
    const rows = await rowsOf(values);
    const { insert_deduplication_token: token } = settings;
    const received = { table, rows, queryId: query_id, settings, token: typeof token === 'string' ? token : undefined };
    inserts.push(received);
    await behaviour(received, abort_signal);
    stored.push(...rows);
    return { executed: true, query_id, response_headers: {} };
  };
  return {
    service: Object.assign(double, { insert }),
    inserts,
    stored,
    get queries() {
      return double.statements.map(({ text }) => text);
    },
  };
}

const isFunction = (value: unknown): value is () => unknown => typeof value === 'function';

async function rowsOf(values: unknown): Promise<unknown[]> {
  const made: unknown = isFunction(values) ? await values() : values;
  const chunks = Array.isArray(made) ? made : [];
  const texts = chunks.map((chunk: { readonly bytes: Buffer }) => chunk.bytes.toString());
  return texts
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}
