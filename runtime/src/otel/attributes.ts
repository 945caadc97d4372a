import type { Attributes } from '@opentelemetry/api';
import { errorCodeOf } from '../telemetry/error-code.js';
import type { StatementEvent } from '../telemetry/telemetry.js';

/** Returns the name of a span: the operation, and the table or the database. */
export function spanNameOf({ operation, table, manager }: StatementEvent): string {
  return `${operation} ${table ?? manager.config.database}`;
}

/** Returns the attributes of a statement by the semantic conventions. They contain no SQL. */
export function statementAttributes({ operation, table, endpoint, manager }: StatementEvent): Attributes {
  const { engine, database } = manager.config;
  return {
    'db.system.name': 'clickhouse',
    'db.namespace': database,
    'db.operation.name': operation,
    ...(table !== undefined && { 'db.collection.name': table }),
    ...(engine.kind === 'server' && addressAttributes(endpoint ?? engine.url)),
  };
}

/** Returns the attributes of a failure: the code of ClickHouse if the server returned one, and otherwise that of this package. None for a success. */
export function outcomeAttributes(error: unknown): Attributes {
  const code = errorCodeOf(error);
  if (code === undefined) return {};
  return /^\d+$/.test(code) ? { 'db.response.status_code': code, 'error.type': code } : { 'error.type': code };
}

/** Returns a pool name as an attribute. */
export function poolAttributes(name: string): Attributes {
  return { 'db.client.connection.pool.name': name };
}

function addressAttributes(endpoint: string): Attributes {
  const { hostname, port, protocol } = new URL(endpoint);
  return { 'server.address': hostname.replace(/^\[|\]$/g, ''), 'server.port': Number(port) || (protocol === 'https:' ? 443 : 80) };
}
