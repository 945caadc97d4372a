import type {
  ClickHouseClient,
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
import { takeErrorResponse } from '../client/agent.js';
import { raceWithSignal } from '../concurrency/wait.js';
import { ConnectionRecursionError, parseFailure, ServerError, StreamError } from '../errors/index.js';
import { rejectForeignResponse, sendWrite } from './foreign-response.js';
import type { OpenResults } from './open-results.js';
import type { SendAttempt } from './request.js';
import { translateBodyErrors, translateConnectionErrors } from './result-errors.js';
import { trackBody } from './result-lifecycle.js';
import type { Statement } from './statement.js';
import { assertChunk, type StreamedValues } from './streamed-values.js';

// How each method of the service sends one attempt by the official client, and what becomes of its response.

export type Exec = ClickHouseClient['exec'];
export type ExecResult = Awaited<ReturnType<Exec>>;
export type PingParams = NonNullable<Parameters<ClickHouseClient['ping']>[0]>;

export function sendQuery<Format extends DataFormat>(
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

export function sendInsert<T>(client: ClickHouseClient, params: InsertParams<Readable, T>, statement: Statement): Promise<InsertResult> {
  return sendWrite(statement, () => client.insert<T>(params));
}

/** Sends a statement whose body exists as a whole, or that has none. */
export async function sendExecWithWholeBody(client: ClickHouseClient, params: ExecParams, statement: Statement): ReturnType<Exec> {
  const values: unknown = Reflect.get(params, 'values');
  // The client would fail outside of its promise.
  if (values !== undefined) assertChunk(values);
  return sendExec(client, params, statement);
}

export async function sendExec(client: ClickHouseClient, params: Parameters<Exec>[0], statement: Statement): ReturnType<Exec> {
  const result = await client.exec(params);
  // The caller takes any response.
  if (params.ignore_error_response !== true) await rejectForeignResponse(result.response_headers, result.stream, statement.facts);
  return result;
}

/** Sends each attempt with a body of its own. It throws the failure of a stream that has failed already. */
export function sendBody<Params, Result>(
  input: StreamedValues,
  send: (client: ClickHouseClient, params: Params, body: Readable, statement: Statement) => Promise<Result>,
): SendAttempt<Params, Result> {
  return async (client, params, statement) => send(client, params, input.open(statement.delivery), statement);
}

export function trackExecResult(result: ExecResult, statement: Statement, results: OpenResults): ExecResult {
  translateBodyErrors(result.stream, statement, result.response_headers);
  trackBody(result.stream, statement, results)?.trackStream(result.stream);
  return result;
}

/** Tracks a response that may be an error of the server, which the caller reads as it is. */
export function trackAnyResponse(result: ExecResult, statement: Statement, results: OpenResults): ExecResult {
  takeErrorResponse(statement.facts.queryId);
  translateConnectionErrors(result.stream, statement);
  trackBody(result.stream, statement, results)?.trackStream(result.stream);
  return result;
}

export function sendCommand(client: ClickHouseClient, params: CommandParams, statement: Statement): Promise<CommandResult> {
  const send = () => client.command(params);
  // The caller takes any response.
  const result = params.ignore_error_response === true ? send() : sendWrite(statement, send);
  // The client ignores an abort after the headers, and would wait for the end of the body.
  return statement.isInterruptible ? raceWithSignal(statement.signal, result) : result;
}

/** Runs a command with progress headers. Its error is in the body, which `client.command()` would discard. */
export async function commandToEnd(client: ClickHouseClient, params: CommandParams, statement: Statement): Promise<CommandResult> {
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
export async function pingOrThrow(client: ClickHouseClient, params: PingParams, statement: Statement): Promise<PingResult> {
  // The path of a ping without a query has no query id, so its request is not observed.
  if (!params.select) statement.ignoreDelivery();
  const result = await client.ping(params);
  if (!result.success) throw result.error;
  return result;
}

/** @throws ConnectionRecursionError, which is a mistake in the program and no failure of the connection */
export function toPingResult(error: unknown): PingResult {
  if (error instanceof ConnectionRecursionError) throw error;
  return { success: false, error: error instanceof Error ? error : parseFailure(error) };
}
