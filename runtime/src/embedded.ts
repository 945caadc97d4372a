import type { createClient } from '@clickhouse/client';
import { EngineMissingError, UnsupportedByBackendError } from './errors.js';

type ClientConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>;

/** What a statement may ask of a server and the engine would silently ignore. */
const unsupported = ['session_id', 'auth', 'role'];

/**
 * A connection to the ClickHouse engine inside this process, for the client's `connection` option.
 * The engine is loaded at the first call: half a second and 150 MB that nobody pays who uses a server.
 * @throws EngineMissingError where `chdb` is not installed, or cannot be used here
 */
export async function embeddedConnection(dataPath: string, database = 'default'): Promise<ClientConnection> {
  const { createChdbConnection } = await loadEngine();
  const connection: unknown = open(() => createChdbConnection({ path: dataPath }), dataPath);
  if (!isConnection(connection)) throw new EngineMissingError('the installed chdb and @clickhouse/client do not fit together');
  if (database !== 'default') await useDatabase(connection, database);
  const inTurn = laneOf(connection);
  return {
    query: (params) => inTurn(params, (given) => connection.query(given)),
    command: (params) => inTurn(params, (given) => connection.command(given)),
    exec: (params) => inTurn(params, (given) => connection.exec(given)),
    insert: (params) => inTurn(params, (given) => connection.insert(given)),
    ping: (params) => connection.ping(params),
    close: () => connection.close(),
  };
}

async function loadEngine() {
  try {
    return await import('chdb/connection');
  } catch (error) {
    if (codeOf(error) === 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw new EngineMissingError('the installed chdb is too old', error);
    if (codeOf(error) === 'ERR_MODULE_NOT_FOUND' && String(error).includes("'chdb'")) throw new EngineMissingError('chdb is not installed', error);
    throw new EngineMissingError(`chdb does not load: ${String(error)}`, error);
  }
}

/** The engine holds one data folder per process, and says so only when asked for a second one. */
function open<Connection>(create: () => Connection, dataPath: string): Connection {
  try {
    return create();
  } catch (error) {
    if (String(error).includes('one active data directory per process')) throw new UnsupportedByBackendError('The embedded engine', `a second data folder (${dataPath}) in one process`, 'Close the first with `await closeClickHouse()`, or use one dataPath everywhere.', error);
    throw new EngineMissingError(`it does not start with the data folder ${dataPath}: ${String(error)}`, error);
  }
}

/** On a server the database is part of each request; here it is state of the connection, and nobody has created it. */
async function useDatabase(connection: ClientConnection, database: string): Promise<void> {
  const name = `\`${database.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
  await connection.command({ query: `CREATE DATABASE IF NOT EXISTS ${name}` });
  await connection.command({ query: `USE ${name}` });
}

interface Settings {
  readonly clickhouse_settings?: object | undefined;
}

/** The engine runs one statement after the other, and keeps the settings of each for all that follow: so they are taken back before the next one. */
function laneOf(connection: ClientConnection) {
  let kept: readonly string[] = [];
  let last: Promise<unknown> = Promise.resolve();
  return <Params extends Settings, Result>(params: Params, send: (params: Params) => Promise<Result>): Promise<Result> => {
    const turn = last.then(async () => {
      const given = Object.keys(supported(params).clickhouse_settings ?? {});
      const foreign = kept.filter((name) => !given.includes(name) && /^\w+$/.test(name));
      kept = given;
      if (foreign.length > 0) await connection.command({ query: `SET ${foreign.map((name) => `${name} = DEFAULT`).join(', ')}` });
      return send(params);
    });
    last = turn.catch(() => undefined);
    return turn;
  };
}

function supported<Params extends object>(params: Params): Params {
  const asked = new Map<string, unknown>(Object.entries(params));
  for (const feature of unsupported)
    if (asked.get(feature) !== undefined) throw new UnsupportedByBackendError('The embedded engine', feature, 'Set CLICKHOUSE_URL to run this on a server.');
  return params;
}

/** The client marks its connection contract as experimental, so what comes is looked at and not believed. */
function isConnection(value: unknown): value is ClientConnection {
  return typeof value === 'object' && value !== null && ['ping', 'query', 'insert', 'command', 'exec', 'close'].every((method) => typeof Reflect.get(value, method) === 'function');
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
