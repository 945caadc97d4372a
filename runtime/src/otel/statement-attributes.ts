import type { Attributes } from '@opentelemetry/api';
import { parseFailure, ServerError } from '../errors/index.js';
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

/**
 * Returns the attributes of a failure: the ClickHouse code as a string if the server returned one, also in the middle of a result, and
 * otherwise the code of the runtime's error. Returns none for a success.
 */
export function outcomeAttributes(error: unknown): Attributes {
  if (error === undefined) return {};
  const failure = parseFailure(error);
  const serverError = [failure, failure.cause].find((candidate) => candidate instanceof ServerError);
  const code = serverError?.clickhouseCode;
  return code === undefined ? { 'error.type': failure.code } : { 'db.response.status_code': String(code), 'error.type': String(code) };
}

function addressAttributes(endpoint: string): Attributes {
  const { hostname, port, protocol } = new URL(endpoint);
  return { 'server.address': hostname.replace(/^\[|\]$/g, ''), 'server.port': Number(port) || (protocol === 'https:' ? 443 : 80) };
}
