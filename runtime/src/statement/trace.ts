import { channel } from 'node:diagnostics_channel';
import { parseFailure, type StatementFacts } from '../errors/index.js';
import { operationOf } from '../telemetry/operation.js';
import { labelOfTable } from '../telemetry/table-label.js';
import type { ObservedManager, StatementEvent } from '../telemetry/telemetry.js';
import type { ExecuteStatement } from './request.js';

const [startChannel, endChannel, retryChannel] = [
  channel('clickhouse-ssot:statement:start'),
  channel('clickhouse-ssot:statement:end'),
  channel('clickhouse-ssot:statement:retry'),
];

/** Returns `run`, which also publishes start, retry and end of each statement as long as one of these channels has subscribers. */
export function traceStatement(run: ExecuteStatement, manager: ObservedManager): ExecuteStatement {
  return (request) => {
    if (!startChannel.hasSubscribers && !endChannel.hasSubscribers && !retryChannel.hasSubscribers) return run(request);
    const { params, send, onResult } = request;
    const trace = new StatementTrace(manager, params);
    startChannel.publish(trace);
    const settled = run({
      ...request,
      send: (client, ownParams, statement) => trace.attempt(statement.facts, () => send(client, ownParams, statement)),
      onResult:
        onResult &&
        ((result, statement, results) => {
          statement.onEnd = (failure) => trace.end(failure);
          return onResult(result, statement, results);
        }),
    });
    // The end is published before the caller's promise settles.
    return settled.then(
      (result) => {
        if (!onResult) trace.end(undefined);
        return result;
      },
      (error: unknown) => {
        trace.end(error);
        throw error;
      },
    );
  };
}

/** The event of one statement: subscribers get the same object in each of its events. */
class StatementTrace implements StatementEvent {
  readonly operation: string;
  readonly table: string | undefined;
  readonly #startedAt = performance.now();
  #durationMs: number | undefined;
  #failedAt = 0;
  waitedMs: number | undefined;
  attempts = 0;
  endpoint: string | undefined;
  queryId: string | undefined;
  failure: unknown;

  constructor(
    readonly manager: ObservedManager,
    params: object,
  ) {
    this.table = 'table' in params ? labelOfTable(String(params.table)) : undefined;
    if (this.table !== undefined) this.operation = 'INSERT';
    else if ('query' in params) this.operation = operationOf(String(params.query));
    else this.operation = 'PING';
  }

  get durationMs(): number {
    return this.#durationMs ?? performance.now() - this.#startedAt;
  }

  /** Sends one attempt. Publishes a retry unless it is the first one. @throws the error of `send` */
  async attempt<Result>({ endpoint, queryId }: StatementFacts, send: () => Promise<Result>): Promise<Result> {
    this.endpoint = endpoint;
    this.queryId = queryId;
    this.waitedMs ??= this.durationMs;
    if (++this.attempts > 1) retryChannel.publish({ statement: this, failure: this.failure, pauseMs: performance.now() - this.#failedAt });
    try {
      return await send();
    } catch (error) {
      this.failure = parseFailure(error, { endpoint });
      this.#failedAt = performance.now();
      throw error;
    }
  }

  /** Publishes the end, once: after the failure of a body, a read of the body fails as well. */
  end(failure: unknown): void {
    if (this.#durationMs !== undefined) return;
    this.#durationMs = this.durationMs;
    this.failure = failure;
    endChannel.publish(this);
  }
}
