import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseSettings } from '@clickhouse/client';
import { localPath } from '../config/local-path.js';
import {
  anyObject,
  assertParameter,
  atLeast,
  type CompleteOptions,
  completeOptions,
  objectWith,
  type OptionRules,
} from '../config/validate-options.js';
import { type Journal, journalIn, type JournalRow, type MigrationService } from './journal.js';
import { MigrationError } from './migration-error.js';
import { type Migration, readMigrations } from './migration-files.js';
import { type MigrationPlan, planMigrations } from './plan.js';
import { acquireRunnerLock, type RunnerLock } from './runner-lock.js';
import { runStatement, unknownOutcome } from './run-statement.js';

/** Options of `migrate`. */
export interface MigrateOptions {
  /** Folder with the migrations: `0001_name.sql` and so on. A path is relative to the working directory of the process. */
  readonly folder: string | URL;
  /** Table of the journal, in the database of the service. The tables of the lock begin with this name as well. Default: `schema_migrations`. */
  readonly table?: string | undefined;
  /** ClickHouse settings of each statement, such as `mutations_sync`. Default: none. */
  readonly settings?: ClickHouseSettings | undefined;
  /**
   * Time without a sign of the process that runs the migrations, after which another one takes over, in milliseconds. A running
   * statement is a sign. Default: 30,000. Range: 1,000 or more.
   */
  readonly leaseMs?: number | undefined;
  /** Maximum time to wait for a process that runs the migrations, in milliseconds. `Infinity`: no limit. Default: 600,000. Range: 0 or more. */
  readonly waitMs?: number | undefined;
}

/** The result of `migrate`. Each list has names of files, in the order of their numbers. */
export interface MigrateResult {
  /** Files that this call has completed. */
  readonly applied: readonly string[];
  /** Files that were complete before. */
  readonly unchanged: readonly string[];
  /** Files that a newer release of the service has applied, completely or in part, and that the folder does not have. */
  readonly ahead: readonly string[];
}

const rules: OptionRules<MigrateOptions> = {
  folder: {
    expected: 'the path of a folder, or a file URL of this machine',
    accepts: (value) => (value instanceof URL || typeof value === 'string') && Boolean(localPath(value)),
    isRequired: true,
  },
  table: {
    expected: 'a name of letters, digits and underscores',
    accepts: (value) => typeof value === 'string' && /^[a-z_]\w*$/i.test(value),
  },
  settings: anyObject,
  leaseMs: atLeast(1_000),
  waitMs: atLeast(0),
};

const serviceRule = objectWith('a service, such as clickHouse()', 'query', 'insert', 'command');

/**
 * Applies the SQL files of a folder that were not applied yet, in the order of their numbers. If several processes call it at once, one of them
 * runs the statements, and the others wait for it. A journal table records each statement before and after it runs.
 * @param service a service, or the client of `onCreate`. It must reach one server, or servers that share their tables.
 * @throws MigrationError if the migrations stop; ConfigError for an invalid service or option, or if `table` is another table; the errors of
 * the statements that read and write
 * the journal
 */
export async function migrate(service: MigrationService, options: MigrateOptions): Promise<MigrateResult> {
  assertParameter('migrate.service', serviceRule, service);
  const { folder, table, settings, leaseMs, waitMs } = completeOptions<CompleteOptions<MigrateOptions>>(
    'migrate',
    rules,
    { folder: '', table: 'schema_migrations', settings: {}, leaseMs: 30_000, waitMs: 600_000 },
    options,
  );
  const migrations = await readMigrations(localPath(folder) ?? '');
  const journal = journalIn(service, table, Date.now);
  const before = planMigrations(migrations, await journal.read());
  // Usually nothing is to do. Then many processes may start at once, also those whose user may only read.
  if (before.kind === 'ready' && before.pending.length === 0) return resultOf(before, []);
  const holder = `${hostname()}, process ${process.pid}`;
  const lock = await acquireRunnerLock(service, { table, holder, leaseMs, waitMs, sleep, now: () => performance.now() });
  try {
    return await runPending(service, { migrations, journal, table, settings, lock });
  } finally {
    // A failure must not hide that of a statement. Without the release, the next process waits for `leaseMs`.
    await lock.release().catch(() => undefined);
  }
}

interface Run {
  readonly migrations: readonly Migration[];
  readonly journal: Journal;
  readonly table: string;
  readonly settings: ClickHouseSettings;
  readonly lock: RunnerLock;
}

async function runPending(service: MigrationService, { migrations, journal, table, settings, lock }: Run): Promise<MigrateResult> {
  await journal.create();
  const rows = await journal.read();
  const plan = planMigrations(migrations, rows);
  if (plan.kind === 'contradiction') throw contradiction(plan.problems);
  if (plan.kind === 'unknown-outcome') throw unknownOutcome(plan.planned, table, plan.row);
  const [attempt, database] = [nextAttempt(rows), await currentDatabase(service)];
  for (const planned of plan.pending) {
    await lock.confirm();
    await runStatement(service, planned, { journal, table, database, settings, attempt });
  }
  return resultOf(plan, [...new Set(plan.pending.map(({ migration }) => migration.file))]);
}

async function currentDatabase(service: MigrationService): Promise<string> {
  const result = await service.query({ query: 'SELECT currentDatabase() AS name', format: 'JSONEachRow' });
  const [row] = await result.json<{ readonly name: string }>();
  return row?.name ?? '';
}

function nextAttempt(rows: readonly JournalRow[]): number {
  return rows.reduce((newest, { attempt }) => Math.max(newest, attempt), 0) + 1;
}

function resultOf({ applied, ahead }: Extract<MigrationPlan, { kind: 'ready' }>, now: readonly string[]): MigrateResult {
  return { applied: now, unchanged: applied, ahead };
}

function contradiction(problems: readonly string[]): MigrationError {
  const lines = problems.map((problem) => `  ${problem}.`);
  return new MigrationError('changed-files', `The migrations contradict what was applied, and nothing was sent:\n${lines.join('\n')}`);
}
