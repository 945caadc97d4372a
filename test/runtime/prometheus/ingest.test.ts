import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createIngest } from '../../../runtime/src/ingest.js';
import { collectClickHouseMetrics } from '../../../runtime/src/prometheus.js';
import { publish } from '../../../runtime/src/telemetry/telemetry.js';
import { createTestService } from '../../../runtime/src/testing.js';

/** Returns the lines of the metrics of ingests, without the prefix and without empty buckets. */
async function linesOf(registry: Registry): Promise<string[]> {
  const text = await registry.metrics();
  return [...text.matchAll(/^clickhouse_client_(ingest_(?!.*_bucket).*)$/gm)].map(([, line = '']) => line);
}

it('a registry has the depth, the state and the progress of ingests', async () => {
  const registry = new Registry();
  using _collector = collectClickHouseMetrics({ registry });
  const service = createTestService();
  const ingest = createIngest({ table: 'events', service });
  await ingest.add([{ id: 1 }, { id: 2 }]);
  expect(await linesOf(registry)).toEqual(
    expect.arrayContaining([
      'ingest_buffered_rows{table="events"} 2',
      expect.stringMatching(/^ingest_buffered_bytes\{table="events"\} [1-9]/),
      'ingest_state{table="events",state="open"} 1',
      'ingest_state{table="events",state="stalled"} 0',
      'ingest_possibly_duplicated_rows{table="events"} 0',
    ]),
  );
  await ingest.flush();
  const failure = new Error('a row');
  publish('clickhouse-ssot:ingest:retry', () => ({ ingest, reason: 'stalled', rows: 2, failure, pauseMs: 10 }));
  publish('clickhouse-ssot:ingest:rejected', () => ({ ingest, rows: 3, failure, file: undefined }));
  expect(await linesOf(registry)).toEqual(
    expect.arrayContaining([
      'ingest_buffered_rows{table="events"} 0',
      'ingest_oldest_row_age_seconds{table="events"} 0',
      'ingest_delivered_rows_total{table="events"} 2',
      'ingest_delivery_duration_seconds_count{table="events"} 1',
      'ingest_retries_total{table="events",reason="stalled"} 1',
      'ingest_rejected_rows_total{table="events"} 3',
    ]),
  );
  await ingest.close();
  expect((await linesOf(registry)).filter((line) => line.startsWith('ingest_state'))).toEqual([]);
});
