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
import { DetachedClient } from '../client/detached-client.js';
import { takeErrorResponse } from '../client/agent.js';
import { raceWithSignal } from '../concurrency/wait.js';
import { ConnectionRecursionError, parseFailure, ServerError, StreamError } from '../errors/index.js';
import { bindMethods } from './bind-methods.js';
import { executeStatement } from './execute.js';
import type { OpenResults } from './open-results.js';
import type { ExecuteStatement, SendAttempt } from './request.js';
import { rejectForeignResponse, sendWrite } from './foreign-response.js';
import { translateBodyErrors, translateConnectionErrors } from './result-errors.js';
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
 * The operations of ClickHouse, with the signatures of the official client, as a type for parameters: any object with these methods fits, also
 * a fake in a test. `insert` and `exec` accept more kinds of values. A server, the embedded engine and the test double implement it.
 */
export type ClickHouseService = Pick<ClickHouseClient, 'query' | 'command' | 'ping' | 'close'> &
  Pick<BodyMethods, 'insert' | 'exec'> &
  AsyncDisposable;

/**
 * A service as this package returns it: also a `ClickHouseClient` of the official package, for its type and for `instanceof`. So it fits
 * where code or a library expects a `ClickHouseClient`.
 */
export interface ManagedClient extends ClickHouseClient {
  /** Inserts rows. Differs from the official client in the kinds of `values`. */
  insert<Row>(params: ServiceInsertParams<Row>): Promise<InsertResult>;
  /** Runs a statement and returns the stream of its result. Differs from the official client in the kinds of `values`. */
  exec(params: ExecParams | ServiceExecParams): ReturnType<Exec>;
  /**
   * Checks the connection. Resolves with `{ success: true }`, or with `{ success: false, error }` for every failure, as the official client
   * does: also if the breaker is open, the queue is full, the signal is aborted or the manager is closed.
   * @throws ConnectionRecursionError inside the creation of the same connection
   */
  ping(params?: PingParams): Promise<PingResult>;
  /** Drains the manager, for ten seconds at most. The service of a session releases the session instead. */
  close(): Promise<void>;
}

type Exec = ClickHouseClient['exec'];
type ExecResult = Awaited<ReturnType<Exec>>;
type Ping = ClickHouseClient['ping'];
type PingParams = NonNullable<Parameters<Ping>[0]>;

/** A service that runs every statement under a permit, until the response body has ended: an unread result still occupies the server. */
export class ManagedService extends DetachedClient implements ManagedClient {
  readonly #run: ExecuteStatement;
  readonly #close: () => Promise<void>;
  readonly #settings: () => Readonly<ClickHouseSettings>;

  /** @param settings returns the settings of the configuration. Those of a statement override them. It never throws. */
  constructor(run: ExecuteStatement, close: () => Promise<void>, settings: () => Readonly<ClickHouseSettings> = () => ({})) {
    super('ClickHouse service');
    this.#run = run;
    this.#close = close;
    this.#settings = settings;
    bindMethods(this);
  }

  override [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Ends the service: see the type that its owner returns. */
  override close(): Promise<void> {
    return this.#close();
  }

  override query<Format extends DataFormat = 'JSON'>(
    params: Parameters<typeof ClickHouseClient.prototype.query<Format>>[0],
  ): Promise<QueryResult<Format>> {
    return this.#run({
      params,
      send: sendQuery<Format>,
      onResult: (result, statement, results) => trackResultSet(result, statement, results, params.format ?? 'JSON'),
      entryPoints: entryPoints.query,
    });
  }

  override insert<T>(params: ServiceInsertParams<T>): Promise<InsertResult> {
    // With progress headers, an error is in the body, which the client discards. An insert reports no progress.
    const ownParams = this.#sendsProgressHeaders(params)
      ? { ...params, clickhouse_settings: { ...params.clickhouse_settings, ...withoutProgress } }
      : params;
    const { values } = params;
    if (isWhole(values)) return this.#run({ params: { ...ownParams, values }, send: sendInsert<T>, entryPoints: entryPoints.insert });
    const input = StreamedValues.of(values, params.format ?? 'JSONCompactEachRow');
    const send = sendBody<ServiceInsertParams<T>, InsertResult>(input, (client, attempt, body, statement) =>
      sendInsert<T>(client, { ...attempt, values: body }, statement),
    );
    return abandonOnFailure(this.#run({ params: ownParams, send, input, entryPoints: entryPoints.insert }), input);
  }

  override command(params: CommandParams): Promise<CommandResult> {
    const send = this.#sendsProgressHeaders(params) ? commandToEnd : sendCommand;
    return this.#run({ params, send, entryPoints: entryPoints.command });
  }

  override exec(params: ExecParams | ServiceExecParams): ReturnType<Exec> {
    const onResult = params.ignore_error_response === true ? trackAnyResponse : trackExecResult;
    if (!('values' in params) || isWhole(params.values))
      return this.#run({ params, send: sendExec, onResult, entryPoints: entryPoints.exec });
    const input = StreamedValues.of(params.values, undefined);
    const send = sendBody<ServiceExecParams, ExecResult>(input, (client, attempt, body, statement) =>
      sendExec(client, { ...attempt, values: body }, statement),
    );
    return abandonOnFailure(this.#run({ params, send, input, onResult, entryPoints: entryPoints.exec }), input);
  }

  /** Resolves with every failure of the ping, as the official client does. @throws ConnectionRecursionError */
  override ping(params: PingParams = { select: false }): Promise<PingResult> {
    return this.#run({ params, send: pingOrThrow, entryPoints: entryPoints.ping }).catch(toPingResult);
  }

  /** Whether the server sends headers before the statement has run. An error is in the body then. */
  #sendsProgressHeaders({ clickhouse_settings }: { readonly clickhouse_settings?: ClickHouseSettings }): boolean {
    const value: unknown = clickhouse_settings?.send_progress_in_http_headers ?? this.#settings().send_progress_in_http_headers;
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

async function sendExec(client: ClickHouseClient, params: ExecParams | Parameters<Exec>[0], statement: Statement): ReturnType<Exec> {
  // The client would fail outside of its promise.
  if ('values' in params && params.values !== undefined) assertChunk(params.values);
  const result = await client.exec(params);
  // The caller takes any response.
  if (params.ignore_error_response !== true) await rejectForeignResponse(result.response_headers, result.stream, statement.facts);
  return result;
}

/** Sends each attempt with a body of its own. It throws the failure of a stream that has failed already. */
function sendBody<Params, Result>(
  input: StreamedValues,
  send: (client: ClickHouseClient, params: Params, body: Readable, statement: Statement) => Promise<Result>,
): SendAttempt<Params, Result> {
  return async (client, params, statement) => send(client, params, input.open(statement.delivery), statement);
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
async function pingOrThrow(client: ClickHouseClient, params: PingParams, statement: Statement): Promise<PingResult> {
  // The path of a ping without a query has no query id, so its request is not observed.
  if (!params.select) statement.ignoreDelivery();
  const result = await client.ping(params);
  if (!result.success) throw result.error;
  return result;
}

/** @throws ConnectionRecursionError, which is a mistake in the program and no failure of the connection */
function toPingResult(error: unknown): PingResult {
  if (error instanceof ConnectionRecursionError) throw error;
  return { success: false, error: error instanceof Error ? error : parseFailure(error) };
}
