import { anyObject, anyText, findOptionProblems, type OptionRules } from '../config/validate-options.js';
import { ConfigError } from '../errors/setup.js';
import { parseFailure } from '../errors/parse.js';
import { ClickHouseSsotError } from '../errors/base.js';
import { isAuthenticationError, isServerError } from '../errors/predicates.js';
import type { ClickHouseService } from '../statement/service.js';

/** The expected shape of one table. */
export interface TableExpectation {
  /** Name of the table engine, or all valid names: ClickHouse Cloud replaces `MergeTree` by `SharedMergeTree`. Default: any engine. */
  readonly engine?: string | readonly string[] | undefined;
  /** Types by column name, as in `system.columns`. The table may have further columns. Default: no column is checked. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
}

/** What the service expects of ClickHouse. */
export interface DependencyExpectations {
  /** Oldest valid version, such as `24.3`. Only the given parts are compared. Default: any version. */
  readonly minimumVersion?: string | undefined;
  /** Tables by name: `table` in the database of the service, or `database.table`. Default: none. */
  readonly tables?: Readonly<Record<string, TableExpectation>> | undefined;
}

const rules: OptionRules<DependencyExpectations> = { minimumVersion: anyText, tables: anyObject };
const tableRules: OptionRules<TableExpectation> = {
  engine: { expected: 'text or a list', accepts: (value) => typeof value === 'string' || Array.isArray(value) },
  columns: anyObject,
};

/** @throws ConfigError with every unknown or invalid expectation: a misspelled one would check nothing */
function assertExpectations(expectations: DependencyExpectations): void {
  const problems = findOptionProblems('', rules, expectations);
  if (problems.length === 0)
    for (const [name, table] of Object.entries(expectations.tables ?? {}))
      problems.push(...findOptionProblems(`tables.${name}`, tableRules, table));
  if (problems.length > 0) throw new ConfigError(problems);
}

/** The result of one check. */
export type DependencyCheck =
  | {
      /** Name of the check: `reachable`, `authenticated`, `query`, `version` or `table <name>`. */
      readonly check: string;
      /** The expectation is met. */
      readonly status: 'ok';
    }
  | {
      /** Name of the check: `reachable`, `authenticated`, `query`, `version` or `table <name>`. */
      readonly check: string;
      /** The expectation is not met. */
      readonly status: 'failed';
      /** What was found. */
      readonly found: string;
      /** What was expected. */
      readonly expected: string;
      /** What to do, in sentences. */
      readonly remedy: string;
      /** The error of the statement, if there was one. */
      readonly cause?: unknown;
    }
  | {
      /** Name of the check: `reachable`, `authenticated`, `query`, `version` or `table <name>`. */
      readonly check: string;
      /** The check did not run. */
      readonly status: 'skipped';
      /** Why it did not run, such as `"reachable" failed`. */
      readonly reason: string;
    };

/** The results of all checks. */
export interface DependencyReport {
  /** Whether every check is `ok`. */
  readonly ok: boolean;
  /** All checks in their order. A failed check of the connection skips the checks after it. */
  readonly checks: readonly DependencyCheck[];
}

/**
 * ClickHouse does not meet the expectations of the service. Thrown by `assertDependencies`. `cause` is the first error of a check.
 * The checks only read. Retryable: no.
 */
export class DependencyError extends ClickHouseSsotError {
  static override readonly kind = 'DependencyError';

  constructor(
    /** The results of all checks. */
    readonly checks: readonly DependencyCheck[],
  ) {
    super('DEPENDENCY_FAILED', formatFailures(checks), {
      cause: checks.map((check) => (check.status === 'failed' ? check.cause : undefined)).find((cause) => cause !== undefined),
    });
  }

  override toJSON(): Record<string, unknown> {
    const checks = this.checks.map(loggable);
    return { ...super.toJSON(), message: formatFailures(checks), checks };
  }
}

function formatFailures(checks: readonly DependencyCheck[]): string {
  const lines = checks.flatMap((check) =>
    check.status === 'failed'
      ? [`  ${check.check}: found ${check.found.replace(/\.$/, '')}, expected ${check.expected}. ${check.remedy}`]
      : [],
  );
  return `ClickHouse does not meet the expectations of this service:\n${lines.join('\n')}`;
}

/** Returns the check without the message of the server, which quotes SQL. */
function loggable(check: DependencyCheck): DependencyCheck {
  if (check.status !== 'failed' || !(check.cause instanceof ClickHouseSsotError)) return check;
  const cause = check.cause.toJSON();
  return { ...check, found: String(cause['message']), cause };
}

/**
 * Checks whether ClickHouse is reachable, accepts the credentials, runs a statement, is new enough and has the tables. Resolves with the
 * report. Does not throw for a failed check.
 * @throws ConfigError if an expectation is unknown or invalid
 */
export async function validateDependencies(
  service: Pick<ClickHouseService, 'query'>,
  expectations: DependencyExpectations = {},
): Promise<DependencyReport> {
  assertExpectations(expectations);
  const { minimumVersion, tables = {} } = expectations;
  const names = Object.keys(tables);
  const laterChecks = [...(minimumVersion === undefined ? [] : ['version']), ...names.map((name) => `table ${name}`)];
  const read = async (query: string): Promise<readonly Row[]> => (await service.query({ query, format: 'JSONEachRow' })).json<Row>();
  try {
    const [server] = await read('SELECT version() AS version, currentDatabase() AS database');
    const { version = '', database = '' } = server ?? {};
    const catalogue =
      names.length === 0
        ? new Map<string, FoundTable>()
        : await readCatalogue(
            read,
            names.some((name) => name.includes('.')),
          );
    const checks: DependencyCheck[] = connectionChecks.map((check) => ({ check, status: 'ok' }));
    if (minimumVersion !== undefined) checks.push(checkVersion(version, minimumVersion));
    for (const [name, expected] of Object.entries(tables))
      checks.push(checkTable(name, expected, catalogue.get(`${database}.${name}`) ?? catalogue.get(name)));
    return { ok: checks.every(({ status }) => status === 'ok'), checks };
  } catch (error) {
    return { ok: false, checks: failedConnection(parseFailure(error), laterChecks) };
  }
}

/**
 * Runs the checks of `validateDependencies` at the start of a service.
 * @throws DependencyError with every failed check
 */
export async function assertDependencies(
  service: Pick<ClickHouseService, 'query'>,
  expectations: DependencyExpectations = {},
): Promise<void> {
  const { ok, checks } = await validateDependencies(service, expectations);
  if (!ok) throw new DependencyError(checks);
}

type Row = Readonly<Record<string, string>>;

interface FoundTable {
  readonly engine: string;
  readonly columns: Map<string, string>;
}

const unknownDatabase = 81;

const connectionChecks = ['reachable', 'authenticated', 'query'] as const;

/**
 * Resolves with the tables by `database.name`. The statements are constant, since servers before 19.14 bind no parameters: the names of the
 * expected tables never become SQL.
 */
async function readCatalogue(read: (query: string) => Promise<readonly Row[]>, allDatabases: boolean): Promise<Map<string, FoundTable>> {
  const where = allDatabases ? "database != 'system'" : 'database = currentDatabase()';
  const catalogue = new Map<string, FoundTable>();
  for (const { database, name, engine } of await read(`SELECT database, name, engine FROM system.tables WHERE ${where}`))
    catalogue.set(`${String(database)}.${String(name)}`, { engine: String(engine), columns: new Map() });
  for (const { database, table, name, type } of await read(`SELECT database, table, name, type FROM system.columns WHERE ${where}`))
    catalogue.get(`${String(database)}.${String(table)}`)?.columns.set(String(name), String(type));
  return catalogue;
}

/** Derives the failed check from the error: an error of the server proves that it was reachable. */
function failedConnection(failure: ClickHouseSsotError, laterChecks: readonly string[]): readonly DependencyCheck[] {
  const failed = isAuthenticationError(failure) ? 1 : isServerError(failure) ? 2 : 0;
  const remedies = [
    'Check CLICKHOUSE_URL, the network, and whether the server runs.',
    'Check CLICKHOUSE_USER and CLICKHOUSE_PASSWORD.',
    isServerError(failure, unknownDatabase)
      ? 'Create the database, or check CLICKHOUSE_DATABASE.'
      : 'Check the error of the server and the rights of the user.',
  ];
  const reason = `"${connectionChecks[failed]}" failed`;
  return [...connectionChecks, ...laterChecks].map((check, step) => {
    if (step < failed) return { check, status: 'ok' };
    if (step > failed) return { check, status: 'skipped', reason };
    return {
      check,
      status: 'failed',
      found: failure.message,
      expected: 'a successful response',
      remedy: String(remedies[failed]),
      cause: failure,
    };
  });
}

function checkVersion(found: string, minimum: string): DependencyCheck {
  const foundParts = found.split('.').map(Number);
  const difference =
    minimum
      .split('.')
      .map((part, index) => (foundParts[index] ?? 0) - Number(part))
      .find((partDifference) => partDifference !== 0) ?? 0;
  // Not `< 0`: a version that is not a number is not new enough.
  return difference >= 0
    ? { check: 'version', status: 'ok' }
    : {
        check: 'version',
        status: 'failed',
        found,
        expected: `${minimum} or newer`,
        remedy: 'Upgrade the server, or correct minimumVersion.',
      };
}

function checkTable(name: string, { engine, columns = {} }: TableExpectation, found: FoundTable | undefined): DependencyCheck {
  const check = `table ${name}`;
  if (!found)
    return {
      check,
      status: 'failed',
      found: 'no such table that is visible to this user',
      expected: 'a table',
      remedy: 'Run the migrations, check CLICKHOUSE_DATABASE, or grant SHOW TABLES to the user.',
    };
  const engines = engine === undefined ? [found.engine] : typeof engine === 'string' ? [engine] : engine;
  const wrong = Object.entries(columns).filter(([column, type]) => found.columns.get(column) !== type);
  if (engines.includes(found.engine) && wrong.length === 0) return { check, status: 'ok' };
  const isEngineWrong = !engines.includes(found.engine);
  const list = (engineText: string, typeOf: (column: string, type: string) => string) =>
    [...(isEngineWrong ? [`engine ${engineText}`] : []), ...wrong.map(([column, type]) => `column ${column} ${typeOf(column, type)}`)].join(
      ', ',
    );
  return {
    check,
    status: 'failed',
    found: list(found.engine, (column) => found.columns.get(column) ?? 'missing'),
    expected: list(engines.join(' or '), (_, type) => type),
    remedy: 'Run the migrations, or correct the expectations of the service.',
  };
}
