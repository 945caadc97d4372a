import type { ClickHouseSettings } from '@clickhouse/client';
import {
  anyFunction,
  anyObject,
  atLeast,
  type CompleteOptions,
  countFrom,
  findOptionProblems,
  givenOptions,
  isObject,
  objectWith,
  type OptionRule,
  type OptionRules,
} from '../config/validate-options.js';
import { connectionNameRule, isConnectionName } from '../config/named-connections.js';
import { ConfigError, type ConfigProblem } from '../errors/index.js';
import type { ClickHouseService } from '../statement/service.js';
import { parseTableName } from './delivery/table-name.js';

/** Rows that were set aside. */
export interface RejectedBatch {
  /** The table of the ingest. */
  readonly table: string;
  /** The rows, read from their JSON: a date is text here. */
  readonly rows: readonly unknown[];
  /** Why ClickHouse, or the disk, refused them. Its message may quote the rows. */
  readonly error: Error;
  /** Path of the file that has the rows. Undefined without a directory. */
  readonly file: string | undefined;
}

/** Options of `createIngest()`. */
export interface IngestOptions<Row extends object = object> {
  /** The table, with its database if it is not that of the connection: `events`, `shop.events`. Other characters need quotes: `` `my table` ``. */
  readonly table: string;
  /** Name of the connection. Default: the connection without a name. */
  readonly connection?: string | undefined;
  /** The service that inserts, in place of a connection: of `clickHouse()`, of a manager or of a tenant. Default: that of the connection. */
  readonly service?: ClickHouseService | undefined;
  /** The folder that keeps accepted rows until they are delivered. It is created. Default: none, so rows are kept in memory. */
  readonly directory?: string | undefined;
  /** Maximum number of rows of a batch, at most 1,000,000. Default: 50,000. */
  readonly maxBatchRows?: number | undefined;
  /** Maximum size of a batch as JSON, in bytes, at most 64 MiB. A single row may be larger. Default: 8,388,608 (8 MiB). */
  readonly maxBatchBytes?: number | undefined;
  /** Maximum time from the first row of a batch until it is sent, in milliseconds. Default: 1,000. */
  readonly maxBatchAgeMs?: number | undefined;
  /** Maximum number of rows in memory. With a directory, these are the rows that are not written yet. Default: 500,000. */
  readonly maxBufferedRows?: number | undefined;
  /** Maximum size of the rows in memory as JSON, in bytes. Default: 67,108,864 (64 MiB). */
  readonly maxBufferedBytes?: number | undefined;
  /** Maximum size of the batches in the directory, in bytes. Default: 1,073,741,824 (1 GiB). */
  readonly maxDirectoryBytes?: number | undefined;
  /** Maximum time that a call of `add()` waits for space, in milliseconds: for all rows of an array together. Default: 30,000. */
  readonly addTimeoutMs?: number | undefined;
  /**
   * When `add()` resolves. `always`: when the disk has the rows, so that they survive the loss of power. `never`: when the operating system has
   * them, so that they survive the end of the process, and not of the machine. Default: `always`.
   */
  readonly fsync?: 'always' | 'never' | undefined;
  /** ClickHouse settings of the inserts, such as `date_time_input_format`. Default: none. */
  readonly settings?: ClickHouseSettings | undefined;
  /** Returns a row as JSON in one line: one object. Default: `JSON.stringify`. */
  readonly stringify?: ((row: Row) => string) | undefined;
  /** Receives rows that were set aside. Default: a warning of the process with their number, the table and the reason. */
  readonly onRejected?: ((batch: RejectedBatch) => void) | undefined;
}

/** The options of an ingest, with their defaults. */
export type IngestLimits = CompleteOptions<
  Pick<
    IngestOptions,
    | 'maxBatchRows'
    | 'maxBatchBytes'
    | 'maxBatchAgeMs'
    | 'maxBufferedRows'
    | 'maxBufferedBytes'
    | 'maxDirectoryBytes'
    | 'addTimeoutMs'
    | 'fsync'
    | 'settings'
  >
>;

/** The defaults of `IngestOptions`. */
export const ingestDefaults: IngestLimits = {
  maxBatchRows: 50_000,
  maxBatchBytes: 8 * 1024 ** 2,
  maxBatchAgeMs: 1_000,
  maxBufferedRows: 500_000,
  maxBufferedBytes: 64 * 1024 ** 2,
  maxDirectoryBytes: 1024 ** 3,
  addTimeoutMs: 30_000,
  fsync: 'always',
  settings: {},
};

/** A larger batch would be several blocks, and ClickHouse recognises copies by block. */
function countUpTo(max: number): OptionRule {
  const { accepts } = countFrom(1);
  return { expected: `a whole number from 1 to ${max}`, accepts: (value) => accepts(value) && Number(value) <= max };
}

const rules: OptionRules<IngestOptions> = {
  table: {
    expected: 'the name of a table, such as events, shop.events or `my table` with the backticks',
    accepts: (value) => typeof value === 'string' && parseTableName(value) !== undefined,
    isRequired: true,
  },
  connection: { expected: connectionNameRule, accepts: (value) => typeof value === 'string' && isConnectionName(value) },
  service: objectWith('a service, such as that of clickHouse()', 'insert', 'query', 'command'),
  directory: { expected: 'the path of a folder', accepts: (value) => typeof value === 'string' && value !== '' },
  maxBatchRows: countUpTo(1_000_000),
  maxBatchBytes: countUpTo(64 * 1024 ** 2),
  maxBatchAgeMs: atLeast(0),
  maxBufferedRows: countFrom(1),
  maxBufferedBytes: countFrom(1),
  maxDirectoryBytes: countFrom(1),
  addTimeoutMs: atLeast(0),
  fsync: { expected: '"always" or "never"', accepts: (value) => value === 'always' || value === 'never' },
  settings: anyObject,
  stringify: anyFunction,
  onRejected: anyFunction,
};

/** Settings that the ingest sets itself, and one that could divide a batch. */
const reserved = [
  'async_insert',
  'wait_for_async_insert',
  'insert_deduplicate',
  'deduplicate_insert',
  'insert_deduplication_token',
  'max_insert_block_size',
];

const directoryOnly = ['maxDirectoryBytes', 'fsync'] as const;

/** @throws ConfigError with every invalid option */
export function assertIngestOptions(options: unknown): void {
  const problems: ConfigProblem[] = findOptionProblems('', rules, options ?? {});
  if (isObject(options)) problems.push(...contradictions(options));
  if (problems.length > 0) throw new ConfigError(problems);
}

function contradictions(options: object): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const given = (name: string): unknown => Reflect.get(options, name);
  if (given('connection') !== undefined && given('service') !== undefined)
    problems.push({ key: 'service', found: 'a service and the name of a connection', expected: 'one of the two' });
  for (const name of directoryOnly)
    if (given(name) !== undefined && given('directory') === undefined)
      problems.push({ key: name, found: 'a value and no directory', expected: '"directory" as well, or no value' });
  const settings = given('settings');
  for (const name of reserved)
    if (isObject(settings) && Object.hasOwn(settings, name))
      problems.push({
        key: `settings.${name}`,
        found: 'a value',
        expected: 'none: each batch is one synchronous insert of one block, and the ingest sets its token',
      });
  return problems;
}

/** Returns the options with the defaults. An option that is undefined counts as absent. */
export function limitsOf<Row extends object>(options: IngestOptions<Row>): IngestLimits {
  return { ...ingestDefaults, ...givenOptions(options) };
}
