import { randomUUID } from 'node:crypto';
import { setManager } from '../accessor/accessors.js';
import { type ClickHouseOptions, resolveConnection } from '../accessor/connection-options.js';
import { ClickHouseConnectionFactory } from '../client/factory.js';
import { detectEnvironment } from '../config/environment.js';
import { anyBoolean, anyObject, assertOptions, type OptionRules } from '../config/validate-options.js';
import { ConfigError } from '../errors/index.js';
import { ClickHouseConnectionManager } from '../manager/manager.js';
import type { ManagedClient } from '../statement/service.js';
import { type FixtureFile, readFixtures, runFixtures } from './fixtures.js';

/** Options of `createTestDatabase()`. */
export interface TestDatabaseOptions {
  /** Files of SQL statements in UTF-8 that run in the new database, in this order. Paths start at the working directory. Default: none. */
  readonly fixtures?: readonly FixtureFile[] | undefined;
  /** The connection, as in `clickHouse()`. Default: the environment; without a server there, the embedded engine. */
  readonly connection?: Omit<ClickHouseOptions, 'database'> | undefined;
  /**
   * Whether code under test uses the database by the accessors and by `clickHouse()` without options, or with the name of `connection` if
   * that has one. Default: false.
   */
  readonly asDefault?: boolean | undefined;
  /** Start of the database's name: at most 100 letters, digits and underscores. Default: `test_`. */
  readonly prefix?: string | undefined;
}

/** A database of one test or of one test file. */
export interface TestDatabase extends AsyncDisposable {
  /** Name of the database, which no other call gets. */
  readonly name: string;
  /** Runs statements in the database. */
  readonly service: ManagedClient;
  /** Runs further files of SQL statements. @throws ConfigError for a file that cannot be read or sent; an Error with file and line for a statement that failed */
  load(...files: readonly FixtureFile[]): Promise<void>;
  /** Drops the database and closes its connection. Repeated calls are harmless. `await using` does the same. @throws the error of DROP DATABASE */
  drop(): Promise<void>;
}

const rules: OptionRules<TestDatabaseOptions> = {
  fixtures: {
    expected: 'a list of paths or file URLs',
    accepts: (value) => Array.isArray(value) && value.every((file) => typeof file === 'string' || file instanceof URL),
  },
  connection: anyObject,
  asDefault: anyBoolean,
  prefix: {
    expected: 'at most 100 letters, digits and underscores, not beginning with a digit',
    // The name of the database is a part of names of files, which have at most 255 bytes.
    accepts: (value) => typeof value === 'string' && /^[A-Za-z_]\w{0,99}$/.test(value),
  },
};

/**
 * Creates a database with a name of its own, and runs the fixtures in it. It needs no test runner: call it in a hook or in a test, and call
 * `drop()` at the end. The first database of a process loads the embedded engine, and each further one takes milliseconds.
 * @throws ConfigError if an option or the configuration is invalid, in the environment `production`, or for a file that cannot be read or sent;
 * ManagerAlreadySetError with `asDefault` if the connection is in use; an Error with file and line for a statement that failed; the errors
 * of a statement
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  assertOptions('createTestDatabase', rules, options);
  const { fixtures = [], connection = {}, asDefault = false, prefix = 'test_' } = options;
  const name = `${prefix}${Date.now().toString(36)}_${randomUUID().slice(0, 8)}`;
  const factory = new ClickHouseConnectionFactory();
  const manager = managerOf({ ...connection, database: name }, factory);
  assertNoProduction(connection, manager);
  const toRun = await readFixtures(fixtures);
  let dropped: Promise<void> | undefined;
  const database: TestDatabase = {
    name,
    service: manager.service,
    load: async (...files) => runFixtures(manager.service, await readFixtures(files)),
    drop: () => (dropped ??= drop(manager, connection, name)),
    [Symbol.asyncDispose]: () => database.drop(),
  };
  if (asDefault) setManager(manager, factory, connection.connection, 'createTestDatabase({ asDefault: true })');
  try {
    // The embedded engine creates the database when it connects.
    if (manager.config.engine.kind === 'server') await runInOtherDatabase(connection, `CREATE DATABASE ${name}`);
    await manager.warmUp();
    await runFixtures(manager.service, toRun);
  } catch (error) {
    await database.drop().catch(() => undefined);
    throw error;
  }
  return database;
}

function managerOf(options: ClickHouseOptions, factory = new ClickHouseConnectionFactory()): ClickHouseConnectionManager {
  const { config, managerOptions } = resolveConnection(options);
  return new ClickHouseConnectionManager({ ...managerOptions, config, factory });
}

/** @throws ConfigError if the environment is production: that of the code, else that of the variables */
function assertNoProduction({ env, environment: named }: ClickHouseOptions, { config }: ClickHouseConnectionManager): void {
  // With `env: false`, the configuration has the environment `development`, also if the process runs in production.
  const detected = env === false && named === undefined ? detectEnvironment(process.env) : undefined;
  const { environment, evidence } = detected ?? { environment: config.environment, evidence: config.provenance['environment'] };
  if (environment !== 'production') return;
  const expected =
    'development, test or staging, since a test database is created and dropped. Set NODE_ENV=test, or `environment` in `connection`';
  throw new ConfigError([{ key: 'environment', found: `production (${evidence})`, expected }]);
}

/** The code under test may have closed the connection. */
async function drop(manager: ClickHouseConnectionManager, connection: ClickHouseOptions, name: string): Promise<void> {
  const query = `DROP DATABASE IF EXISTS ${name}`;
  try {
    if (manager.state === 'open') await manager.service.command({ query });
    else await runInOtherDatabase(connection, query);
  } finally {
    await manager.close();
  }
}

/** Runs a statement in the database of the configuration. A server rejects requests in a database that does not exist. */
async function runInOtherDatabase(connection: ClickHouseOptions, query: string): Promise<void> {
  const manager = managerOf(connection);
  try {
    await manager.service.command({ query });
  } finally {
    await manager.close();
  }
}
