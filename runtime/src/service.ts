import type { ClickHouseClient } from '@clickhouse/client';

/**
 * What services ask of ClickHouse, in the official client's own shapes: changing the import is the migration.
 * A server, the embedded engine and a test double all stand behind it.
 */
export type ClickHouseService = Pick<ClickHouseClient, 'query' | 'insert' | 'command' | 'exec' | 'ping' | 'close'>;
