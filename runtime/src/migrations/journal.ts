import { ConfigError } from '../errors/index.js';
import { isAmbiguousWrite, isServerError } from '../errors/predicates.js';
import type { ClickHouseService } from '../statement/service.js';

/** What `migrate` uses of a service. A client of the official package fits as well, such as that of `onCreate`. */
export type MigrationService = Pick<ClickHouseService, 'query' | 'insert' | 'command'>;

/** What happened to a statement. `started` alone means that its outcome is unknown, once no process runs it. */
export type JournalEvent = 'started' | 'done' | 'failed';

/** One row of the journal. A row may be there twice: readers treat the rows as a set. */
export interface JournalRow {
  readonly version: number;
  readonly file: string;
  /** Number of the statement in its file, from 1 on. */
  readonly statement: number;
  /** Number of statements that the file had at the time. */
  readonly statements: number;
  /** Checksum of the statement. */
  readonly checksum: string;
  readonly event: JournalEvent;
  /** Number of the run that sent the statement. Later runs have larger numbers. */
  readonly attempt: number;
}

/** The journal of the migrations: a table with a row for each event. It is only ever appended to, since ClickHouse has no transactions. */
export interface Journal {
  /** Creates the table if it does not exist. */
  create(): Promise<void>;
  /** Resolves with all rows. Without the table there are none. @throws ConfigError if it is a table of another kind */
  read(): Promise<readonly JournalRow[]>;
  append(row: JournalRow): Promise<void>;
}

const unknownIdentifier = 47;
const unknownTable = 60;

/** `at` is not used, but each journal has it. */
const columns = 'version, file, statement, statements, checksum, event, attempt, at';

/**
 * Returns the journal in this table of the service's database.
 * @param now returns the time in milliseconds since 1970, for the column `at`, which only people read
 */
export function journalIn(service: MigrationService, table: string, now: () => number): Journal {
  return {
    async create() {
      const query = `CREATE TABLE IF NOT EXISTS ${table} (version UInt64, file String, statement UInt32, statements UInt32, checksum String, event String, attempt UInt64, at DateTime) ENGINE = MergeTree ORDER BY (version, statement, attempt, event)`;
      await service.command({ query });
    },

    async read() {
      const query = `SELECT ${columns} FROM ${table} ORDER BY version, statement, attempt`;
      try {
        // On a replicated table, a replica that lags behind must not answer.
        const result = await service.query({ query, format: 'JSONEachRow', clickhouse_settings: { select_sequential_consistency: '1' } });
        return (await result.json<Record<keyof JournalRow, unknown>>()).map(toRow);
      } catch (error) {
        if (isServerError(error, unknownTable)) return [];
        if (isServerError(error, unknownIdentifier)) throw otherTable(table);
        throw error;
      }
    },

    async append(row) {
      const values = [{ ...row, at: Math.floor(now() / 1_000) }];
      const insert = () => service.insert({ table, values, format: 'JSONEachRow' });
      try {
        await insert();
      } catch (error) {
        if (!isAmbiguousWrite(error)) throw error;
        // A row that is there twice says the same as once.
        await insert();
      }
    },
  };
}

function otherTable(table: string): ConfigError {
  const expected = 'the journal of migrate(), or a name that no table of the database has';
  return new ConfigError([{ key: 'migrate.table', found: `a table ${table} with other columns`, expected }]);
}

/** 64-bit numbers are texts in the JSON of old servers. */
function toRow(row: Record<keyof JournalRow, unknown>): JournalRow {
  return {
    version: Number(row.version),
    file: String(row.file),
    statement: Number(row.statement),
    statements: Number(row.statements),
    checksum: String(row.checksum),
    event: toEvent(row.event),
    attempt: Number(row.attempt),
  };
}

function toEvent(value: unknown): JournalEvent {
  // An unknown event leaves the outcome unknown, as "started" does.
  return value === 'done' || value === 'failed' ? value : 'started';
}
