import type { ClickHouseClient, CommandParams, CommandResult, DataFormat, ExecParams, InsertParams, InsertResult, PingResult, QueryResult } from '@clickhouse/client';
import type { Readable } from 'node:stream';
import { heldResult, watchBody } from './held-results.js';

/**
 * What services ask of ClickHouse, in the official client's own shapes: changing the import is the migration.
 * A server, the embedded engine and a test double all stand behind it.
 */
export type ClickHouseService = Pick<ClickHouseClient, 'query' | 'insert' | 'command' | 'exec' | 'ping' | 'close'>;

/** Runs one statement under a permit, which ends with `release` or with a failure. */
export type RunStatement = <Result>(signal: AbortSignal | undefined, statement: (client: ClickHouseClient, release: () => void) => Promise<Result>) => Promise<Result>;

type Exec = ClickHouseClient['exec'];
type Ping = ClickHouseClient['ping'];

/** A permit is held until the response body ends, not until its headers come: an unread result still occupies the server. */
export class ManagedService implements ClickHouseService {
  constructor(
    private readonly run: RunStatement,
    readonly close: () => Promise<void>,
  ) {}

  query<Format extends DataFormat = 'JSON'>(params: Parameters<typeof ClickHouseClient.prototype.query<Format>>[0]): Promise<QueryResult<Format>> {
    return this.run(params.abort_signal, async (client, release) => heldResult(await client.query<Format>(params), release));
  }

  insert<T>(params: InsertParams<Readable, T>): Promise<InsertResult> {
    return this.#runToEnd(params.abort_signal, (client) => client.insert<T>(params));
  }

  command(params: CommandParams): Promise<CommandResult> {
    return this.#runToEnd(params.abort_signal, (client) => client.command(params));
  }

  exec(params: ExecParams | Parameters<Exec>[0]): ReturnType<Exec> {
    return this.run(params.abort_signal, async (client, release) => {
      const result = await client.exec(params);
      watchBody(result.stream, release);
      return result;
    });
  }

  ping(params?: Parameters<Ping>[0]): Promise<PingResult> {
    return this.#runToEnd(params?.abort_signal, (client) => client.ping(params));
  }

  #runToEnd<Result>(signal: AbortSignal | undefined, statement: (client: ClickHouseClient) => Promise<Result>): Promise<Result> {
    return this.run(signal, async (client, release) => {
      const result = await statement(client);
      release();
      return result;
    });
  }
}
