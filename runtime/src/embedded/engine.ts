import type { PingResult } from '@clickhouse/client';
import { isMainThread } from 'node:worker_threads';
import { ClickHouseSsotError, EngineMissingError, UnsupportedByBackendError } from '../errors/index.js';
import type { EngineConnection } from './connection.js';
import { serialize } from './serial-connection.js';

/**
 * A connection to the ClickHouse engine inside this process, for the client's `connection` option.
 * The engine is loaded at the first call: half a second and 150 MB that nobody pays who uses a server.
 * @throws EngineMissingError where `chdb` is not installed, or cannot be used here; UnsupportedByBackendError in a worker thread, or for a second data folder
 */
export async function embeddedConnection(dataPath: string, database = 'default'): Promise<EngineConnection> {
  // It lets a thread in, and when that closes its connection those of all others are gone.
  if (!isMainThread)
    throw new UnsupportedByBackendError(
      'The embedded engine',
      'a worker thread',
      'There is one in a process, for the main thread. Run this in a process of its own (vitest: pool "forks"), or set CLICKHOUSE_URL.',
    );
  const { createChdbConnection } = await loadEngine();
  const connect = (): EngineConnection => {
    const connection: unknown = started(() => createChdbConnection({ path: dataPath }), dataPath);
    if (!isConnection(connection)) throw new EngineMissingError('the installed chdb and @clickhouse/client do not fit together');
    return connection;
  };
  const open = async (): Promise<EngineConnection> => {
    const connection = connect();
    try {
      if (database !== 'default') await useDatabase(connection, database);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  };
  const lane = serialize(await open(), { connect, open });
  return {
    query: (params) => lane.run(params, (connection, given) => connection.query(given)),
    command: (params) => lane.run(params, (connection, given) => connection.command(given)),
    exec: (params) => lane.run(params, (connection, given) => connection.exec(given)),
    insert: (params) => lane.run(params, (connection, given) => connection.insert(given)),
    ping: (params) =>
      lane.run(params, (connection, given) => connection.command({ ...given, query: 'SELECT 1' })).then(answered, notAnswered),
    close: () => lane.close(),
  };
}

const answered = (): PingResult => ({ success: true });

/** What the engine says against it is its answer; what this side refuses is thrown. */
function notAnswered(error: unknown): PingResult {
  if (error instanceof Error && !(error instanceof ClickHouseSsotError)) return { success: false, error };
  throw error;
}

async function loadEngine() {
  try {
    return await import('chdb/connection');
  } catch (error) {
    if (codeOf(error) === 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw new EngineMissingError('the installed chdb is too old', error);
    if (codeOf(error) === 'ERR_MODULE_NOT_FOUND' && String(error).includes("'chdb'"))
      throw new EngineMissingError('chdb is not installed', error);
    throw new EngineMissingError(`chdb does not load: ${String(error)}`, error);
  }
}

/** The engine holds one data folder per process, and says so only when asked for a second one. */
function started<Connection>(create: () => Connection, dataPath: string): Connection {
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

/** On a server the database is part of each request; here it is state of the connection, and nobody has created it. */
async function useDatabase(connection: EngineConnection, database: string): Promise<void> {
  const name = `\`${database.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
  await connection.command({ query: `CREATE DATABASE IF NOT EXISTS ${name}` });
  await connection.command({ query: `USE ${name}` });
}

/** The client marks its connection contract as experimental, so what comes is looked at and not believed. */
function isConnection(value: unknown): value is EngineConnection {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['ping', 'query', 'insert', 'command', 'exec', 'close'].every((method) => typeof Reflect.get(value, method) === 'function')
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
