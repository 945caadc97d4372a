import type { ClickHouseSettings } from '@clickhouse/client';
import type { ClickHouseSsotError } from '../errors/base.js';
import { wasRejectedBeforeStart } from '../errors/later-exception.js';
import { outcomeOf } from '../errors/outcome.js';
import { parseFailure } from '../errors/parse.js';
import type { Journal, JournalEvent, JournalRow, MigrationService } from './journal.js';
import { MigrationError, type MigrationPosition } from './migration-error.js';
import type { PlannedStatement } from './plan.js';
import { queryIdPrefix } from './query-ids.js';
import { effectOfStatement } from './statement-effect.js';

/** What all statements of one run have in common. */
export interface StatementRun {
  readonly journal: Journal;
  /** Table of the journal. It begins the query ids. */
  readonly table: string;
  /** Database of the service. */
  readonly database: string;
  readonly settings: ClickHouseSettings;
  /** Number of the run, above those of all earlier runs. */
  readonly attempt: number;
}

/**
 * Sends one statement, and records it before and after.
 * @throws MigrationError if it fails or if its outcome is unknown; the errors of the journal
 */
export async function runStatement(service: MigrationService, planned: PlannedStatement, run: StatementRun): Promise<void> {
  const { migration, statement, number } = planned;
  const record = (event: JournalEvent) => run.journal.append(rowOf(planned, event, run.attempt));
  await record('started');
  try {
    // The lock looks for this prefix: a statement that still runs keeps other processes waiting.
    const query_id = `${queryIdPrefix(run.table, run.database)}${run.attempt}:${migration.version}:${number}`;
    await service.command({ query: statement.sql, query_id, clickhouse_settings: run.settings });
  } catch (error) {
    const failure = parseFailure(error);
    const row = rowOf(planned, 'started', run.attempt);
    if (!hadNoEffect(failure, statement.sql)) throw unknownOutcome(planned, run.table, row, failure);
    // If this fails as well, the outcome counts as unknown, which is the safe mistake.
    await record('failed').catch(() => undefined);
    throw failedStatement(planned, failure);
  }
  await record('done');
}

function rowOf({ migration, statement, number }: PlannedStatement, event: JournalEvent, attempt: number): JournalRow {
  const { version, file, statements } = migration;
  return { version, file, statement: number, statements: statements.length, checksum: statement.checksum, event, attempt };
}

/** Whether the statement changed nothing. */
function hadNoEffect(failure: ClickHouseSsotError, sql: string): boolean {
  const outcome = outcomeOf(failure);
  if (outcome !== 'refused') return outcome === 'never-sent';
  const { writesRows, isParallel } = effectOfStatement(sql);
  // Of statements in parallel, one may have run although another one was rejected.
  return !isParallel && (!writesRows || wasRejectedBeforeStart(failure));
}

function failedStatement(planned: PlannedStatement, cause: ClickHouseSsotError): MigrationError {
  const { number } = planned;
  return new MigrationError(
    'statement-failed',
    `${placeOf(planned)} failed with ${cause.kind} (${cause.code}) and changed nothing. ${ranBefore(planned)} ` +
      `The cause has the error. Correct the file from statement ${number} on, or the server, and start again: the next run begins with statement ${number}.`,
    { position: positionOf(planned), cause },
  );
}

/** Returns the error for a statement that may or may not have run, with the rows that settle it. */
export function unknownOutcome(planned: PlannedStatement, table: string, row: JournalRow, cause?: ClickHouseSsotError): MigrationError {
  const settle = (event: JournalEvent): string =>
    `INSERT INTO ${table} (version, file, statement, statements, checksum, event, attempt, at) VALUES (` +
    `${row.version}, '${row.file}', ${row.statement}, ${row.statements}, '${row.checksum}', '${event}', ${row.attempt}, now())`;
  const canRepeat = row.checksum === planned.statement.checksum && effectOfStatement(planned.statement.sql).isRepeatable;
  const found = cause ? `ended with ${cause.kind} (${cause.code})` : 'was started by an earlier run, which recorded no end';
  const remedy = canRepeat
    ? `A repetition does no harm. Start again: the next run begins with statement ${planned.number}.`
    : 'Look into the database. If the statement ran completely, record it:\n' +
      `  ${settle('done')}\nIf it did not run, or after you have undone its part, record that instead:\n  ${settle('failed')}\nThen start again.`;
  return new MigrationError(
    'outcome-unknown',
    `${placeOf(planned)} ${found}. It may or may not have run. ${ranBefore(planned)} ${remedy}`,
    { position: positionOf(planned), cause },
  );
}

function positionOf({ migration, statement, number }: PlannedStatement): MigrationPosition {
  return { file: migration.file, statement: number, statements: migration.statements.length, line: statement.line };
}

function placeOf({ migration, statement, number }: PlannedStatement): string {
  return `${migration.file}, line ${statement.line}: statement ${number} of ${migration.statements.length}`;
}

/** Says which statements of the file have run. */
function ranBefore({ migration, number }: PlannedStatement): string {
  const before =
    number === 1
      ? 'No statement of this file has run before it.'
      : number === 2
        ? 'Statement 1 has run.'
        : `Statements 1 to ${number - 1} have run.`;
  const after = migration.statements.length - number;
  return after === 0
    ? before
    : `${before} ${after === 1 ? `Statement ${number + 1} was not sent.` : `Statements ${number + 1} to ${migration.statements.length} were not sent.`}`;
}
