import type { ClickHouseClient, CommandParams, CommandResult, DataFormat, ExecParams, InsertParams, InsertResult, PingResult, QueryResult } from '@clickhouse/client';
import type { Readable } from 'node:stream';
import type { ClickHouseConfig } from './config/config.js';
import type { ClickHouseConnectionFactory } from './factory.js';
import { heldResult, once, watched } from './held-results.js';
import { Permits } from './permits.js';
import type { ClickHouseService } from './service.js';

export interface ManagerOptions {
  readonly config: ClickHouseConfig;
  /** The manager constructs nothing and asks no getter: clients come from here and from nowhere else. */
  readonly factory: ClickHouseConnectionFactory;
}

export interface ManagerStats {
  readonly max: number;
  readonly inUse: number;
  readonly waiting: number;
  /** Permits granted since the manager exists. */
  readonly granted: number;
  readonly timedOut: number;
  /** Clients constructed by the factory. */
  readonly created: number;
}

type Exec = ClickHouseClient['exec'];
type Ping = ClickHouseClient['ping'];

/** Hands out the right to run a statement. It pools permits, not clients: a client is one HTTP agent, shared by all. */
export class ClickHouseConnectionManager {
  readonly #permits: Permits;
  /** Runs every statement under a permit. */
  readonly service: ClickHouseService;

  constructor(private readonly options: ManagerOptions) {
    const { maxConcurrentStatements, maxWaitingStatements, acquireTimeoutMs } = options.config;
    this.#permits = new Permits({ max: maxConcurrentStatements, maxWaiting: maxWaitingStatements, acquireTimeoutMs });
    this.service = new ManagedService(this.#permits, () => options.factory.create(options.config), () => this.close());
  }

  get config(): ClickHouseConfig {
    return this.options.config;
  }

  get stats(): ManagerStats {
    const { inUse, waiting, granted, timedOut, limits } = this.#permits;
    return { max: limits.max, inUse, waiting, granted, timedOut, created: this.options.factory.created };
  }

  /** Takes no more statements, refuses who waits, lets running ones finish for `timeoutMs`, then closes the clients under them. */
  async drain({ timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
    this.#permits.close();
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
    await Promise.race([this.#permits.whenIdle(), timeout]);
    clearTimeout(timer);
    await this.options.factory.close();
  }

  /** Drains without patience. */
  close(): Promise<void> {
    return this.drain({ timeoutMs: 0 });
  }
}

/** A permit is held until the response body ends, not until its headers come: an unread result still occupies the server. */
class ManagedService implements ClickHouseService {
  constructor(
    private readonly permits: Permits,
    private readonly connect: () => Promise<ClickHouseClient>,
    readonly close: () => Promise<void>,
  ) {}

  query<Format extends DataFormat = 'JSON'>(params: Parameters<typeof ClickHouseClient.prototype.query<Format>>[0]): Promise<QueryResult<Format>> {
    return this.#hold(params.abort_signal, async (client, release) => heldResult(await client.query<Format>(params), release));
  }

  insert<T>(params: InsertParams<Readable, T>): Promise<InsertResult> {
    return this.#run(params.abort_signal, (client) => client.insert<T>(params));
  }

  command(params: CommandParams): Promise<CommandResult> {
    return this.#run(params.abort_signal, (client) => client.command(params));
  }

  exec(params: ExecParams | Parameters<Exec>[0]): ReturnType<Exec> {
    return this.#hold(params.abort_signal, async (client, release) => {
      const result = await client.exec(params);
      watched(result.stream, release);
      return result;
    });
  }

  ping(params?: Parameters<Ping>[0]): Promise<PingResult> {
    return this.#run(undefined, (client) => client.ping(params));
  }

  #run<Result>(signal: AbortSignal | undefined, statement: (client: ClickHouseClient) => Promise<Result>): Promise<Result> {
    return this.#hold(signal, async (client, release) => {
      const result = await statement(client);
      release();
      return result;
    });
  }

  /** Whoever runs the statement releases when its body has ended; a failure releases here. */
  async #hold<Result>(signal: AbortSignal | undefined, statement: (client: ClickHouseClient, release: () => void) => Promise<Result>): Promise<Result> {
    const permit = this.permits.tryAcquire() ?? (await this.permits.acquire(signal));
    const release = once(() => permit.release());
    try {
      return await statement(await this.connect(), release);
    } catch (error) {
      release();
      throw error;
    }
  }
}
