import { AggregatorRegistry, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { collectClickHouseMetrics } from '../../../runtime/src/prometheus.js';
import { registerOpenIngest } from '../../../runtime/src/telemetry/open-ingests.js';

const stats = {
  state: 'open',
  delivery: 'unknown',
  bufferedRows: 2,
  bufferedBytes: 20,
  possiblyDuplicatedRows: 0,
  acceptedRows: 2,
  recoveredRows: 0,
  bufferedBatches: 1,
  inFlightRows: 0,
  deliveredRows: 0,
  deliveredBatches: 0,
  rejectedRows: 0,
  lastError: undefined,
} as const;

/** Returns the metrics of a worker with one ingest. */
async function metricsOfWorker(oldestRowAgeMs: number): Promise<object> {
  const registry = new Registry();
  using _collector = collectClickHouseMetrics({ registry });
  const remove = registerOpenIngest({
    table: 'events',
    directory: undefined,
    stats: { ...stats, oldestRowAgeMs },
    close: () => Promise.resolve(),
  });
  const metrics = await registry.getMetricsAsJSON();
  remove();
  return metrics;
}

it('the values of all workers of a cluster are added up, except the age of the oldest row', async () => {
  const workers = [await metricsOfWorker(2_000), await metricsOfWorker(3_000), await metricsOfWorker(1_000)];
  const text = await AggregatorRegistry.aggregate(workers).metrics();
  expect(text).toContain('ingest_oldest_row_age_seconds{table="events"} 3\n');
  expect(text).toContain('ingest_buffered_rows{table="events"} 6\n');
  expect(text).toContain('ingest_state{table="events",state="open"} 3\n');
});
