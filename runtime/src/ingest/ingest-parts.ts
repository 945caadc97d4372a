import type { ClickHouseService } from '../statement/service.js';
import type { RowEncoding } from './batch/encode-rows.js';
import type { IngestEnvironment } from './batch/environment.js';
import type { BatchStore, StoreEvents } from './batch/store.js';
import type { IngestLimits, RejectedBatch } from './options.js';

/** The service of an ingest. */
export interface IngestConnection {
  readonly service: ClickHouseService;
  /** Whether all statements of the service go to one server, so that its log knows all of them. */
  readonly isOneServer: () => boolean;
}

/** What an ingest consists of. */
export interface IngestParts {
  readonly table: string;
  readonly directory: string | undefined;
  readonly limits: IngestLimits;
  readonly encoding: RowEncoding;
  readonly connection: IngestConnection;
  readonly environment: IngestEnvironment;
  readonly onRejected: ((batch: RejectedBatch) => void) | undefined;
  /** Opens the store. @throws IngestLockedError, IngestStoreError and ConfigError (by the promise) */
  readonly openStore: (events: StoreEvents) => BatchStore | Promise<BatchStore>;
}
