import type {
  ClickHouseClient,
  ClickHouseSettings,
  CommandParams,
  CommandResult,
  DataFormat,
  ExecParams,
  InsertResult,
  PingResult,
  QueryResult,
} from '@clickhouse/client';
import type { EntryPoint, EntryPoints } from '../concurrency/call-site.js';
import { DetachedClient } from '../client/detached-client.js';
import { bindMethods } from './bind-methods.js';
import { executeStatement } from './execute.js';
import { sendsProgressHeaders, withoutProgressHeaders } from './progress-headers.js';
import type { ExecuteStatement } from './request.js';
import { trackResultSet } from './result-lifecycle.js';
import {
  commandToEnd,
  type Exec,
  type ExecResult,
  type PingParams,
  pingOrThrow,
  sendBody,
  sendCommand,
  sendExec,
  sendExecWithWholeBody,
  sendInsert,
  sendQuery,
  toPingResult,
  trackAnyResponse,
  trackExecResult,
} from './send.js';
import { type BodyMethods, isWhole, type ServiceExecParams, type ServiceInsertParams, StreamedValues } from './streamed-values.js';

/**
 * The operations of ClickHouse, with the signatures of the official client. Use it as the type of parameters: a fake in a test needs only
 * these methods. `insert` and `exec` accept more kinds of values. A server, the embedded engine and the test double implement it.
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
   * does: also if the breaker is open, the queue is full, the signal is aborted or the manager is closed. A server answers without checking
   * user and password. `ping({ select: true })` runs a query, which checks them.
   * @throws ConnectionRecursionError inside the creation of the same connection
   */
  ping(params?: PingParams): Promise<PingResult>;
  /** Drains the manager, for ten seconds at most. The service of a session releases the session instead. */
  close(): Promise<void>;
}

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
    const ownParams = withoutProgressHeaders(params, this.#settings());
    const { values } = params;
    if (isWhole(values)) return this.#run({ params: { ...ownParams, values }, send: sendInsert<T>, entryPoints: entryPoints.insert });
    const input = StreamedValues.of(values, params.format ?? 'JSONCompactEachRow');
    const send = sendBody<ServiceInsertParams<T>, InsertResult>(input, (client, attempt, body, statement) =>
      sendInsert<T>(client, { ...attempt, values: body }, statement),
    );
    return abandonOnFailure(this.#run({ params: ownParams, send, input, entryPoints: entryPoints.insert }), input);
  }

  override command(params: CommandParams): Promise<CommandResult> {
    const send = sendsProgressHeaders(params, this.#settings()) ? commandToEnd : sendCommand;
    return this.#run({ params, send, entryPoints: entryPoints.command });
  }

  override exec(params: ExecParams | ServiceExecParams): ReturnType<Exec> {
    const onResult = params.ignore_error_response === true ? trackAnyResponse : trackExecResult;
    if (!('values' in params) || isWhole(params.values))
      return this.#run({ params, send: sendExecWithWholeBody, onResult, entryPoints: entryPoints.exec });
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

/** Leaves the caller's stream in the state that README.md promises when the statement fails. */
async function abandonOnFailure<Result>(result: Promise<Result>, input: StreamedValues): Promise<Result> {
  try {
    return await result;
  } catch (error) {
    input.abandon(error);
    throw error;
  }
}
