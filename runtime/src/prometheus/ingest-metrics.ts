import type { IngestStats } from '../telemetry/ingest.js';
import { openIngests } from '../telemetry/open-ingests.js';
import { observe } from '../telemetry/telemetry.js';
import { BoundedValues } from './labels.js';
import type { CollectorLimits } from './limits.js';
import type { MetricSet } from './metrics.js';

/** States of an ingest that can take rows, or could not be opened. */
const states = ['opening', 'open', 'retrying', 'stalled', 'closing', 'failed'] as const satisfies readonly IngestStats['state'][];

/** Creates the metrics of ingests, by table, and keeps them up to date until the results are disposed of. */
export function collectIngests(metrics: MetricSet, { buckets, maxPools }: CollectorLimits): readonly Disposable[] {
  const tables = new BoundedValues(maxPools);
  const openTables = () => openIngests().map(({ table, stats }) => ({ table: tables.bound(table), stats }));
  createGauges(metrics, openTables);
  const delivered = metrics.counter('ingest_delivered_rows_total', 'Rows of ingests that ClickHouse has taken.', ['table']);
  const rejected = metrics.counter('ingest_rejected_rows_total', 'Rows of ingests that were set aside.', ['table']);
  const retries = metrics.counter('ingest_retries_total', 'Inserts of ingests that failed and are sent again.', ['table', 'reason']);
  const duration = metrics.histogram(
    'ingest_delivery_duration_seconds',
    'Time from the first attempt of an insert to its success.',
    ['table'],
    buckets,
  );
  return [
    observe('clickhouse-ssot:ingest:delivered', ({ ingest, rows, durationMs }) => {
      const table = tables.bound(ingest.table);
      delivered.inc({ table }, rows);
      duration.observe({ table }, durationMs / 1_000);
    }),
    observe('clickhouse-ssot:ingest:retry', ({ ingest, reason }) => retries.inc({ table: tables.bound(ingest.table), reason })),
    observe('clickhouse-ssot:ingest:rejected', ({ ingest, rows }) => rejected.inc({ table: tables.bound(ingest.table) }, rows)),
  ];
}

interface TableStats {
  readonly table: string;
  readonly stats: IngestStats;
}

function createGauges(metrics: MetricSet, openTables: () => readonly TableStats[]): void {
  const sumOf = (read: (stats: IngestStats) => number) => (set: (labels: { table: string }, value: number) => void) => {
    for (const { table, stats } of openTables()) set({ table }, read(stats));
  };
  const sums = [
    ['ingest_buffered_rows', 'Rows of open ingests that are not delivered.', (stats: IngestStats) => stats.bufferedRows],
    ['ingest_buffered_bytes', 'Bytes of these rows as JSON.', (stats: IngestStats) => stats.bufferedBytes],
    [
      'ingest_possibly_duplicated_rows',
      'Rows of open ingests that may be in the table twice.',
      (stats: IngestStats) => stats.possiblyDuplicatedRows,
    ],
  ] as const;
  for (const [name, help, read] of sums) metrics.gauge(name, help, ['table'], sumOf(read));
  const setAges = (set: (labels: { table: string }, value: number) => void): void => {
    const ages = new Map<string, number>();
    for (const { table, stats } of openTables()) ages.set(table, Math.max(ages.get(table) ?? 0, stats.oldestRowAgeMs ?? 0));
    for (const [table, ageMs] of ages) set({ table }, ageMs / 1_000);
  };
  metrics.gauge(
    'ingest_oldest_row_age_seconds',
    'Age of the oldest row that is not delivered. 0 without such rows.',
    ['table'],
    setAges,
    'max',
  );
  metrics.gauge('ingest_state', 'Open ingests in each state.', ['table', 'state'], (set) => {
    for (const { table, stats } of openTables()) for (const state of states) set({ table, state }, stats.state === state ? 1 : 0);
  });
}
