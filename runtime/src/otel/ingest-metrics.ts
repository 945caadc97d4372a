import type { Attributes, Meter, Observable, ObservableResult } from '@opentelemetry/api';
import type { ObservedIngest } from '../telemetry/ingest.js';
import { openIngests } from '../telemetry/open-ingests.js';
import { observe } from '../telemetry/telemetry.js';
import { durationBoundaries } from './instruments.js';

/** Creates the metrics of ingests, by table, and keeps them up to date until the results are disposed of. */
export function instrumentIngests(meter: Meter): readonly Disposable[] {
  const duration = meter.createHistogram('clickhouse.ingest.delivery.duration', {
    description: 'Time from the first attempt of an insert to its success.',
    unit: 's',
    advice: { explicitBucketBoundaries: durationBoundaries },
  });
  const delivered = meter.createCounter('clickhouse.ingest.delivered', {
    description: 'Rows of ingests that ClickHouse has taken.',
    unit: '{row}',
  });
  const rejected = meter.createCounter('clickhouse.ingest.rejected', {
    description: 'Rows of ingests that were set aside.',
    unit: '{row}',
  });
  const retries = meter.createCounter('clickhouse.ingest.retries', {
    description: 'Inserts of ingests that failed and are sent again.',
    unit: '{insert}',
  });
  return [
    ...observeStats(meter),
    observe('clickhouse-ssot:ingest:delivered', ({ ingest, rows, durationMs }) => {
      delivered.add(rows, tableAttributes(ingest.table));
      duration.record(durationMs / 1_000, tableAttributes(ingest.table));
    }),
    observe('clickhouse-ssot:ingest:rejected', ({ ingest, rows }) => rejected.add(rows, tableAttributes(ingest.table))),
    observe('clickhouse-ssot:ingest:retry', ({ ingest, reason }) => {
      retries.add(1, { ...tableAttributes(ingest.table), 'clickhouse.ingest.retry.reason': reason });
    }),
  ];
}

function tableAttributes(table: string): Attributes {
  return { 'db.system.name': 'clickhouse', 'db.collection.name': table };
}

/** Adds the metrics that are read from the open ingests at each collection. */
function observeStats(meter: Meter): readonly Disposable[] {
  const counter = (name: string, description: string, unit: string) => meter.createObservableUpDownCounter(name, { description, unit });
  const rows = counter('clickhouse.ingest.buffered', 'Rows of open ingests that are not delivered.', '{row}');
  const bytes = counter('clickhouse.ingest.buffered.size', 'Bytes of these rows as JSON.', 'By');
  const duplicated = counter('clickhouse.ingest.possibly_duplicated', 'Rows of open ingests that may be in the table twice.', '{row}');
  const count = counter('clickhouse.ingest.count', 'Number of open ingests by state.', '{ingest}');
  const age = meter.createObservableGauge('clickhouse.ingest.oldest_row.age', {
    description: 'Age of the oldest row that is not delivered. 0 without such rows.',
    unit: 's',
  });
  return [
    observeIngests(rows, sum, ({ stats }) => stats.bufferedRows),
    observeIngests(bytes, sum, ({ stats }) => stats.bufferedBytes),
    observeIngests(duplicated, sum, ({ stats }) => stats.possiblyDuplicatedRows),
    observeIngests(age, Math.max, ({ stats }) => (stats.oldestRowAgeMs ?? 0) / 1_000),
    observeIngests(
      count,
      sum,
      () => 1,
      ({ table, stats }) => ({ ...tableAttributes(table), 'clickhouse.ingest.state': stats.state }),
    ),
  ];
}

function sum(left: number, right: number): number {
  return left + right;
}

/**
 * Reads a value of each open ingest at each collection. Values with equal attributes are combined: a table may have several ingests.
 * The value is 0 once no ingest has the attributes: without a value, the SDK repeats the last one.
 */
function observeIngests(
  instrument: Observable,
  combine: (left: number, right: number) => number,
  read: (ingest: ObservedIngest) => number,
  attributesOf: (ingest: ObservedIngest) => Attributes = ({ table }) => tableAttributes(table),
): Disposable {
  const points = new Map<string, { readonly attributes: Attributes; readonly value: number }>();
  const callback = (result: ObservableResult) => {
    for (const [key, { attributes }] of points) points.set(key, { attributes, value: 0 });
    for (const ingest of openIngests()) {
      const attributes = attributesOf(ingest);
      const key = JSON.stringify(attributes);
      points.set(key, { attributes, value: combine(points.get(key)?.value ?? 0, read(ingest)) });
    }
    for (const { attributes, value } of points.values()) result.observe(value, attributes);
  };
  instrument.addCallback(callback);
  return { [Symbol.dispose]: () => instrument.removeCallback(callback) };
}
