import { processWideValue } from '../process/process-wide-value.js';
import type { ObservedIngest } from './ingest.js';

/** An ingest that is not closed. */
export interface OpenIngest extends ObservedIngest {
  /** Delivers the rows and closes the ingest. */
  close(options: { readonly timeoutMs?: number | undefined }): Promise<unknown>;
}

/** All ingests of the process that are not closed. All copies of this package share them. */
const all = processWideValue<Set<OpenIngest>>(
  'open-ingests@1',
  (value): value is Set<OpenIngest> => value instanceof Set,
  () => new Set(),
);

/**
 * Adds an ingest to those that `closeClickHouse()` closes. The reference is strong: an ingest may have rows that nothing else refers to.
 * @returns a function that removes the ingest
 */
export function registerOpenIngest(ingest: OpenIngest): () => void {
  all().add(ingest);
  return () => {
    all().delete(ingest);
  };
}

/** Returns the ingests of the process that are not closed, for metrics that read `stats`. */
export function openIngests(): readonly OpenIngest[] {
  return [...all()];
}
