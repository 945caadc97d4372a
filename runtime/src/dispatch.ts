import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import type { Host } from './generation.js';
import { callSite, type LeakWatch } from './leaks.js';
import type { Permits } from './permits.js';
import { Statement } from './statement.js';

export interface StatementParams {
  abort_signal?: AbortSignal;
  clickhouse_settings?: ClickHouseSettings;
}

export interface DispatchOptions {
  readonly permits: Permits;
  /** Asked once the permit is there: what served when the wait began may not serve any more. */
  readonly host: () => Host;
  readonly deadlineMs: number | undefined;
  readonly leaks: LeakWatch | undefined;
}

/** A statement's way: permit, connection, request, and, if it has a body, what ends it. */
export type Run = <Params extends StatementParams, Result>(params: Params, send: (client: ClickHouseClient, params: Params, statement: Statement) => Promise<Result>, hold?: (result: Result, statement: Statement) => Result) => Promise<Result>;

export function dispatcher({ permits, host, deadlineMs, leaks }: DispatchOptions): Run {
  return async (params, send, hold) => {
    const site = leaks && callSite();
    const statement = new Statement(params.abort_signal, deadlineMs);
    try {
      // Before the queue: a creation that runs a statement would wait there for the permit of the statement that it is created for.
      host().forbidRecursion();
      const permit = permits.tryAcquire() ?? (await permits.acquire(statement.isInterruptible ? statement.interrupted : undefined));
      statement.holds(leaks && site ? leaks.watched(permit, site) : permit);
      const to = host();
      to.admit(statement);
      const client = to.client ?? (await to.connect(statement.interrupted));
      statement.sent();
      const result = await send(client, statement.isInterruptible ? { ...params, abort_signal: statement.interrupted } : params, statement);
      if (!hold) statement.end(true);
      const held = hold ? hold(result, statement) : result;
      if (hold && statement.failure) throw statement.failure;
      return held;
    } catch (error) {
      statement.end(isAnswer(error));
      throw statement.failure ?? error;
    }
  };
}

/** ClickHouse has said no, by number: so it has done with the statement. */
export function isAnswer(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^\d+$/.test(error.code);
}
