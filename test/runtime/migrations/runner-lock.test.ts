import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { clickHouse, closeClickHouse } from '../../../runtime/src/index.js';
import { migrate, MigrationError, type MigrationService } from '../../../runtime/src/migrations.js';
import { acquireRunnerLock } from '../../../runtime/src/migrations/runner-lock.js';
import { createTestService, type ScriptedAnswer } from '../../../runtime/src/testing.js';

afterAll(() => closeClickHouse());

it('the process that runs the migrations shows signs on a table that drops repeated blocks, as replicated tables do', async () => {
  const clickhouse = clickHouse({ database: 'migrations_signs', env: false });
  const countSigns = async (): Promise<number> => {
    const result = await clickhouse.query({ query: 'SELECT count() AS n FROM schema_migrations_lock_1', format: 'JSONEachRow' });
    const [row] = await result.json<{ n: string | number }>();
    return Number(row?.n);
  };
  const deduplicating: MigrationService = {
    query: (params) => clickhouse.query(params),
    insert: (params) => clickhouse.insert(params),
    command: async ({ query, ...params }) => {
      if (query === 'SELECT 1') while ((await countSigns()) < 4) await sleep(10);
      const setting = query.startsWith('CREATE TABLE schema_migrations_lock_')
        ? ' SETTINGS non_replicated_deduplication_window = 1000'
        : '';
      return clickhouse.command({ ...params, query: query + setting });
    },
  };
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  writeFileSync(join(folder, '1_slow.sql'), 'SELECT 1');
  expect(await migrate(deduplicating, { folder, leaseMs: 1_000 })).toMatchObject({ applied: ['1_slow.sql'] });
});

describe('waitMs is the maximum time to wait', () => {
  const idle: ScriptedAnswer = { when: 'system.processes', rows: [{ n: '0' }] };

  /** Waits for the lock. Each statement takes 300 ms by the clock of the test. */
  async function waitFor(answers: readonly ScriptedAnswer[]) {
    const service = createTestService(answers);
    let sleptMs = 0;
    const now = (): number => service.statements.length * 300 + sleptMs;
    const options = { table: 'journal', holder: 'this process', leaseMs: 100_000, waitMs: 2_000, now };
    const advance = (ms: number): Promise<void> => {
      sleptMs += ms;
      return Promise.resolve();
    };
    const failure: unknown = await acquireRunnerLock(service, { ...options, sleep: advance }).catch((reason: unknown) => reason);
    if (failure instanceof MigrationError) return { reason: failure.reason, message: failure.message, waitedMs: now() };
    throw new Error('The lock did not fail with a MigrationError.', { cause: failure });
  }

  it('also if the server is slow', async () => {
    const holder: ScriptedAnswer = { when: 'SELECT event', rows: [{ event: 'held 1', holder: 'other, process 9' }] };
    const lock: ScriptedAnswer = { when: 'system.tables', rows: [{ name: 'journal_lock_1' }] };
    const { reason, message, waitedMs } = await waitFor([idle, holder, lock]);
    expect(reason).toBe('locked');
    expect(message).toContain('other, process 9');
    // The last observation begins before the end of the wait.
    expect(waitedMs).toBeLessThan(3_000);
  });

  it('also if the user does not see the lock of another process', async () => {
    const exists = new Error('Code: 57. DB::Exception: Table journal_lock_1 already exists. (TABLE_ALREADY_EXISTS)');
    const { reason, message, waitedMs } = await waitFor([idle, { when: 'CREATE TABLE', error: exists }]);
    expect(reason).toBe('locked');
    expect(message).toContain('journal_lock_1, and it is not visible');
    expect(waitedMs).toBeLessThan(3_000);
  });
});
