import { channel } from 'node:diagnostics_channel';
import type { ExecuteStatement } from './execute.js';
import { parseFailure } from '../errors/index.js';
import type { ObservedManager, StatementEvent } from '../telemetry/telemetry.js';
import { keywordOf } from '../errors/sql-keyword.js';

const [started, ended, repeated] = [
  channel('clickhouse-ssot:statement:start'),
  channel('clickhouse-ssot:statement:end'),
  channel('clickhouse-ssot:statement:retry'),
];

/** The way of a statement, and whoever listens is told of what happens on it. Where nobody does it is the way itself. */
export function traceStatement(run: ExecuteStatement, manager: ObservedManager): ExecuteStatement {
  return (params, send, hold) => {
    if (!started.hasSubscribers && !ended.hasSubscribers && !repeated.hasSubscribers) return run(params, send, hold);
    const trace = new StatementTrace(manager, params);
    started.publish(trace);
    const settled = run(
      params,
      (client, given, statement) => trace.attempt(statement.facts.endpoint, () => send(client, given, statement)),
      hold &&
        ((result, statement) => {
          statement.onEnd = (failure) => trace.end(failure);
          return hold(result, statement);
        }),
    );
    // Before its caller hears of it.
    return settled.then(
      (result) => {
        if (!hold) trace.end(undefined);
        return result;
      },
      (error: unknown) => {
        trace.end(error);
        throw error;
      },
    );
  };
}

class StatementTrace implements StatementEvent {
  readonly operation: string;
  readonly table: string | undefined;
  readonly #startedAt = performance.now();
  #durationMs: number | undefined;
  #failedAt = 0;
  waitedMs: number | undefined;
  attempts = 0;
  endpoint: string | undefined;
  failure: unknown;

  constructor(
    readonly manager: ObservedManager,
    params: object,
  ) {
    this.table = 'table' in params ? String(params.table) : undefined;
    if (this.table !== undefined) this.operation = 'INSERT';
    else if ('query' in params) this.operation = keywordOf(String(params.query)) ?? 'UNKNOWN';
    else this.operation = 'PING';
  }

  get durationMs(): number {
    return this.#durationMs ?? performance.now() - this.#startedAt;
  }

  async attempt<Result>(endpoint: string | undefined, send: () => Promise<Result>): Promise<Result> {
    this.endpoint = endpoint;
    this.waitedMs ??= this.durationMs;
    if (++this.attempts > 1) repeated.publish({ statement: this, failure: this.failure, pauseMs: performance.now() - this.#failedAt });
    try {
      return await send();
    } catch (error) {
      this.failure = parseFailure(error, { endpoint });
      this.#failedAt = performance.now();
      throw error;
    }
  }

  /** The first time counts: a caller that reads a failed body is told what the body was told before. */
  end(failure: unknown): void {
    if (this.#durationMs !== undefined) return;
    this.#durationMs = this.durationMs;
    this.failure = failure;
    ended.publish(this);
  }
}
