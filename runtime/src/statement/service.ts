import type {
  ClickHouseClient,
  ClickHouseSettings,
  CommandParams,
  CommandResult,
  DataFormat,
  ExecParams,
  InsertParams,
  InsertResult,
  PingResult,
  QueryResult,
} from '@clickhouse/client';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { EntryPoint, EntryPoints } from '../concurrency/call-site.js';
import { takeErrorResponse } from '../client/agent.js';
import { raceWithSignal } from '../concurrency/wait.js';
import { ServerError, StatementError, StreamError } from '../errors/index.js';
import { executeStatement } from './execute.js';
import type { OpenResults } from './open-results.js';
import type { ExecuteStatement } from './request.js';
import { rejectForeignResponse, sendWrite } from './foreign-response.js';
import { translateBodyErrors, translateConnectionErrors } from './result-errors.js';
import { trackBody, trackResultSet } from './result-lifecycle.js';
import type { Statement } from './statement.js';

/**
 * The operations of ClickHouse, with the signatures of the official client: to migrate, change the import.
 * A server, the embedded engine and the test double implement it.
 */
export type ClickHouseService = Pick<ClickHouseClient, 'query' | 'insert' | 'command' | 'exec' | 'ping' | 'close'> & AsyncDisposable;

type Exec = ClickHouseClient['exec'];
type ExecResult = Awaited<ReturnType<Exec>>;
type Ping = ClickHouseClient['ping'];
type PingParams = NonNullable<Parameters<Ping>[0]>;

/** A service that runs every statement under a permit, until the response body has ended: an unread result still occupies the server. */
export class ManagedService implements ClickHouseService {
  constructor(
    protected readonly run: ExecuteStatement,
    readonly close: () => Promise<void>,
    /** The settings of the configuration. Those of a statement override them. */
    private readonly settings: Readonly<ClickHouseSettings> = {},
  ) {}

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  query<Format extends DataFormat = 'JSON'>(
    params: Parameters<typeof ClickHouseClient.prototype.query<Format>>[0],
  ): Promise<QueryResult<Format>> {
    return this.run({
      params,
      send: sendQuery<Format>,
      onResult: (result, statement, results) => trackResultSet(result, statement, results, params.format ?? 'JSON'),
      entryPoints: entryPoints.query,
    });
  }

  insert<T>(params: InsertParams<Readable, T>): Promise<InsertResult> {
    // With progress headers, an error is in the body, which the client discards. An insert reports no progress.
    const ownParams = this.#sendsProgressHeaders(params)
      ? { ...params, clickhouse_settings: { ...params.clickhouse_settings, ...withoutProgress } }
      : params;
    return this.run({ params: ownParams, send: sendInsert<T>, entryPoints: entryPoints.insert });
  }

  command(params: CommandParams): Promise<CommandResult> {
    const send = this.#sendsProgressHeaders(params) ? commandToEnd : sendCommand;
    return this.run({ params, send, entryPoints: entryPoints.command });
  }

  exec(params: ExecParams | Parameters<Exec>[0]): ReturnType<Exec> {
    return this.run({
      params,
      send: sendExec,
      onResult: params.ignore_error_response === true ? trackAnyResponse : trackExecResult,
      entryPoints: entryPoints.exec,
    });
  }

  /**
   * Resolves with the error of a server or the network, as the official client does. @throws errors of this process, such as QueueFullError
   */
  ping(params: PingParams = { select: false }): Promise<PingResult> {
    return this.run({ params, send: pingOrThrow, entryPoints: entryPoints.ping }).catch(toPingResult);
  }

  /** Whether the server sends headers before the statement has run. An error is in the body then. */
  #sendsProgressHeaders({ clickhouse_settings }: { readonly clickhouse_settings?: ClickHouseSettings }): boolean {
    const value: unknown = clickhouse_settings?.send_progress_in_http_headers ?? this.settings.send_progress_in_http_headers;
    // Callers in JavaScript also write `'1'` and `true`, which the client sends as 1.
    return value === 1 || value === '1' || value === true || value === 'true';
  }
}

const methods: Readonly<Record<'query' | 'insert' | 'command' | 'exec' | 'ping', EntryPoint>> = ManagedService.prototype;

/** A method is on the stack until the first `await`, and `executeStatement` after it. */
const entryPoints = {
  query: [methods.query, executeStatement],
  insert: [methods.insert, executeStatement],
  command: [methods.command, executeStatement],
  exec: [methods.exec, executeStatement],
  ping: [methods.ping, executeStatement],
} satisfies Record<keyof typeof methods, EntryPoints>;

const withoutProgress = { send_progress_in_http_headers: 0 } as const;

function sendQuery<Format extends DataFormat>(
  client: ClickHouseClient,
  params: Parameters<typeof ClickHouseClient.prototype.query<Format>>[0],
  statement: Statement,
): Promise<QueryResult<Format>> {
  return client.query<Format>(params).then((result) => {
    // The client declares the body private, so it may be absent in another version.
    const body: unknown = Reflect.get(result, '_stream');
    return rejectForeignResponse(result.response_headers, body, statement.facts) ?? result;
  });
}

function sendInsert<T>(client: ClickHouseClient, params: InsertParams<Readable, T>, statement: Statement): Promise<InsertResult> {
  return sendWrite(statement.facts, () => client.insert<T>(params));
}

function sendExec(client: ClickHouseClient, params: ExecParams | Parameters<Exec>[0], statement: Statement): ReturnType<Exec> {
  const result = client.exec(params);
  // The caller takes any response.
  if (params.ignore_error_response === true) return result;
  return result.then((received) => rejectForeignResponse(received.response_headers, received.stream, statement.facts) ?? received);
}

function trackExecResult(result: ExecResult, statement: Statement, results: OpenResults): ExecResult {
  translateBodyErrors(result.stream, statement, result.response_headers);
  trackBody(result.stream, statement, results)?.trackStream(result.stream);
  return result;
}

/** Tracks a response that may be an error of the server, which the caller reads as it is. */
function trackAnyResponse(result: ExecResult, statement: Statement, results: OpenResults): ExecResult {
  takeErrorResponse(statement.facts.queryId);
  translateConnectionErrors(result.stream, statement);
  trackBody(result.stream, statement, results)?.trackStream(result.stream);
  return result;
}

function sendCommand(client: ClickHouseClient, params: CommandParams, statement: Statement): Promise<CommandResult> {
  const send = () => client.command(params);
  // The caller takes any response.
  const result = params.ignore_error_response === true ? send() : sendWrite(statement.facts, send);
  // The client ignores an abort after the headers, and would wait for the end of the body.
  return statement.isInterruptible ? raceWithSignal(statement.signal, result) : result;
}

/** Runs a command with progress headers. Its error is in the body, which `client.command()` would discard. */
async function commandToEnd(client: ClickHouseClient, params: CommandParams, statement: Statement): Promise<CommandResult> {
  const { stream, ...result } = await client.exec(params);
  try {
    translateBodyErrors(stream, statement, result.response_headers);
    statement.setBody(stream);
    await finished(stream.resume());
  } catch (error) {
    // No rows were delivered, so this is an error of the statement and not of a result.
    throw error instanceof StreamError && error.cause instanceof ServerError ? error.cause : error;
  }
  return result;
}

/** Throws the error of a ping inside the attempt, so that breaker, retry and refreshed credentials apply to it. */
async function pingOrThrow(client: ClickHouseClient, params: PingParams): Promise<PingResult> {
  const result = await client.ping(params);
  if (!result.success) throw result.error;
  return result;
}

function toPingResult(error: unknown): PingResult {
  if (error instanceof StatementError) return { success: false, error };
  throw error;
}
