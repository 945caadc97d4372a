import { randomUUID } from 'node:crypto';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import type { Admission } from './breaker.js';
import type { Target } from './endpoint.js';
import { type ClickHouseSsotError, parseFailure } from './errors.js';
import type { Host } from './generation.js';
import { type Effect, effectOf, healthOf } from './outcome.js';
import { retry, type RetryPolicy } from './retry.js';
import type { Statement } from './statement.js';

export interface StatementParams {
  readonly abort_signal?: AbortSignal;
  readonly clickhouse_settings?: ClickHouseSettings;
  readonly query?: string;
  readonly query_id?: string;
  readonly values?: unknown;
}

export type Send<Params, Result> = (client: ClickHouseClient, params: Params, statement: Statement) => Promise<Result>;

/**
 * Sends a statement until it is answered or nothing speaks for sending it again: past the breaker of an endpoint, to another endpoint
 * if there is one, each time under a query id of its own, so that none can be taken for another.
 * @throws one of our errors, with how often it was tried
 */
export function attempt<Params extends StatementParams, Result>(params: Params, statement: Statement, host: Host, policy: RetryPolicy, send: Send<Params, Result>): Promise<Result> {
  const tried = new Set<Target>();
  let endpoint = host.next(tried);
  let last: ClickHouseSsotError | undefined;
  const once = async (number: number): Promise<Result> => {
    if (number > 1) endpoint = host.next(tried);
    tried.add(endpoint);
    const queryId = params.query_id === undefined || number === 1 ? (params.query_id ?? randomUUID()) : `${params.query_id}.${number}`;
    const admission = admitted(endpoint, last);
    try {
      const client = endpoint.client ?? (await endpoint.connect(statement.interrupted));
      statement.sent({ endpoint: endpoint.url, queryId, sql: params.query });
      const result = await send(client, { ...params, query_id: queryId, ...(statement.isInterruptible && { abort_signal: statement.interrupted }) }, statement);
      admission?.succeeded();
      return result;
    } catch (error) {
      const failure = parseFailure(statement.failure ?? error, statement.facts);
      settle(admission, failure);
      last = failure;
      throw failure;
    }
  };
  return retry(once, {
    policy,
    budget: endpoint.budget,
    signal: statement.isInterruptible ? statement.interrupted : undefined,
    deadline: statement.deadline,
    isElsewhere: () => !tried.has(host.next(tried)),
    get effect() {
      return effectOfParams(params);
    },
  });
}

/** Whose earlier attempt may have arrived is told of that one: that a further one was turned away says nothing of it. */
function admitted({ breaker }: Target, last: ClickHouseSsotError | undefined): Admission | undefined {
  try {
    return breaker?.admit();
  } catch (error) {
    throw last ?? error;
  }
}

/** An endpoint that nothing was heard of has neither succeeded nor failed. */
function settle(admission: Admission | undefined, failure: ClickHouseSsotError): void {
  if (!admission) return;
  const health = healthOf(failure);
  if (health === 'failing') admission.failed(failure);
  else if (health === 'alive') admission.succeeded();
  else admission.ignored();
}

/** An insert has values and no SQL; a statement with both sends what it may not have a second time; a ping has neither. */
function effectOfParams({ query, values, clickhouse_settings }: StatementParams): Effect {
  if (query === undefined) return values === undefined ? 'read' : effectOf({ values }, clickhouse_settings);
  return values === undefined ? effectOf({ sql: query }) : 'streamed write';
}
