import { expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  closeClickHouse,
  drainOnSignals,
  loadClickHouseConfig,
} from '../../../runtime/src/index.js';
import { createIngest } from '../../../runtime/src/ingest.js';
import { logTo } from '../../../runtime/src/logging.js';
import { migrate } from '../../../runtime/src/migrations.js';
import { ClickHouseModule } from '../../../runtime/src/nestjs.js';
import { collectClickHouseMetrics } from '../../../runtime/src/prometheus.js';
import { createTestService } from '../../../runtime/src/testing.js';
import { createClickHouseService, loadClickHouseConfig as loadWebConfig, ServerState } from '../../../runtime/src/web.js';

const config = loadClickHouseConfig({ url: 'http://localhost:1', maxConcurrentStatements: 3, acquireTimeoutMs: 7 }, false);

it('an option that is undefined has its default', async () => {
  await closeClickHouse({ timeoutMs: undefined });
  drainOnSignals({ timeoutMs: undefined, signals: undefined, process: undefined })();
  collectClickHouseMetrics({ registry: undefined, prefix: undefined, buckets: undefined, maxPools: undefined })[Symbol.dispose]();
  logTo(console, { arguments: undefined, levels: { 'statement.slow': undefined }, maxRepeats: undefined })[Symbol.dispose]();
  await createIngest({ table: 'events', directory: undefined, maxBatchRows: undefined, fsync: undefined, settings: undefined }).close();
  ClickHouseModule.forRoot({ service: undefined, name: undefined, mapErrors: undefined, drainTimeoutMs: undefined });
  ClickHouseModule.forRootAsync({ imports: undefined, inject: undefined, useFactory: () => ({}) });
  const web = createClickHouseService({
    config: loadWebConfig({ url: 'http://localhost:1' }),
    retry: { maxAttempts: undefined },
    servers: new ServerState({ breaker: undefined }),
    fetch: undefined,
  });
  await web.close();
  const missing = migrate(createTestService(), { folder: 'no-such-folder', table: undefined, settings: undefined, leaseMs: undefined });
  await expect(missing).rejects.toThrow('The folder of the migrations cannot be read');
});

it('a limit of a bulkhead that is undefined is that of the manager', async () => {
  const manager = new ClickHouseConnectionManager({
    config,
    factory: new ClickHouseConnectionFactory({ onCreate: undefined, onCreateTimeoutMs: undefined, tracer: undefined }),
    bulkheads: { reports: { guaranteed: undefined, max: undefined, maxWaiting: undefined, acquireTimeoutMs: undefined } },
    retry: { maxAttempts: undefined },
    breaker: { windowMs: undefined },
  });
  const sessions = await Promise.all([1, 2, 3].map(() => manager.session({ bulkhead: 'reports' })));
  await expect(manager.session({ bulkhead: 'reports' })).rejects.toThrow('7 ms');
  for (const session of sessions) session.release();
  await manager.close();
});
