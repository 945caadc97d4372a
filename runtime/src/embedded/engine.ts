import type { PingResult } from '@clickhouse/client';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { isMainThread } from 'node:worker_threads';
import { ClickHouseSsotError, EngineMissingError, UnsupportedByBackendError } from '../errors/index.js';
import { isError } from '../errors/is-error.js';
import { importOptional } from '../process/optional-package.js';
import { eventLoop } from '../telemetry/event-loop-monitor.js';
import type { EngineConnection } from './connection.js';
import { serialize } from './serial-connection.js';
import { assertSingleStatement, beginsData } from './single-statement.js';

type ExecParams = Parameters<EngineConnection['exec']>[0];
type ExecResult = Awaited<ReturnType<EngineConnection['exec']>>;

/**
 * Resolves with a connection to the ClickHouse engine inside this process, for the official client's `connection` option. The first call
 * loads the engine, which takes half a second and 150 MB; processes that use a server do not load it.
 * @param dataPath data folder of the engine: one for each process
 * @param database created if it does not exist. Default: `default`.
 * @throws EngineMissingError if `chdb` is not installed or does not work here; UnsupportedByBackendError in a worker thread, or for a
 * second data folder; the engine's error if the database cannot be created
 */
export async function embeddedConnection(dataPath: string, database = 'default'): Promise<EngineConnection> {
  // The engine accepts a worker thread. When the worker closes its connection, the connections of all threads are closed.
  if (!isMainThread)
    throw new UnsupportedByBackendError(
      'The embedded engine',
      'a worker thread',
      'A process has one engine, and only the main thread can use it. Run this in a process of its own (vitest: pool "forks"), or set CLICKHOUSE_URL.',
    );
  const { createChdbConnection } = await eventLoop.expectStall(loadEngine);
  const connect = (): EngineConnection => {
    const connection: unknown = startEngine(() => createChdbConnection({ path: dataPath }), dataPath);
    if (!isConnection(connection)) throw new EngineMissingError('the installed versions of chdb and @clickhouse/client are not compatible');
    return connection;
  };
  const open = async (): Promise<EngineConnection> => {
    const connection = connect();
    try {
      // The first statement starts the engine.
      await connection.command({ query: 'SELECT 1' });
      if (database !== 'default') await useDatabase(connection, database);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  };
  const serial = serialize(await eventLoop.expectStall(open), { connect, open });
  return {
    query: (params) => serial.run(params, (connection, input) => connection.query(input)),
    command: (params) => serial.run(params, (connection, input) => connection.command(input)),
    exec: (params) => serial.run(params, execOne),
    insert: (params) => serial.run(params, (connection, input) => connection.insert(input)),
    ping: (params) =>
      serial.run(params, (connection, input) => connection.command({ ...input, query: 'SELECT 1' })).then(pingSucceeded, pingFailed),
    close: () => serial.close(),
  };
}

/**
 * Runs one statement with its body. The engine appends the body to the SQL, so a semicolon in it would begin a further statement.
 * @throws ClickHouseError 62 for a further statement in the body
 */
async function execOne(connection: EngineConnection, params: ExecParams): Promise<ExecResult> {
  const { query } = params;
  const given: unknown = params.values;
  // HTTP takes bytes as they are, and chDB would iterate over them.
  const values = given instanceof Uint8Array ? Readable.from([given]) : params.values;
  if (values === undefined) return connection.exec(params);
  if (beginsData(query)) return connection.exec({ ...params, values });
  const body = typeof values === 'string' ? values : await text(values);
  assertSingleStatement(`${query}\n${body}`);
  return connection.exec({ ...params, values: Readable.from([body]) });
}

const pingSucceeded = (): PingResult => ({ success: true });

/** Returns an error of the engine as the result of the ping. @throws an error of this package */
function pingFailed(error: unknown): PingResult {
  if (isError(error) && !(error instanceof ClickHouseSsotError)) return { success: false, error };
  throw error;
}

/** The part of `chdb/connection` that this file uses. */
interface EngineModule {
  readonly createChdbConnection: (options: { readonly path: string }) => unknown;
}

const isEngineModule = (value: unknown): value is EngineModule =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'createChdbConnection') === 'function';

async function loadEngine(): Promise<EngineModule> {
  const engine = await importOptional('chdb/connection').catch((error: unknown) => {
    const code = String(codeOf(error));
    if (code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw new EngineMissingError('the installed chdb is too old', error);
    // Node.js names the package if `import` does not find it, and the path if `require` does not.
    if (/^(?:ERR_)?MODULE_NOT_FOUND$/.test(code) && /'chdb(?:\/connection)?'/.test(String(error)))
      throw new EngineMissingError('chdb is not installed', error);
    throw new EngineMissingError(`chdb does not load: ${String(error)}`, error);
  });
  if (!isEngineModule(engine)) throw new EngineMissingError('the installed chdb has no function createChdbConnection');
  return engine;
}

/** Starts the engine and translates its errors. A process has one data folder: the engine rejects a second one only at its start. */
function startEngine<Connection>(create: () => Connection, dataPath: string): Connection {
  try {
    return create();
  } catch (error) {
    if (String(error).includes('one active data directory per process'))
      throw new UnsupportedByBackendError(
        'The embedded engine',
        `a second data folder (${dataPath}) in one process`,
        'Close the first with `await closeClickHouse()`, or use one dataPath everywhere.',
        error,
      );
    throw new EngineMissingError(`it does not start with the data folder ${dataPath}: ${String(error)}`, error);
  }
}

/** Creates and selects the database. For a server, the database is part of each request; here it is state of the connection. */
async function useDatabase(connection: EngineConnection, database: string): Promise<void> {
  const name = `\`${database.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
  await connection.command({ query: `CREATE DATABASE IF NOT EXISTS ${name}` });
  await connection.command({ query: `USE ${name}` });
}

/** Whether the value fulfils the connection contract. The client marks the contract as experimental, so it is checked at run time. */
function isConnection(value: unknown): value is EngineConnection {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['ping', 'query', 'insert', 'command', 'exec', 'close'].every((method) => typeof Reflect.get(value, method) === 'function')
  );
}

function codeOf(error: unknown): unknown {
  return isError(error) && 'code' in error ? error.code : undefined;
}
