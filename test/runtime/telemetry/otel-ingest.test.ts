import { expect, it } from 'vitest';
import { createIngest } from '../../../runtime/src/ingest.js';
import { publish } from '../../../runtime/src/telemetry/telemetry.js';
import { createTestService } from '../../../runtime/src/testing.js';
import { instrumentInMemory } from './instrument-in-memory.js';

/** Returns the points of the metrics of ingests: their values, or the counts of histograms, with the attributes besides the system. */
async function pointsOf(telemetry: ReturnType<typeof instrumentInMemory>): Promise<Record<string, unknown>> {
  const points = Object.entries(await telemetry.points()).filter(([name]) => name.startsWith('clickhouse.ingest.'));
  return Object.fromEntries(points.map(([name, each]) => [name, each.map(({ value, attributes }) => ({ value, attributes }))]));
}

const events = { 'db.system.name': 'clickhouse', 'db.collection.name': 'events' };

it('OpenTelemetry gets the depth, the state and the progress of ingests, added up by table', async () => {
  await using telemetry = instrumentInMemory();
  const service = createTestService();
  const [ingest, second] = [createIngest({ table: 'events', service }), createIngest({ table: 'events', service })];
  await ingest.add([{ id: 1 }, { id: 2 }]);
  await second.add({ id: 3 });
  expect(await pointsOf(telemetry)).toMatchObject({
    'clickhouse.ingest.buffered': [{ value: 3, attributes: events }],
    'clickhouse.ingest.buffered.size': [{ value: ingest.stats.bufferedBytes + second.stats.bufferedBytes, attributes: events }],
    'clickhouse.ingest.possibly_duplicated': [{ value: 0, attributes: events }],
    'clickhouse.ingest.count': [{ value: 2, attributes: { ...events, 'clickhouse.ingest.state': 'open' } }],
    'clickhouse.ingest.oldest_row.age': [{ value: expect.any(Number) as number, attributes: events }],
  });
  await Promise.all([ingest.flush(), second.flush()]);
  const failure = new Error('a row');
  publish('clickhouse-ssot:ingest:retry', () => ({ ingest, reason: 'stalled', rows: 2, failure, pauseMs: 10 }));
  publish('clickhouse-ssot:ingest:rejected', () => ({ ingest, rows: 4, failure, file: undefined }));
  expect(await pointsOf(telemetry)).toMatchObject({
    'clickhouse.ingest.buffered': [{ value: 0, attributes: events }],
    'clickhouse.ingest.oldest_row.age': [{ value: 0, attributes: events }],
    'clickhouse.ingest.delivered': [{ value: 3, attributes: events }],
    'clickhouse.ingest.delivery.duration': [{ value: { count: 2 }, attributes: events }],
    'clickhouse.ingest.rejected': [{ value: 4, attributes: events }],
    'clickhouse.ingest.retries': [{ value: 1, attributes: { ...events, 'clickhouse.ingest.retry.reason': 'stalled' } }],
  });
  await Promise.all([ingest.close(), second.close()]);
  expect(await pointsOf(telemetry)).toMatchObject({
    'clickhouse.ingest.buffered': [{ value: 0, attributes: events }],
    'clickhouse.ingest.count': [{ value: 0, attributes: { ...events, 'clickhouse.ingest.state': 'open' } }],
  });
});
