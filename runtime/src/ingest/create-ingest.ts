import { clickHouse } from '../accessor/click-house.js';
import { ClickHouseConnectionManager } from '../manager/manager.js';
import type { ClickHouseService } from '../statement/service.js';
import { processEnvironment, type IngestEnvironment } from './batch/environment.js';
import { MemoryStore } from './batch/memory-store.js';
import { closeBeforeExit } from './before-exit.js';
import { BufferedIngest } from './buffered-ingest.js';
import { openDirectoryStore } from './directory/directory-store.js';
import type { Disk } from './directory/disk.js';
import type { Ingest } from './ingest.js';
import type { IngestConnection } from './ingest-parts.js';
import { assertIngestOptions, type IngestOptions, limitsOf } from './options.js';

/**
 * Returns an ingest: a buffer of rows in front of one table. Create one for each table, as a constant of a module. Without a directory, the call
 * does nothing else. With one, it opens the directory and delivers the rows that are left there.
 * @throws ConfigError if an option is unknown or invalid
 */
export function createIngest<Row extends object = object>(options: IngestOptions<Row>): Ingest<Row> {
  return openIngest(options, processEnvironment);
}

/** Does the same in an environment that a test controls. */
export function openIngest<Row extends object>(options: IngestOptions<Row>, environment: IngestEnvironment, disk?: Disk): Ingest<Row> {
  assertIngestOptions(options);
  const { table, directory, stringify, onRejected } = options;
  const limits = limitsOf(options);
  const { maxBatchRows, maxBatchBytes, maxBufferedRows, maxBufferedBytes } = limits;
  const maxDirectoryBytes = directory === undefined ? Infinity : limits.maxDirectoryBytes;
  closeBeforeExit(environment.warn);
  return new BufferedIngest<Row>({
    table,
    directory,
    limits,
    encoding: {
      ...(stringify && { stringify }),
      maxRows: Math.min(maxBatchRows, maxBufferedRows),
      maxBytes: Math.min(maxBatchBytes, maxBufferedBytes, maxDirectoryBytes),
      maxRowBytes: maxBufferedBytes,
      bounds: { maxBufferedRows, maxBufferedBytes, maxDirectoryBytes },
    },
    connection: connectionOf(options),
    environment,
    onRejected,
    openStore: (events) =>
      directory === undefined
        ? new MemoryStore(limits, environment, events)
        : openDirectoryStore({ directory, table, limits, environment, events, ...(disk && { disk }) }),
  });
}

function connectionOf({
  connection,
  service = clickHouse(connection === undefined ? {} : { connection }),
}: Pick<IngestOptions, 'connection' | 'service'>): IngestConnection {
  return { service, isOneServer: () => serverCount(service) <= 1 };
}

/** Number of servers behind a service: 1 if it does not tell. */
function serverCount(service: ClickHouseService): number {
  const manager: unknown = 'manager' in service ? service.manager : undefined;
  if (!(manager instanceof ClickHouseConnectionManager)) return 1;
  const { engine } = manager.config;
  return engine.kind === 'server' ? engine.endpoints.length : 1;
}
