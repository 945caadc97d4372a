import type { createClient } from '@clickhouse/client';
import { EngineMissingError } from './errors.js';

type ClientConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>;

/**
 * A connection to the ClickHouse engine inside this process, for the client's `connection` option.
 * The engine is loaded at the first call: half a second and 150 MB that nobody pays who uses a server.
 * @throws EngineMissingError where `chdb` is not installed or does not speak the client's language
 */
export async function embeddedConnection(dataPath: string): Promise<ClientConnection> {
  const connection: unknown = (await loadEngine()).createChdbConnection({ path: dataPath });
  if (!isConnection(connection)) throw new EngineMissingError(new Error('chdb/connection gave something that is no connection of @clickhouse/client: install matching versions.'));
  return connection;
}

async function loadEngine() {
  try {
    return await import('chdb/connection');
  } catch (error) {
    throw isMissing(error) ? new EngineMissingError(error) : error;
  }
}

/** The client marks its connection contract as experimental, so what comes is looked at and not believed. */
function isConnection(value: unknown): value is ClientConnection {
  return typeof value === 'object' && value !== null && ['ping', 'query', 'insert', 'command', 'exec', 'close'].every((method) => typeof Reflect.get(value, method) === 'function');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND');
}
