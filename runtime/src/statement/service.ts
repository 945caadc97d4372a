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
import type { ExecuteStatement } from './execute.js';
import { ServerError, StatementError, StreamError } from '../errors/index.js';
import { trackResultSet, trackBody } from './result-lifecycle.js';
import { raceWithSignal } from '../concurrency/wait.js';
import { translateBodyErrors } from './result-errors.js';
import type { Statement } from './statement.js';

/**
 * What services ask of ClickHouse, in the official client's own shapes: changing the import is the migration.
 * A server, the embedded engine and a test double all stand behind it.
 */
export type ClickHouseService = Pick<ClickHouseClient, 'query' | 'insert' | 'command' | 'exec' | 'ping' | 'close'> & AsyncDisposable;

type Exec = ClickHouseClient['exec'];
type Ping = ClickHouseClient['ping'];

/** A permit is held until the response body ends, not until its headers come: an unread result still occupies the server. */
export class ManagedService implements ClickHouseService {
  constructor(
    protected readonly run: ExecuteStatement,
    readonly close: () => Promise<void>,
    /** Of every statement that does not say otherwise. */
    private readonly settings: Readonly<ClickHouseSettings> = {},
  ) {}

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  query<Format extends DataFormat = 'JSON'>(
    params: Parameters<typeof ClickHouseClient.prototype.query<Format>>[0],
  ): Promise<QueryResult<Format>> {
    return this.run(
      params,
      (client, given) => client.query<Format>(given),
      (result, statement) => trackResultSet(result, statement, params.format ?? 'JSON'),
    );
  }

  insert<T>(params: InsertParams<Readable, T>): Promise<InsertResult> {
    // Progress in headers would hide how it ended, and an insert has none.
    const quiet = this.#sendsProgressHeaders(params)
      ? { ...params, clickhouse_settings: { ...params.clickhouse_settings, ...withoutProgress } }
      : params;
    return this.run(quiet, (client, given) => client.insert<T>(given));
  }

  command(params: CommandParams): Promise<CommandResult> {
    return this.run(params, (client, given, statement) => {
      if (this.#sendsProgressHeaders(given)) return readToEnd(client, given, statement);
      const answer = client.command(given);
      // The client hears of nothing any more once it has headers, and would wait for the end of a body that nobody wants.
      return statement.isInterruptible ? raceWithSignal(statement.signal, answer) : answer;
    });
  }

  exec(params: ExecParams | Parameters<Exec>[0]): ReturnType<Exec> {
    return this.run(
      params,
      (client, given) => client.exec(given),
      (result, statement) => {
        translateBodyErrors(result.stream, statement, result.response_headers);
        trackBody(result.stream, statement);
        return result;
      },
    );
  }

  /** Headers that tell of progress go out before the statement has run: how it ended is in the body then, which the client throws away. */
  #sendsProgressHeaders({ clickhouse_settings }: { readonly clickhouse_settings?: ClickHouseSettings }): boolean {
    return (clickhouse_settings?.send_progress_in_http_headers ?? this.settings.send_progress_in_http_headers) === 1;
  }

  /** What a server or the network says against it is its answer, as with the official client; what this side refuses is thrown. */
  ping(params: NonNullable<Parameters<Ping>[0]> = { select: false }): Promise<PingResult> {
    return this.run(params, pingOrThrow).catch(toPingResult);
  }
}

const withoutProgress = { send_progress_in_http_headers: 0 } as const;

async function readToEnd(client: ClickHouseClient, params: CommandParams, statement: Statement): Promise<CommandResult> {
  const { stream, ...result } = await client.exec(params);
  try {
    translateBodyErrors(stream, statement, result.response_headers);
    statement.setBody(stream);
    await finished(stream.resume());
  } catch (error) {
    // Nothing was delivered that could have broken off.
    throw error instanceof StreamError && error.cause instanceof ServerError ? error.cause : error;
  }
  return result;
}

/** Fails inside, where breakers, repetition and new credentials belong to it as to any statement. */
async function pingOrThrow(client: ClickHouseClient, params: NonNullable<Parameters<Ping>[0]>): Promise<PingResult> {
  const answer = await client.ping(params);
  if (!answer.success) throw answer.error;
  return answer;
}

function toPingResult(error: unknown): PingResult {
  if (error instanceof StatementError) return { success: false, error };
  throw error;
}
