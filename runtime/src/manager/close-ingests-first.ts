import { openIngests } from '../telemetry/open-ingests.js';

/**
 * Closes all ingests of the process, and then drains the connections that they need, with the time that is left. Without an ingest, the
 * drain begins at once.
 * @throws the error of the drain; IngestUndeliveredError, or an AggregateError of several, after the drain
 */
export async function closeIngestsFirst(timeoutMs: number, drain: (timeoutMs: number) => Promise<unknown>): Promise<void> {
  const ingests = openIngests();
  if (ingests.length === 0) {
    await drain(timeoutMs);
    return;
  }
  const startedAt = performance.now();
  const closed = await Promise.allSettled(ingests.map((ingest) => ingest.close({ timeoutMs })));
  await drain(Math.max(0, timeoutMs - (performance.now() - startedAt)));
  const failures = closed.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
  if (failures.length > 1) throw new AggregateError(failures, `${failures.length} ingests were closed before their rows were delivered.`);
  for (const failure of failures) throw failure;
}
