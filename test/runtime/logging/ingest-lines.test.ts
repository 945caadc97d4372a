import { expect, it } from 'vitest';
import { createIngest } from '../../../runtime/src/ingest.js';
import { ServerError } from '../../../runtime/src/index.js';
import { logTo } from '../../../runtime/src/logging.js';
import { publish } from '../../../runtime/src/telemetry/telemetry.js';
import { createTestService } from '../../../runtime/src/testing.js';

it('the log says that an ingest repeats an insert, is stalled, and sets rows aside, without the rows', async () => {
  const lines: unknown[][] = [];
  const keep =
    (level: string) =>
    (...values: unknown[]) =>
      void lines.push([level, ...values]);
  using _log = logTo({ info: keep('info'), warn: keep('warn'), error: keep('error') });
  const ingest = createIngest({ table: 'events', service: createTestService() });
  const failure = new ServerError({ clickhouseCode: 27, type: 'CANNOT_PARSE', text: 'Cannot parse secret-value' });
  publish('clickhouse-ssot:ingest:retry', () => ({ ingest, reason: 'transient', rows: 2, failure, pauseMs: 10.4 }));
  publish('clickhouse-ssot:ingest:retry', () => ({ ingest, reason: 'stalled', rows: 2, failure, pauseMs: 10 }));
  publish('clickhouse-ssot:ingest:rejected', () => ({ ingest, rows: 1, failure, file: '/var/rejected/1' }));
  expect(lines).toMatchObject([
    [
      'warn',
      expect.stringMatching(/^ClickHouse insert of an ingest is sent again: events, 2 rows\./),
      { event: 'clickhouse.ingest.retry', pauseMs: 10 },
    ],
    [
      'error',
      expect.stringMatching(/^ClickHouse refuses the rows of an ingest/),
      { event: 'clickhouse.ingest.stalled', reason: 'stalled' },
    ],
    [
      'error',
      expect.stringMatching(/^Rows of an ingest were set aside: events, 1 rows\./),
      { file: '/var/rejected/1', error: { code: '27' } },
    ],
  ]);
  expect(JSON.stringify(lines)).not.toContain('secret-value');
  await ingest.close();
});
