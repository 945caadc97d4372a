import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import { takeErrorResponse } from '../client/agent.js';
import type { BreakerCall } from '../resilience/circuit-breaker.js';
import { killQuery } from './kill-query.js';
import { AbortedError, type ClickHouseSsotError, parseFailure, TimeoutError, UnclassifiedError } from '../errors/index.js';
import { DeadlineExceededError, StatementTerminatedError } from '../errors/interruption.js';
import type { EndpointSelector, AttemptTarget } from './routing.js';
import { type Effect, classifyEffect, endpointSignal, outcomeOf } from '../errors/outcome.js';
import { retry, type RetryPolicy } from '../resilience/retry.js';
import { eventLoop } from '../telemetry/event-loop-monitor.js';
import type { Statement } from './statement.js';

export interface StatementParams {
  readonly abort_signal?: AbortSignal;
  readonly clickhouse_settings?: ClickHouseSettings;
  readonly query?: string;
  readonly query_id?: string;
  readonly values?: unknown;
}

export type SendAttempt<Params, Result> = (client: ClickHouseClient, params: Params, statement: Statement) => Promise<Result>;

/**
 * Sends a statement until it is answered or nothing speaks for sending it again: past the breaker of an endpoint, to another endpoint
 * if there is one, each time under a query id of its own, so that none can be taken for another.
 * @throws one of our errors, with how often it was tried
 */
export function executeWithRetry<Params extends StatementParams, Result>(
  params: Params,
  statement: Statement,
  host: EndpointSelector,
  policy: RetryPolicy,
  send: SendAttempt<Params, Result>,
): Promise<Result> {
  const first = host.next(none);
  first.budget.deposit();
  return sendAttempt(first, params, statement, send, params.query_id ?? randomUUID(), undefined, (failure) => {
    // Who was aborted, cut or late hears of it at once. And most statements need nothing of what it takes to repeat one.
    if (statement.failure) throw statement.failure;
    return retryFrom(failure, first, params, statement, host, policy, send);
  });
}

const none: ReadonlySet<AttemptTarget> = new Set();

function retryFrom<Params extends StatementParams, Result>(
  failure: ClickHouseSsotError,
  first: AttemptTarget,
  params: Params,
  statement: Statement,
  host: EndpointSelector,
  policy: RetryPolicy,
  send: SendAttempt<Params, Result>,
): Promise<Result> {
  const tried = new Set([first]);
  let last = failure;
  const again = async (number: number): Promise<Result> => {
    if (number === 1) throw failure;
    const target = host.next(tried);
    tried.add(target);
    return sendAttempt(
      target,
      params,
      statement,
      send,
      params.query_id === undefined ? randomUUID() : `${params.query_id}.${number}`,
      last,
      (failure) => {
        last = failure;
        throw failure;
      },
    );
  };
  return retry(again, {
    effect: effectOfParams(params),
    policy,
    budget: first.budget,
    // A drain ends a pause, whoever pauses.
    signal: statement.signal,
    deadline: statement.deadline,
    isElsewhere: () => !tried.has(host.next(tried)),
  });
}

/** `last`: what became of the attempt before. */
async function sendAttempt<Params extends StatementParams, Result>(
  target: AttemptTarget,
  params: Params,
  statement: Statement,
  send: SendAttempt<Params, Result>,
  query_id: string,
  last: ClickHouseSsotError | undefined,
  otherwise: (failure: ClickHouseSsotError) => Promise<Result>,
): Promise<Result> {
  const since = eventLoop.beginWatch();
  let admission: BreakerCall | undefined;
  let client: ClickHouseClient | undefined;
  try {
    admission = admitToBreaker(target, last);
    if (!target.client) statement.markQueued();
    client = target.client ?? (await target.connect(statement.signal));
    statement.markSent({ endpoint: target.url, queryId: query_id, sql: params.query });
    // Not by spreading: a spread with something after it takes ten times as long.
    const given = Object.assign({}, params, statement.isInterruptible ? { query_id, abort_signal: statement.signal } : { query_id });
    const result = await send(client, given, statement);
    admission?.succeeded();
    return result;
  } catch (error) {
    const { facts } = statement;
    const failure = isInputStreamError(error, params.values, facts.endpoint)
      ? new UnclassifiedError(error, facts)
      : parseFailure(statement.failure ?? error, { ...facts, ...takeErrorResponse(facts.queryId) });
    recordResult(admission, failure, since);
    statement.attemptFailed(outcomeOf(failure));
    // The embedded engine sees to it itself.
    if (client && shouldKill(failure) && target.config.engine.kind === 'server') killQuery(client, query_id);
    return await otherwise(failure);
  }
}

/** Whose earlier attempt may have arrived is told of that one: that a further one was turned away says nothing of it. */
function admitToBreaker({ breaker }: AttemptTarget, last: ClickHouseSsotError | undefined): BreakerCall | undefined {
  try {
    return breaker?.admit();
  } catch (error) {
    throw last ?? error;
  }
}

/** An endpoint that nothing was heard of has neither succeeded nor failed, and one that nobody listened to has not failed. */
function recordResult(admission: BreakerCall | undefined, failure: ClickHouseSsotError, since: number): void {
  if (!admission) return;
  const health = endpointSignal(failure);
  if (health === 'failing' && !eventLoop.hasStalledSince(since)) admission.failed(failure);
  else if (health === 'healthy') admission.succeeded();
  else admission.ignored();
}

/**
 * Did what the caller inserts fail, and not what it is sent over? Both end with the same error, so this is said of whatever does not name the
 * server as where it could not connect to.
 */
function isInputStreamError(error: unknown, values: unknown, endpoint: string | undefined): error is Error {
  if (!(values instanceof Readable) || !(error instanceof Error) || values.errored !== error || endpoint === undefined) return false;
  const { hostname, port } = new URL(endpoint);
  const isPort = 'port' in error && String(error.port) === port;
  return !isPort && !('hostname' in error && error.hostname === hostname);
}

/** Nobody waits for it any more, and the server does not know that. */
function shouldKill(failure: ClickHouseSsotError): boolean {
  return [AbortedError, DeadlineExceededError, StatementTerminatedError, TimeoutError].some((type) => failure instanceof type);
}

/** An insert has values and no SQL; a statement with both sends what it may not have a second time; a ping has neither. */
export function effectOfParams({ query, values, clickhouse_settings }: StatementParams): Effect {
  if (query === undefined) return values === undefined ? 'read' : classifyEffect({ values }, clickhouse_settings);
  return values === undefined ? classifyEffect({ sql: query }) : 'streamed-write';
}
