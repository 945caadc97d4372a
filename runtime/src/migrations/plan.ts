import type { JournalRow } from './journal.js';
import type { Migration, MigrationStatement } from './migration-files.js';
import { effectOfStatement } from './statement-effect.js';

/** A statement that the run has to send. */
export interface PlannedStatement {
  readonly migration: Migration;
  readonly statement: MigrationStatement;
  /** Number of the statement in its file, from 1 on. */
  readonly number: number;
}

/** What the files and the journal say together. */
export type MigrationPlan =
  | {
      readonly kind: 'ready';
      /** The statements to send, in their order. */
      readonly pending: readonly PlannedStatement[];
      /** Files that were applied before. */
      readonly applied: readonly string[];
      /** Files of a newer release, of which at least a part may have run: the journal has them, and the folder does not. */
      readonly ahead: readonly string[];
    }
  | { readonly kind: 'contradiction'; readonly problems: readonly string[] }
  | { readonly kind: 'unknown-outcome'; readonly row: JournalRow; readonly planned: PlannedStatement };

/** The state of a statement in the journal. `unknown`: it was started, and its end was not recorded. */
interface State {
  readonly kind: 'done' | 'failed' | 'unknown';
  readonly row: JournalRow;
}

/** Compares the files with the journal. */
export function planMigrations(migrations: readonly Migration[], journal: readonly JournalRow[]): MigrationPlan {
  const rows = withEffect(journal);
  const newestFile = migrations.at(-1)?.version ?? 0;
  const newestRow = rows.reduce((newest, { version }) => Math.max(newest, version), 0);
  const known = new Set(migrations.map(({ version }) => version));
  const without = new Map(rows.filter(({ version }) => !known.has(version)).map(({ version, file }) => [version, file]));
  const problems = [...without].flatMap(([version, file]) =>
    version > newestFile ? [] : [`${file}: found no such file, expected the file that was applied, completely or in part. Restore it`],
  );
  const pending: PlannedStatement[] = [];
  const applied: string[] = [];
  for (const migration of migrations) {
    const states = statesOf(rows.filter(({ version }) => version === migration.version));
    if (states.size === 0 && migration.version < newestRow)
      problems.push(`${migration.file}: found a new file below a number that was applied. Give it a number above ${newestRow}`);
    problems.push(...changesOf(migration, states, migration.version < newestRow));
    const planned = migration.statements.map((statement, index) => ({ migration, statement, number: index + 1 }));
    const open = planned.filter(({ number }) => states.get(number)?.kind !== 'done');
    const unclear = open.find(({ statement, number }) => !mayRun(statement, states.get(number)));
    const row = unclear && states.get(unclear.number)?.row;
    if (problems.length === 0 && unclear && row) return { kind: 'unknown-outcome', row, planned: unclear };
    if (open.length === 0) applied.push(migration.file);
    pending.push(...open);
  }
  return problems.length > 0
    ? { kind: 'contradiction', problems }
    : { kind: 'ready', pending, applied, ahead: [...without].map(([, file]) => file) };
}

/** Returns the rows of the files that may have changed anything. Other files may be changed, renamed and removed. */
function withEffect(rows: readonly JournalRow[]): readonly JournalRow[] {
  const keyOf = ({ version, statement, attempt }: JournalRow): string => `${version}:${statement}:${attempt}`;
  const failed = new Set(rows.filter(({ event }) => event === 'failed').map(keyOf));
  const effective = rows.filter((row) => row.event === 'done' || !failed.has(keyOf(row)));
  const versions = new Set(effective.map(({ version }) => version));
  return rows.filter(({ version }) => versions.has(version));
}

/** Returns the state of each statement by its number. Of several attempts, the last one counts, unless one is done. */
function statesOf(rows: readonly JournalRow[]): ReadonlyMap<number, State> {
  const states = new Map<number, State>();
  for (const number of new Set(rows.map(({ statement }) => statement))) {
    const own = rows.filter(({ statement }) => statement === number);
    const last = Math.max(...own.map(({ attempt }) => attempt));
    const row =
      own.find(({ event }) => event === 'done') ??
      own.find(({ event, attempt }) => event === 'failed' && attempt === last) ??
      own.find(({ attempt }) => attempt === last);
    if (row) states.set(number, { kind: row.event === 'started' ? 'unknown' : row.event, row });
  }
  return states;
}

/**
 * Returns how the file differs from what was applied. The statements that were not applied may differ, unless the file is complete.
 * @param isFollowed whether a later file has run
 */
function changesOf({ file, statements }: Migration, states: ReadonlyMap<number, State>, isFollowed: boolean): readonly string[] {
  const done = [...states].filter(([, { kind }]) => kind === 'done');
  const changed = done.filter(([number, { row }]) => statements[number - 1]?.checksum !== row.checksum).map(([number]) => number);
  const restore = 'Restore it, and put the change into a new file';
  if (changed.length > 0)
    return [`${file}: found a change in statement ${changed.join(', ')}, expected the text that was applied. ${restore}`];
  const total = done.find(([number, { row }]) => number === row.statements)?.[1].row.statements;
  // A later file runs only after this one is complete. Its rows may count more statements, if a correction removed some.
  const applied = total ?? (isFollowed && done.length > 0 ? done.length : undefined);
  return applied !== undefined && statements.length > applied
    ? [`${file}: found ${statements.length} statements, expected the ${applied} that were applied. ${restore}`]
    : [];
}

/** Whether a statement may be sent: it has not run, or a second run does no harm. */
function mayRun({ sql, checksum }: MigrationStatement, state: State | undefined): boolean {
  if (state?.kind !== 'unknown') return true;
  return state.row.checksum === checksum && effectOfStatement(sql).isRepeatable;
}
