export { createIngest } from './ingest/create-ingest.js';
export type { Ingest, IngestCloseOptions, IngestCloseResult, IngestWaitOptions } from './ingest/ingest.js';
export type { IngestOptions, RejectedBatch } from './ingest/options.js';
export type { IngestDelivery, IngestRejection, IngestRetry, IngestStats, ObservedIngest } from './telemetry/ingest.js';
export { type OpenIngest, openIngests } from './telemetry/open-ingests.js';
