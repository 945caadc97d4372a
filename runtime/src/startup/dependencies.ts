import { parseFailure } from '../errors/parse.js';
import { ClickHouseSsotError } from '../errors/base.js';
import { isAuthenticationError, isServerError } from '../errors/predicates.js';
import type { ClickHouseService } from '../statement/service.js';

export interface TableExpectation {
  /** One name, or those that will do: ClickHouse Cloud makes `SharedMergeTree` of `MergeTree`. */
  readonly engine?: string | readonly string[];
  /** Type by name, as `system.columns` writes it. A table may have more columns than these. */
  readonly columns?: Readonly<Record<string, string>>;
}

export interface DependencyExpectations {
  /** `24.3`: the parts that are given are compared. */
  readonly minimumVersion?: string;
  /** By the name of the table in the service's own database, or by `database.table`. */
  readonly tables?: Readonly<Record<string, TableExpectation>>;
}

export type DependencyCheck =
  | { readonly check: string; readonly status: 'ok' }
  | {
      readonly check: string;
      readonly status: 'failed';
      readonly found: string;
      readonly expected: string;
      readonly remedy: string;
      readonly cause?: unknown;
    }
  | { readonly check: string; readonly status: 'skipped'; readonly because: string };

export interface DependencyReport {
  readonly ok: boolean;
  /** In the order in which they build on one another. */
  readonly checks: readonly DependencyCheck[];
}

/** What a service needs from ClickHouse is not there. */
export class DependencyError extends ClickHouseSsotError {
  static override readonly kind = 'DependencyError';

  constructor(readonly checks: readonly DependencyCheck[]) {
    super('DEPENDENCY_FAILED', told(checks), {
      cause: checks.map((check) => (check.status === 'failed' ? check.cause : undefined)).find((cause) => cause !== undefined),
    });
  }

  override toJSON(): Record<string, unknown> {
    const checks = this.checks.map(loggable);
    return { ...super.toJSON(), message: told(checks), checks };
  }
}

function told(checks: readonly DependencyCheck[]): string {
  const lines = checks.flatMap((check) =>
    check.status === 'failed'
      ? [`  ${check.check}: found ${check.found.replace(/\.$/, '')}, expected ${check.expected}. ${check.remedy}`]
      : [],
  );
  return `ClickHouse is not what this service needs:\n${lines.join('\n')}`;
}

/** Without the server's words, which quote SQL. */
function loggable(check: DependencyCheck): DependencyCheck {
  if (check.status !== 'failed' || !(check.cause instanceof ClickHouseSsotError)) return check;
  const cause = check.cause.toJSON();
  return { ...check, found: String(cause['message']), cause };
}

/** Looks whether ClickHouse is reachable, lets us in, answers, is new enough and has the tables. What it finds is told, not thrown. */
export async function validateDependencies(
  service: Pick<ClickHouseService, 'query'>,
  { minimumVersion, tables = {} }: DependencyExpectations = {},
): Promise<DependencyReport> {
  const names = Object.keys(tables);
  const later = [...(minimumVersion === undefined ? [] : ['version']), ...names.map((name) => `table ${name}`)];
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
    const checks: DependencyCheck[] = steps.map((check) => ({ check, status: 'ok' }));
    if (minimumVersion !== undefined) checks.push(checkVersion(version, minimumVersion));
    for (const [name, expected] of Object.entries(tables))
      checks.push(checkTable(name, expected, catalogue.get(`${database}.${name}`) ?? catalogue.get(name)));
    return { ok: checks.every(({ status }) => status === 'ok'), checks };
  } catch (error) {
    return { ok: false, checks: failedEarly(parseFailure(error), later) };
  }
}

/**
 * The same, for the start of a service.
 * @throws DependencyError with everything that is missing
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

const steps = ['reachable', 'authenticated', 'query'] as const;

/** Constant statements, since servers before 19.14 bind no parameters: names are compared here and never become SQL. */
async function readCatalogue(read: (query: string) => Promise<readonly Row[]>, everywhere: boolean): Promise<Map<string, FoundTable>> {
  const where = everywhere ? "database != 'system'" : 'database = currentDatabase()';
  const catalogue = new Map<string, FoundTable>();
  for (const { database, name, engine } of await read(`SELECT database, name, engine FROM system.tables WHERE ${where}`))
    catalogue.set(`${String(database)}.${String(name)}`, { engine: String(engine), columns: new Map() });
  for (const { database, table, name, type } of await read(`SELECT database, table, name, type FROM system.columns WHERE ${where}`))
    catalogue.get(`${String(database)}.${String(table)}`)?.columns.set(String(name), String(type));
  return catalogue;
}

/** Which step failed is read off the failure: a refused password proves that somebody answered. */
function failedEarly(failure: ClickHouseSsotError, later: readonly string[]): readonly DependencyCheck[] {
  const failed = isAuthenticationError(failure) ? 1 : isServerError(failure) ? 2 : 0;
  const remedies = [
    'Look at CLICKHOUSE_URL, at the network, and whether the server runs.',
    'Look at CLICKHOUSE_USER and CLICKHOUSE_PASSWORD.',
    isServerError(failure, unknownDatabase)
      ? 'Create the database, or look at CLICKHOUSE_DATABASE.'
      : 'Look at what the server says, and at the rights of the user.',
  ];
  const because = `"${steps[failed]}" failed`;
  return [...steps, ...later].map((check, step) => {
    if (step < failed) return { check, status: 'ok' };
    if (step > failed) return { check, status: 'skipped', because };
    return { check, status: 'failed', found: failure.message, expected: 'an answer', remedy: String(remedies[failed]), cause: failure };
  });
}

function checkVersion(found: string, minimum: string): DependencyCheck {
  const have = found.split('.').map(Number);
  const difference =
    minimum
      .split('.')
      .map((part, index) => (have[index] ?? 0) - Number(part))
      .find((by) => by !== 0) ?? 0;
  // Not `< 0`: a version that is no number is not new enough either.
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
      found: 'no such table that this user may see',
      expected: 'a table',
      remedy: 'Run the migrations, look at CLICKHOUSE_DATABASE, or grant the user SHOW TABLES.',
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
    remedy: 'Run the migrations, or correct what the service expects.',
  };
}
