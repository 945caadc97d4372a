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
import { raceWithSignal } from '../concurrency/wait.js';
import { ServerError, StatementError, StreamError } from '../errors/index.js';
import { executeStatement } from './execute.js';
import type { ExecuteStatement, SendAttempt } from './request.js';
import { translateBodyErrors } from './result-errors.js';
import { trackBody, trackResultSet } from './result-lifecycle.js';
import type { Statement } from './statement.js';
import {
  assertChunk,
  type BodyMethods,
  isWhole,
  type ServiceExecParams,
  type ServiceInsertParams,
  StreamedValues,
} from './streamed-values.js';

/**
 * The operations of ClickHouse, with the signatures of the official client: to migrate, change the import. `insert` and `exec` accept more
 * kinds of values.
 * A server, the embedded engine and the test double implement it.
 */
export type ClickHouseService = Pick<ClickHouseClient, 'query' | 'command' | 'ping' | 'close'> &
  Pick<BodyMethods, 'insert' | 'exec'> &
  AsyncDisposable;

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
      onResult: (result, statement) => trackResultSet(result, statement, params.format ?? 'JSON'),
      entryPoints: entryPoints.query,
    });
  }

  insert<T>(params: ServiceInsertParams<T>): Promise<InsertResult> {
    // With progress headers, an error is in the body, which the client discards. An insert reports no progress.
    const ownParams = this.#sendsProgressHeaders(params)
      ? { ...params, clickhouse_settings: { ...params.clickhouse_settings, ...withoutProgress } }
      : params;
    const { values } = params;
    if (isWhole(values)) return this.run({ params: { ...ownParams, values }, send: sendInsert<T>, entryPoints: entryPoints.insert });
    const input = StreamedValues.of(values, params.format ?? 'JSONCompactEachRow');
    const send = sendBody<ServiceInsertParams<T>, InsertResult>(input, (client, attempt, body) =>
      client.insert<T>({ ...attempt, values: body }),
    );
    return abandonOnFailure(this.run({ params: ownParams, send, input, entryPoints: entryPoints.insert }), input);
  }

  command(params: CommandParams): Promise<CommandResult> {
    const send = this.#sendsProgressHeaders(params) ? commandToEnd : sendCommand;
    return this.run({ params, send, entryPoints: entryPoints.command });
  }

  exec(params: ExecParams | ServiceExecParams): ReturnType<Exec> {
    if (!('values' in params) || isWhole(params.values))
      return this.run({ params, send: sendExec, onResult: trackExecResult, entryPoints: entryPoints.exec });
    const input = StreamedValues.of(params.values, undefined);
    const send = sendBody<ServiceExecParams, ExecResult>(input, (client, attempt, body) => client.exec({ ...attempt, values: body }));
    return abandonOnFailure(this.run({ params, send, input, onResult: trackExecResult, entryPoints: entryPoints.exec }), input);
  }

  /**
   * Resolves with the error of a server or the network, as the official client does. @throws errors of this process, such as QueueFullError
   */
  ping(params: PingParams = { select: false }): Promise<PingResult> {
    return this.run({ params, send: pingOrThrow, entryPoints: entryPoints.ping }).catch(toPingResult);
  }

  /** Whether the server sends headers before the statement has run. An error is in the body then. */
  #sendsProgressHeaders({ clickhouse_settings }: { readonly clickhouse_settings?: ClickHouseSettings }): boolean {
    return (clickhouse_settings?.send_progress_in_http_headers ?? this.settings.send_progress_in_http_headers) === 1;
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
): Promise<QueryResult<Format>> {
  return client.query<Format>(params);
}

function sendInsert<T>(client: ClickHouseClient, params: InsertParams<Readable, T>): Promise<InsertResult> {
  return client.insert<T>(params);
}

async function sendExec(client: ClickHouseClient, params: ExecParams): ReturnType<Exec> {
  // The client would fail outside of its promise.
  if ('values' in params && params.values !== undefined) assertChunk(params.values);
  return client.exec(params);
}

/** Sends each attempt with a body of its own. It throws the failure of a stream that has failed already. */
function sendBody<Params, Result>(
  input: StreamedValues,
  send: (client: ClickHouseClient, params: Params, body: Readable) => Promise<Result>,
): SendAttempt<Params, Result> {
  return async (client, params, { delivery }) => send(client, params, input.open(delivery));
}

/** Leaves the caller's stream in the state that README.md promises when the statement fails. */
async function abandonOnFailure<Result>(result: Promise<Result>, input: StreamedValues): Promise<Result> {
  try {
    return await result;
  } catch (error) {
    input.abandon(error);
    throw error;
  }
}

function trackExecResult(result: ExecResult, statement: Statement): ExecResult {
  translateBodyErrors(result.stream, statement, result.response_headers);
  trackBody(result.stream, statement);
  return result;
}

function sendCommand(client: ClickHouseClient, params: CommandParams, statement: Statement): Promise<CommandResult> {
  const result = client.command(params);
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
async function pingOrThrow(client: ClickHouseClient, params: PingParams, statement: Statement): Promise<PingResult> {
  // The path of a ping without a query has no query id, so its request is not observed.
  if (!params.select) statement.ignoreDelivery();
  const result = await client.ping(params);
  if (!result.success) throw result.error;
  return result;
}

function toPingResult(error: unknown): PingResult {
  if (error instanceof StatementError) return { success: false, error };
  throw error;
}
